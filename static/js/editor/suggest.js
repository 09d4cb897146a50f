/* Studies and pages are chosen, not typed from memory: “[@” offers studies, “[[” offers pages to link to. */

import { editorOf, say } from "editor/block";

const addresses = document.getElementById("block-pictures");
const BEGUN = /\[(@|\[)([^\]\[@]{0,60})$/; // what stands right before the cursor
const PAUSE = 120; // milliseconds without a key

let list = null;
let field = null; // in which somebody types
let begun = null; // [mark, words]
let timer = 0;
let asked = 0;

function textBefore(target) {
  const editor = proseOf(target);
  if (editor) {
    const { $from } = editor.state.selection;
    return $from.parent.textBetween(0, $from.parentOffset, " ", " ");
  }
  return target.value.slice(0, target.selectionStart);
}

function proseOf(target) {
  const wrapper = target.closest(".prose-editor");
  return wrapper ? editorOf(wrapper.querySelector("textarea")) : null;
}

function typed(event) {
  const target = event.target;
  if (!target.matches || !target.matches(".ProseMirror, .inline-related textarea")) { return; }
  const match = BEGUN.exec(textBefore(target));
  if (!match || (match[1] === "[" && !proseOf(target))) { return hide(); }
  field = target;
  begun = [match[1], match[2]];
  window.clearTimeout(timer);
  timer = window.setTimeout(ask, PAUSE);
}

async function ask() {
  asked += 1;
  const mine = asked;
  const address = begun[0] === "@" ? addresses.dataset.studies : addresses.dataset.pages;
  let answer;
  try {
    answer = await (await fetch(`${address}?q=${encodeURIComponent(begun[1].replace(/-/g, " "))}`, { redirect: "error" })).json();
  } catch {
    return hide(); // the words can still be typed in full
  }
  if (mine === asked && begun) { show(answer); }
}

function show(answer) {
  list = list || build();
  list.replaceChildren(...answer.found.map(option));
  if (!answer.found.length) { list.append(nothing(answer)); }
  place();
  list.hidden = false;
  field.setAttribute("aria-controls", list.id);
  mark(0);
  say(answer.found.length ? `${answer.found.length} found. Arrow keys choose, Enter takes one.` : "None found.");
}

function build() {
  const made = document.createElement("ul");
  made.id = "suggestions";
  made.className = "suggestions";
  made.setAttribute("role", "listbox");
  made.setAttribute("aria-label", "Suggestions");
  document.body.appendChild(made);
  return made;
}

function option(row, index) {
  const item = document.createElement("li");
  item.id = `suggestion-${index}`;
  item.setAttribute("role", "option");
  item.dataset.value = row.value;
  item.dataset.words = row.words;
  const words = document.createElement("span");
  words.textContent = row.words;
  const note = document.createElement("small");
  note.textContent = row.note;
  item.append(words, note);
  item.addEventListener("mousedown", (event) => { event.preventDefault(); take(item); });
  return item;
}

function nothing(answer) {
  const item = document.createElement("li");
  item.className = "suggestions-none";
  if (answer.add) {
    const link = document.createElement("a");
    link.href = answer.add;
    link.target = "_blank";
    link.textContent = "No study fits. Add one in a new tab.";
    link.addEventListener("mousedown", (event) => event.stopPropagation());
    item.append(link);
  } else {
    item.textContent = "No page fits.";
  }
  return item;
}

/* Below the cursor; in a plain field, below the field. */
function place() {
  const editor = proseOf(field);
  const box = field.getBoundingClientRect();
  const at = editor ? editor.view.coordsAtPos(editor.state.selection.from) : { left: box.left, bottom: box.bottom };
  list.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - 360))}px`;
  list.style.top = `${at.bottom + 6}px`;
}

function options() {
  return list ? [...list.querySelectorAll("[role=option]")] : [];
}

function mark(index) {
  options().forEach((item, at) => item.setAttribute("aria-selected", at === index));
  const current = options()[index];
  if (current) {
    field.setAttribute("aria-activedescendant", current.id);
    current.scrollIntoView({ block: "nearest" });
  }
}

function hide() {
  window.clearTimeout(timer);
  asked += 1;
  begun = null;
  if (!list || list.hidden) { return; }
  list.hidden = true;
  if (field) { field.removeAttribute("aria-activedescendant"); }
}

function keys(event) {
  if (!list || list.hidden) { return; }
  const all = options();
  const at = all.findIndex((item) => item.getAttribute("aria-selected") === "true");
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    hide();
  } else if (all.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    event.stopPropagation();
    mark((at + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length);
  } else if (all.length && (event.key === "Enter" || event.key === "Tab")) {
    event.preventDefault();
    event.stopPropagation();
    take(all[at]);
  }
}

/* Puts the chosen study or link where its beginning was typed. */
function take(item) {
  const { value, words } = item.dataset;
  const length = begun[0].length + 1 + begun[1].length;
  const editor = proseOf(field);
  if (editor) {
    const to = editor.state.selection.from;
    const content = begun[0] === "@" ? `[@${value}]` : [{ type: "text", text: words, marks: [{ type: "link", attrs: { href: value } }] }];
    editor.chain().focus().deleteRange({ from: to - length, to }).insertContent(content).unsetMark("link").run();
  } else {
    const end = field.selectionStart;
    field.setRangeText(`[@${value}]`, end - length, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  hide();
}

if (addresses) {
  document.addEventListener("input", typed);
  document.addEventListener("keydown", keys, true);
  document.addEventListener("focusout", () => window.setTimeout(() => {
    if (list && document.activeElement !== field && !list.contains(document.activeElement)) { hide(); }
  }, 100));
}
