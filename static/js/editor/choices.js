/* Fields in which one thing of many is chosen: an author, a picture, a drawing, the studies behind a claim. */

import { addBlock, blocks, fieldsOf, fill, say } from "editor/block";
import { fact, learn } from "editor/facts";
import { dressKeys, showStudies } from "editor/studies";
import { pictureIn } from "editor/upload";

const FIGURE = "education_figureblock_set";
const KINDS = { author: "people", picture: "pictures", drawing: "drawings" };
const TITLES = { people: "Choose a person", pictures: "Choose a picture", drawings: "Choose a drawing", studies: "Choose a study" };

/* The dialog is loaded when it is first wanted. */
async function pick(kind, options) {
  return (await import("editor/picker")).pick(kind, options);
}

function nameOf(field) {
  return field.name.split("-").pop();
}

/* The select stays in the form, without being seen; a button with what is chosen stands in its place. */
function dressSelect(select) {
  const kind = KINDS[nameOf(select)];
  if (!kind || select.name.includes("__prefix__") || select.dataset.dressed) { return; }
  select.dataset.dressed = "yes";
  const shown = document.createElement("div");
  shown.className = "choice";
  shown.innerHTML = '<img alt="" width="72" height="72" loading="lazy" hidden><span></span><button type="button">Choose…</button>';
  const button = shown.querySelector("button");
  const label = document.querySelector(`label[for="${select.id}"]`);
  button.id = `${select.id}-choose`;
  shown.querySelector("span").id = `${select.id}-chosen`;
  if (label) {
    label.id = `${select.id}-label`;
    label.htmlFor = button.id;
    button.setAttribute("aria-labelledby", `${label.id} ${button.id} ${select.id}-chosen`);
  }
  (select.closest(".related-widget-wrapper") || select).hidden = true;
  (select.closest(".related-widget-wrapper") || select).before(shown);
  button.addEventListener("click", () => chooseFor(select, kind));
  select.addEventListener("change", () => showChosen(select, kind, shown));
  showChosen(select, kind, shown);
}

function showChosen(select, kind, shown) {
  const picture = shown.querySelector("img");
  const row = select.value ? fact(kind, select.value) : null;
  shown.querySelector("span").textContent = row ? row.words : select.selectedOptions[0] && select.value ? select.selectedOptions[0].textContent : "Nothing chosen";
  picture.hidden = !(row && row.picture);
  if (!picture.hidden) { picture.src = row.picture; }
}

async function chooseFor(select, kind, { file = null } = {}) {
  const buttons = select.value && select.querySelector("option[value='']") ? { "Choose nothing": { value: "", words: "" } } : {};
  const row = await pick(kind, { title: TITLES[kind], buttons, file });
  if (row) { setChosen(select, kind, row); }
  document.getElementById(`${select.id}-choose`).focus();
  return row;
}

function setChosen(select, kind, row) {
  if (row.value) { learn(kind, row); }
  if (![...select.options].some((option) => option.value === row.value)) { select.add(new Option(row.words, row.value)); }
  select.value = row.value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  say(row.value ? `${row.words} chosen.` : "Nothing chosen.");
  const block = select.closest(".inline-related");
  if (block && row.value) { settleFigure(block, kind, row); }
}

/* A figure shows a picture or a drawing, and needs words for who can’t see it. */
function settleFigure(block, kind, row) {
  const fields = fieldsOf(block);
  const other = kind === "pictures" ? fields.drawing : fields.picture;
  if (other && other.value) {
    other.value = "";
    other.dispatchEvent(new Event("change", { bubbles: true }));
  }
  if (fields.alt && !fields.alt.value) {
    fields.alt.value = kind === "drawings" ? row.note : row.words;
    fields.alt.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/* A picture that is pasted or dropped onto a block is asked about, and becomes a figure after it. */
export async function offerPicture(file, block) {
  const row = await pick("pictures", { title: "Add this picture to the library", file });
  if (!row) { return; }
  const made = addBlock(FIGURE, blocks()[blocks().indexOf(block) + 1]);
  dressAll(made);
  setChosen(fieldsOf(made).picture, "pictures", row);
  fill(made, { alt: row.words });
  say("The picture was added as a figure.");
}

function isPlain(field) {
  return field.matches(".inline-related textarea:not([data-django-prose-editor-block])") && !field.closest(".prose-editor, .grid") && !field.name.includes("__prefix__");
}

function plainFields() {
  return [...document.querySelectorAll(".inline-related textarea")].filter(isPlain);
}

function dressAll(root) {
  for (const select of root.querySelectorAll("select")) { dressSelect(select); }
  for (const field of root.querySelectorAll("textarea")) { dressKeys(field, () => pick("studies", { title: TITLES.studies })); }
}

function start() {
  dressAll(document);
  plainFields().forEach(showStudies);
}

if (document.getElementById("block-pictures")) {
  start();
  document.addEventListener("formset:added", (event) => dressAll(event.target));
  for (const kind of ["input", "change"]) { // the latter, where a block is filled with what it held
    document.addEventListener(kind, (event) => { if (isPlain(event.target)) { showStudies(event.target); } });
  }
  document.addEventListener("facts:known", () => {
    plainFields().forEach(showStudies);
    for (const select of document.querySelectorAll("select[data-dressed]")) { showChosen(select, KINDS[nameOf(select)], document.getElementById(`${select.id}-choose`).parentNode); }
  });
  for (const [kind, data] of [["paste", "clipboardData"], ["drop", "dataTransfer"]]) {
    document.addEventListener(kind, (event) => {
      const block = event.target.closest && event.target.closest(".inline-related");
      const file = block && !event[data].getData("text/html") && pictureIn(event[data]);
      if (!file) { return; }
      event.preventDefault();
      event.stopImmediatePropagation();
      offerPicture(file, block);
    }, true);
  }
}
