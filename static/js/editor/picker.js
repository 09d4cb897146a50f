/* The dialog in which something is looked for and chosen, or added if it is not there yet. */

import { combobox } from "editor/combobox";
import { address, learn } from "editor/facts";
import { dressLookUp } from "editor/look-up";
import { dressUpload } from "editor/upload";

let parts = null; // of the dialog, once it is built
let current = null; // what is being asked: {kind, resolve, extra, file}

/* Resolves to the chosen row, to what a button of `buttons` ({label: value}) stands for, or to null. With `file`, or with
   `adding`, it opens at the form for a new one. */
export function pick(kind, { title, words = "", buttons = {}, extra, file = null, adding = false }) {
  parts = parts || build();
  const { dialog, input } = parts;
  input.value = words;
  const answer = new Promise((resolve) => { current = { kind, title, buttons, extra, file, resolve }; });
  showList();
  dialog.showModal();
  if (file || adding) { showForm(kind, words); } else { look(); }
  return answer;
}

/* For what stands in the field. */
function look() {
  const { box, input } = parts;
  input.focus();
  input.select();
  box.type(input, current.kind, input.value);
}

function finish(result) {
  const { resolve } = current;
  current = { ...current, resolve: () => {} };
  parts.box.hide(); // else it would be there when something else is looked for
  parts.dialog.close();
  resolve(result);
}

function say(words) {
  parts.status.textContent = words;
}

function button(label, does) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", does);
  return made;
}

function build() {
  const dialog = document.createElement("dialog");
  dialog.className = "block-chooser picker";
  dialog.setAttribute("aria-labelledby", "picker-title");
  dialog.innerHTML = '<h2 id="picker-title"></h2><div class="picker-find dialog-middle"><label for="picker-words">Find</label>'
    + '<input id="picker-words" type="text" autocomplete="off" role="combobox" aria-autocomplete="list" aria-expanded="false">'
    + '</div><div class="picker-new dialog-middle"></div>'
    + '<div class="dialog-end"><p class="picker-status" role="status"></p><div class="picker-buttons"></div></div>';
  const input = dialog.querySelector("input");
  const box = combobox({
    label: "What fits",
    take: (row) => finish(row),
    add: showForm,
    say,
    extra: (words) => (current.extra ? current.extra(words) : null)
  });
  dialog.querySelector(".picker-find").append(box.list);
  const buttons = document.createElement("span");
  dialog.querySelector(".picker-buttons").append(buttons, button("Cancel", () => finish(null)));
  document.body.append(dialog);
  input.addEventListener("input", () => box.type(input, current.kind, input.value));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { return; } // closes the dialog, not only the list
    if (!box.keys(event) && event.key === "Enter") { event.preventDefault(); say("Nothing fits. Choose a line, or press Escape."); }
  });
  /* Answered at once: the event “close” comes late, and the next key would find the cursor at the beginning of a text. */
  const cancel = (event) => { event.preventDefault(); finish(null); };
  dialog.addEventListener("cancel", cancel);
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation(); // Escape must not close the block behind it
    if (event.key === "Escape" && !event.defaultPrevented) { cancel(event); }
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) { finish(null); } });
  const fresh = dialog.querySelector(".picker-new");
  fresh.addEventListener("submit", send);
  return { dialog, input, box, buttons, fresh, search: dialog.querySelector(".picker-find"), status: dialog.querySelector(".picker-status") };
}

function showList() {
  parts.dialog.querySelector("h2").textContent = current.title;
  parts.search.hidden = false;
  parts.fresh.replaceChildren();
  parts.buttons.replaceChildren(...Object.entries(current.buttons).map(([label, value]) => button(label, () => finish(value))));
  say("");
}

async function showForm(kind, words) {
  say("");
  try {
    const answer = await fetch(address(kind, "add/"), { redirect: "error" });
    if (!answer.ok) { throw new Error(answer.statusText); }
    fillForm(await answer.text());
  } catch {
    say("The form can’t be reached just now.");
    return;
  }
  const field = words && fieldFor(parts.fresh.querySelector("form"), words.trim());
  if (field && !field.value) { field.value = words.trim(); }
}

/* The field of a new thing that takes the words by which it was looked for. */
function fieldFor(form, words) {
  const { doi, pmid, title } = form.elements;
  if (doi && /10\.\d[\d.]*\//.test(words)) { return doi; }
  if (pmid && /^\d{5,9}$/.test(words)) { return pmid; }
  return title || form.querySelector("input:not([type=hidden]):not([type=file]), textarea");
}

function fillForm(html) {
  parts.search.hidden = true;
  parts.fresh.innerHTML = html; // our own template, escaped there
  showEnd(parts.fresh.querySelector("form"));
  for (const row of parts.fresh.querySelectorAll(".adding-row")) { describe(row); }
  if (current.kind === "pictures") { dressUpload(parts.fresh, current.file); }
  dressLookUp(parts.fresh.querySelector("form"), say);
  const wrong = parts.fresh.querySelector(".errors");
  const first = (wrong || parts.fresh).querySelector("input:not([type=hidden]), textarea, select");
  if (first && (wrong || !current.file)) { first.focus(); } // with a file, its words are asked for
  if (wrong) { say("Not added yet: something is missing or wrong."); }
}

/* Its buttons stay in sight below its many fields, and the title says what the form is for. */
function showEnd(form) {
  const [send, back] = [form.querySelector("[type=submit]"), button("Back to the list", () => { showList(); look(); })];
  form.id = "picker-form";
  send.setAttribute("form", form.id);
  parts.dialog.querySelector("h2").textContent = form.dataset.title;
  parts.buttons.replaceChildren(send, back);
}

function describe(row) {
  const field = row.querySelector("input, textarea, select");
  if (row.classList.contains("errors")) { field.setAttribute("aria-invalid", "true"); }
}

async function send(event) {
  event.preventDefault();
  const form = event.target;
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "error", credentials: "same-origin" });
  } catch {
    say("Not added: this site can’t be reached just now, or you have been logged out. What you typed stays here.");
    return;
  }
  if (answer.status === 201) {
    const row = await answer.json();
    learn(current.kind, row);
    finish(row);
  } else if ([422, 507].includes(answer.status)) {
    current.file = (form.querySelector("input[type=file]") || { files: [] }).files[0] || null;
    fillForm(await answer.text());
  } else {
    say("Not added. What you typed stays here.");
  }
}
