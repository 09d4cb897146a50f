/* Two extensions of the rich-text editor. A study shows as a chip with its name, and is stored as [@key]; what is unknown,
   and a link that leads nowhere, is marked where it stands and named below the field. */

import { Node, Plugin, pm } from "django-prose-editor/editor";
import { addressProblem, fact } from "editor/facts";

const CITATION = /\[@([^\]\s<>]{1,80})\]/g;
const chips = new Set(); // the elements that stand for studies
const views = new Set(); // the editors on this page

export const unknownStudy = (key) => `There is no study “${key}”.`;

/* Text that was loaded, typed or pasted as [@key] becomes a chip. */
function chipped(state, type) {
  const found = [];
  state.doc.descendants((node, at) => {
    for (const match of node.isText ? node.text.matchAll(CITATION) : []) { found.push([at + match.index, match]); }
  });
  if (!found.length) { return null; }
  const change = state.tr;
  for (const [at, match] of found.reverse()) { change.replaceWith(at, at + match[0].length, type.create({ key: match[1] })); }
  return change;
}

function dress(chip) {
  const row = fact("studies", chip.dataset.study);
  chip.classList.toggle("is-unknown", row === null);
  chip.textContent = row ? row.short : row === null ? `Unknown study: ${chip.dataset.study}` : "Study…";
  chip.title = row ? [row.words, row.note].filter(Boolean).join(" · ") : row === null ? unknownStudy(chip.dataset.study) : "";
}

function deadLinks(doc) {
  const found = [];
  doc.descendants((node, at) => {
    const link = node.marks.find((mark) => mark.type.name === "link");
    const problem = link && addressProblem(link.attrs.href || "");
    if (problem) { found.push({ from: at, to: at + node.nodeSize, problem }); }
  });
  return found;
}

function marked(doc) {
  const all = deadLinks(doc).map(({ from, to, problem }) => pm.view.Decoration.inline(from, to, { class: "dead-link", title: problem }));
  return pm.view.DecorationSet.create(doc, all);
}

function problems(doc) {
  const found = deadLinks(doc).map((one) => one.problem);
  doc.descendants((node) => {
    if (node.type.name === "citation" && fact("studies", node.attrs.key) === null) { found.push(unknownStudy(node.attrs.key)); }
  });
  return [...new Set(found)];
}

/* The line below a field that says what is wrong in it. */
export function tellProblems(field, found) {
  let line = field.parentNode.querySelector(".field-problems");
  if (!line && found.length) {
    line = document.createElement("p");
    line.className = "field-problems";
    line.setAttribute("role", "status");
    field.after(line);
  }
  if (line && line.textContent !== found.join(" ")) { line.textContent = found.join(" "); }
}

function checking() {
  return new Plugin({
    state: {
      init: (config, state) => marked(state.doc),
      apply: (change, before) => (change.docChanged || change.getMeta("facts") ? marked(change.doc) : before)
    },
    props: { decorations(state) { return this.getState(state); } },
    view(view) {
      views.add(view);
      const tell = () => tellProblems(view.dom.closest(".prose-editor"), problems(view.state.doc));
      return {
        update: (now, before) => { if (now.state.doc !== before.doc || now.factsChanged) { now.factsChanged = false; tell(); } },
        destroy: () => views.delete(view)
      };
    }
  });
}

export const Citation = Node.create({
  name: "citation",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => ({ key: { default: "", parseHTML: (element) => element.dataset.study, renderHTML: () => ({}) } }),
  parseHTML: () => [{ tag: "span[data-study]" }],
  renderHTML: ({ node }) => ["span", { "data-study": node.attrs.key }, `[@${node.attrs.key}]`],
  renderText: ({ node }) => `[@${node.attrs.key}]`,
  addNodeView() {
    return ({ node }) => {
      const dom = document.createElement("span");
      dom.className = "study-chip";
      dom.dataset.study = node.attrs.key;
      chips.add(dom);
      dress(dom);
      return { dom, ignoreMutation: () => true, destroy: () => chips.delete(dom) };
    };
  },
  onCreate() {
    const change = chipped(this.editor.state, this.type);
    if (change) { this.editor.view.dispatch(change.setMeta("addToHistory", false).setMeta("preventUpdate", true)); } // nobody typed
  },
  addProseMirrorPlugins() {
    const type = this.type;
    return [checking(), new Plugin({
      appendTransaction: (changes, before, state) => (changes.some((one) => one.docChanged) ? chipped(state, type) : null)
    })];
  }
});

document.addEventListener("facts:known", () => {
  chips.forEach(dress);
  for (const view of views) {
    view.factsChanged = true;
    view.dispatch(view.state.tr.setMeta("facts", true).setMeta("addToHistory", false));
  }
});
