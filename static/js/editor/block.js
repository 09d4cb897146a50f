/* One block of the edit form: its card, what it holds, and how it gets and gives its contents. */

import { rowsOf } from "editor/cells";
import { setUpIn } from "editor/rich-text";

export const machine = () => document.querySelector(".order-machine");
const proseEditors = new WeakMap(); // textarea → its rich-text editor

export function blocks() {
  const found = [...machine().querySelectorAll(".inline-related:not(.empty-form)")];
  return found.sort((a, b) => orderOf(a) - orderOf(b));
}

export function placeField(block) {
  return block.querySelector(".order-machine-ordering");
}

export function orderOf(block) {
  return Number(placeField(block).value) || 1e9;
}

export function prefixOf(block) {
  return block.id.replace(/-\d+$/, "");
}

export function kindOf(block) {
  return block.querySelector("h3 b").textContent.trim();
}

export function isDeleted(block) {
  const box = block.querySelector(".delete input[type=checkbox]");
  return Boolean(box && box.checked);
}

export function rows(block) {
  return [...block.querySelectorAll(".form-row:not(.hidden)")].filter((row) => row.querySelector("textarea, input, select"));
}

export function fieldsOf(block) {
  const found = {};
  for (const field of block.querySelectorAll("textarea, select, input:not([type=hidden])")) {
    const name = (field.name || "").replace(`${block.id}-`, "");
    if (name && name !== "DELETE" && !field.name.includes("__prefix__")) { found[name] = field; }
  }
  return found;
}

/* Whether it holds keys of studies, one a line: nothing for a reader. */
export function isKeys(field) {
  return /-references_(for|against)$/.test(field.name);
}

export function editorOf(textarea) {
  return proseEditors.get(textarea);
}

/* The rich-text field of a block with its editor, or nothing. */
export function richField(block) {
  setUpIn(block);
  const textarea = Object.values(fieldsOf(block)).find((field) => proseEditors.has(field));
  return textarea && proseEditors.get(textarea);
}

/* The values of a block by field name; rich text as HTML. */
export function read(block) {
  const values = {};
  for (const [name, field] of Object.entries(fieldsOf(block))) {
    values[name] = field.type === "checkbox" ? field.checked : field.value;
  }
  return values;
}

export function fill(block, values) {
  for (const [name, field] of Object.entries(fieldsOf(block))) {
    if (!(name in values)) { continue; }
    if (field.tagName === "SELECT") { offer(field, values[name]); }
    if (field.type === "checkbox") {
      field.checked = values[name];
    } else if (proseEditors.has(field)) {
      proseEditors.get(field).commands.setContent(values[name], { emitUpdate: true });
    } else {
      field.value = values[name]; // a rich-text editor that is still to come starts with it
    }
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/* A picture that was just added is not among the choices of other blocks yet. */
function offer(select, value) {
  if (![...select.options].some((option) => option.value === value)) { select.add(new Option(value, value)); }
}

/* Adds an empty block of this kind before another block, or at the end. */
export function addBlock(prefix, before) {
  const known = new Set(blocks());
  window.ContentEditor._insertBefore = before || null;
  window.ContentEditor.addContent(prefix);
  return blocks().find((block) => !known.has(block));
}

/* Its first words, for the line that stands for a closed block. */
export function excerpt(block) {
  if (isUntouched(block)) { return ""; }
  const parts = [];
  for (const field of Object.values(fieldsOf(block))) {
    const value = field.tagName === "SELECT" ? chosen(field) : field.type === "checkbox" || isKeys(field) ? "" : written(field);
    const words = plain(value);
    if (words) { parts.push(words); }
    if (parts.join(" ").length > 140) { break; }
  }
  return parts.join(" · ").slice(0, 160);
}

/* What a new block begins with, such as a hundred people, nobody has written. */
function isUntouched(block) {
  const number = block.querySelector(`[name="${block.id}-id"]`);
  const begun = document.getElementById(`${prefixOf(block)}-empty`);
  if (!begun || (number && number.value)) { return false; }
  return Object.entries(fieldsOf(block)).every(([name, field]) => {
    const first = begun.querySelector(`[name$="-__prefix__-${name}"]`);
    return field === placeField(block) || (first && plain(first.value) === plain(field.value) && first.checked === field.checked);
  });
}

/* Without the bars that stand between cells. */
function written(field) {
  return field.dataset.grid ? rowsOf(field.value).map((row) => row.filter(Boolean).join(", ")).join("; ") : field.value;
}

function chosen(select) {
  return select.value && select.selectedOptions[0] ? select.selectedOptions[0].textContent : "";
}

/* The heading with which it begins; empty if it has none. */
export function headingOf(block) {
  const fields = fieldsOf(block);
  const first = Object.values(fields).find((field) => field.tagName === "TEXTAREA");
  const begun = /^\s*<h[23]>(.*?)<\/h[23]>/.exec(first ? first.value : "");
  return plain(fields.title ? fields.title.value : begun ? begun[1] : "");
}

/* A heading stands apart from the text below it, and apostrophes are curved. */
export function plain(value) {
  return bare(value.replace(/<\/h[23]>/g, " · ")).replace(/([^\W_])'(?=[^\W_])/g, "$1’").replace(/ ·$/, "");
}

function bare(value) {
  return value.replace(/<[^>]*>/g, " ").replace(/\[@[^\]]*\]/g, "").replace(/&nbsp;/g, " ").replace(/&amp;/g, "&").replace(/\s+/g, " ").trim();
}

export function say(words) {
  document.getElementById("block-status").textContent = words;
}

/* A choice has its button in the place of its field. */
export function focusFirstField(block) {
  const row = rows(block)[0];
  const shown = row && [...row.querySelectorAll("select, textarea, input, .choice button")].find((field) => field.offsetParent);
  const field = row && (row.querySelector(".tiptap") || shown);
  if (field) { field.focus(); }
}

/* The rich-text editor is created without an accessible name. */
function nameEditor(textarea) {
  const editor = textarea.closest(".prose-editor").querySelector(".tiptap");
  const label = document.querySelector(`label[for='${textarea.id}']`);
  if (!editor) { return; }
  editor.setAttribute("aria-label", label ? label.textContent : "Text");
  editor.setAttribute("aria-multiline", "true");
  if (textarea.getAttribute("aria-describedby")) {
    editor.setAttribute("aria-describedby", textarea.getAttribute("aria-describedby"));
  }
}

document.addEventListener("prose-editor:ready", (event) => {
  const textarea = event.target;
  proseEditors.set(textarea, event.detail.editor);
  nameEditor(textarea);
});
