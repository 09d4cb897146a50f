/* Studies and places are chosen, not typed from memory: “[@” offers studies, “[[” and Ctrl+K places to link to. */

import { editorOf, say } from "editor/block";
import { combobox } from "editor/combobox";
import { asAddress, learn } from "editor/facts";

const BEGUN = /\[(@|\[)([^\]\[@]{0,60})$/; // what stands right before the cursor
const KINDS = { "@": "studies", "[": "links" };
const TITLES = { studies: "Cite a study", links: "Link to a page, a heading or another site" };
const NOT_AN_ADDRESS = { links: (words) => { const href = asAddress(words); return href && { value: href, words: href, note: "Another site, or a way to write or ring" }; } };

/* The dialog is loaded when it is first wanted. */
async function pick(kind, options) {
  return (await import("editor/picker")).pick(kind, options);
}

let begun = null; // {field, length}: where somebody has begun, and how many signs

export function proseOf(target) {
  const wrapper = target && target.closest(".prose-editor");
  return wrapper ? editorOf(wrapper.querySelector("textarea")) : null;
}

function textBefore(target) {
  const editor = proseOf(target);
  if (!editor) { return target.value.slice(0, target.selectionStart); }
  const { $from } = editor.state.selection;
  return $from.parent.textBetween(0, $from.parentOffset, " ", " ");
}

/* Below the cursor; in a plain field, below the field. */
function place(field, list) {
  const editor = proseOf(field);
  const box = field.getBoundingClientRect();
  const at = editor ? editor.view.coordsAtPos(editor.state.selection.from) : { left: box.left, bottom: box.bottom };
  const widest = document.documentElement.clientWidth - list.offsetWidth - 8;
  list.style.left = `${Math.max(8, Math.min(at.left, widest))}px`;
  list.style.top = `${at.bottom + 6}px`;
}

const box = combobox({
  label: "Suggestions",
  say,
  ready: place,
  extra: (words) => (begun && proseOf(begun.field) && !words.startsWith("@") && NOT_AN_ADDRESS.links(words)) || null,
  take: (row, kind) => put(begun.field, kind, row, begun.length),
  add: async (kind, words) => {
    const { field, length } = begun;
    const row = await pick(kind, { title: TITLES[kind], words, adding: true });
    if (row) { put(field, kind, row, length); } else { field.focus(); }
  }
});
box.list.classList.add("choices-floating");
document.querySelector("main").append(box.list);

function typed(event) {
  const target = event.target;
  if (!target.matches || !target.matches(".ProseMirror, .inline-related textarea, .inline-related input[type=text]")) { return; }
  const match = BEGUN.exec(textBefore(target));
  if (!match || (match[1] === "[" && !proseOf(target))) { return box.hide(); }
  begun = { field: target, length: match[0].length };
  box.type(target, KINDS[match[1]], match[1] === "@" && !match[2].includes("/") ? match[2].replace(/-/g, " ") : match[2]);
}

/* Puts what was chosen at the cursor, in place of the last `length` signs. */
export function put(field, kind, row, length = 0) {
  const editor = proseOf(field);
  if (kind === "studies") { learn("studies", row); }
  if (!editor) {
    const end = field.selectionStart;
    field.setRangeText(`[@${row.value}]`, end - length, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    return;
  }
  const { from, to, empty } = editor.state.selection;
  const chain = editor.chain().focus();
  if (kind === "studies") {
    chain.deleteRange({ from: to - length, to }).insertContent({ type: "citation", attrs: { key: row.value } }).run();
  } else if (!empty && row.value) {
    chain.extendMarkRange("link").setMark("link", { href: row.value }).run();
  } else {
    const marks = row.value ? [{ type: "link", attrs: { href: row.value } }] : [];
    chain.deleteRange({ from: from - length, to }).insertContent([{ type: "text", text: row.words, marks }]).unsetMark("link").run();
  }
}

/* The editor hears of a moved cursor a moment after the browser has moved it. A quick key comes in between. */
function readCursor(editor) {
  const { anchorNode, anchorOffset, focusNode, focusOffset } = document.getSelection();
  if (!editor.view.dom.contains(anchorNode) || !editor.view.dom.contains(focusNode)) { return; }
  const ends = [editor.view.posAtDOM(anchorNode, anchorOffset), editor.view.posAtDOM(focusNode, focusOffset)];
  editor.commands.setTextSelection({ from: Math.min(...ends), to: Math.max(...ends) });
}

/* From a button or a key: the same choice in a dialog. */
export async function choose(field, kind) {
  const editor = proseOf(field);
  if (editor) { readCursor(editor); }
  const { from, to } = editor ? editor.state.selection : {};
  const chosen = editor ? editor.state.doc.textBetween(from, to, " ") : "";
  const isLink = kind === "links" && editor && editor.isActive("link");
  const row = await pick(kind, {
    title: TITLES[kind],
    words: kind === "links" ? chosen : "",
    extra: NOT_AN_ADDRESS[kind],
    buttons: isLink ? { "Take the link out": "none" } : {}
  });
  if (editor) { // the browser has given the focus back, but put the cursor at the beginning
    editor.commands.setTextSelection({ from, to });
    editor.view.focus();
  }
  if (row === "none") {
    editor.chain().focus().extendMarkRange("link").unsetMark("link").run();
  } else if (row) {
    put(field, kind, row);
  } else if (!editor) {
    field.focus();
  }
}

/* The rich-text editor’s own button and key for a link would take any words for an address. */
function insteadOfItsOwn(event) {
  const prose = event.target.closest && event.target.closest(".prose-editor");
  const isKey = event.type === "keydown" && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
  const isButton = event.type !== "keydown" && event.target.closest && event.target.closest(".prose-menubar__button[title='insert link']");
  if (!prose || !(isKey || isButton)) { return; }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (isKey || event.type === "click") { choose(prose.querySelector(".ProseMirror"), "links"); }
}

function addStudyButton(event) {
  const bar = event.target.closest(".prose-editor").querySelector(".prose-menubar");
  if (!bar || bar.querySelector(".cite-button")) { return; }
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cite-button";
  button.textContent = "Cite a study";
  button.addEventListener("click", () => choose(bar.closest(".prose-editor").querySelector(".ProseMirror"), "studies"));
  bar.append(button);
}

document.addEventListener("input", typed);
document.addEventListener("keydown", (event) => { if (!insteadOfItsOwn(event)) { box.keys(event); } }, true);
for (const kind of ["mousedown", "click"]) { document.addEventListener(kind, insteadOfItsOwn, true); }
document.addEventListener("prose-editor:ready", (event) => window.setTimeout(() => addStudyButton(event), 0));
document.addEventListener("focusout", (event) => {
  if (begun && event.target === begun.field && !box.list.contains(event.relatedTarget)) { window.setTimeout(box.hide, 150); }
});
