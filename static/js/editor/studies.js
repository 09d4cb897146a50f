/* The studies that a plain field names. Beside a text that cites them they are told below it; where the field holds nothing
   but keys, one a line, a list of names stands in its place. */

import { isKeys, say } from "editor/block";
import { fact, learn } from "editor/facts";
import { tellProblems, unknownStudy } from "editor/references";

const CITATION = /\[@([^\]\s<>]{1,80})\]/g;

function keysIn(field) {
  const keys = isKeys(field) ? field.value.split(/[\s,;]+|\[@|\]/) : [...field.value.matchAll(CITATION)].map((match) => match[1]);
  return [...new Set(keys.filter(Boolean))];
}

export function showStudies(field) {
  const keys = keysIn(field);
  if (field.dataset.dressed) { showList(field, keys); } else { showLine(field, keys); }
  tellProblems(field, keys.filter((key) => fact("studies", key) === null).map(unknownStudy));
}

function showLine(field, keys) {
  let line = field.parentNode.querySelector(".field-studies");
  if (!line && keys.length) {
    line = document.createElement("p");
    line.className = "field-studies";
    field.after(line);
  }
  if (line) { line.replaceChildren(...keys.filter((key) => fact("studies", key)).map(chip)); }
}

function chip(key) {
  const row = fact("studies", key);
  const made = document.createElement("span");
  made.className = "study-chip";
  made.textContent = row.short;
  made.title = row.words;
  return made;
}

function showList(field, keys) {
  const list = document.getElementById(`${field.id}-studies`);
  list.hidden = !keys.length;
  if (list.dataset.shown === shownAs(keys)) { return; }
  const focused = [...list.querySelectorAll("button")].indexOf(document.activeElement);
  list.dataset.shown = shownAs(keys);
  list.replaceChildren(...keys.map((key) => line(field, key)));
  const again = list.querySelectorAll("button")[focused]; // the names came while somebody stood on a button
  if (again) { again.focus(); }
}

function shownAs(keys) {
  return JSON.stringify(keys.map((key) => [key, fact("studies", key) === undefined ? "asked" : fact("studies", key)]));
}

/* A study that nobody knows, or that can't be asked for just now, has its key: it can still be taken away. */
function line(field, key) {
  const row = fact("studies", key);
  const [made, words, note, remove] = ["li", "span", "small", "button"].map((name) => document.createElement(name));
  words.textContent = row ? row.words : row === null ? `Unknown study: ${key}` : key;
  note.textContent = row ? row.note : "";
  remove.type = "button";
  remove.textContent = "Remove";
  remove.setAttribute("aria-label", `Remove ${row ? row.short : key}`);
  remove.addEventListener("click", () => takeAway(field, key));
  words.append(note);
  made.append(words, remove);
  return made;
}

/* The focus goes to the next study, or to what chooses one. */
function takeAway(field, key) {
  const keys = keysIn(field);
  const next = Math.min(keys.indexOf(key), keys.length - 2);
  write(field, keys.filter((one) => one !== key));
  const removes = document.querySelectorAll(`[id="${field.id}-studies"] button`);
  (removes[next] || document.getElementById(`${field.id}-choose`)).focus();
  say(`${(fact("studies", key) || { short: key }).short} was taken away.`);
}

function write(field, keys) {
  field.value = keys.join("\n");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/* The field itself stays in the form, without being seen. `choose()` resolves to a study or to nothing. */
export function dressKeys(field, choose) {
  if (!isKeys(field) || field.dataset.dressed || field.name.includes("__prefix__")) { return; }
  field.dataset.dressed = "yes";
  field.hidden = true;
  const label = document.querySelector(`label[for="${field.id}"]`);
  const shown = document.createElement("div");
  shown.className = "chosen-studies";
  shown.innerHTML = '<ul></ul><button type="button" class="choose-study">Choose a study…</button>';
  const [list, button] = shown.children;
  list.id = `${field.id}-studies`;
  button.id = `${field.id}-choose`;
  label.id = `${field.id}-label`;
  label.htmlFor = button.id;
  list.setAttribute("aria-labelledby", label.id);
  button.setAttribute("aria-labelledby", `${label.id} ${button.id}`);
  document.getElementById(`${field.id}_helptext`).hidden = true; // it says how keys are typed
  button.addEventListener("click", async () => {
    const row = await choose();
    if (row) { learn("studies", row); write(field, [...keysIn(field), row.value]); }
    button.focus();
  });
  field.before(shown);
  showStudies(field);
}
