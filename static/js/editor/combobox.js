/* The list that answers to what somebody types, in an input or in a text: the WAI-ARIA pattern of a combobox. The focus
   stays where the words are typed; arrow keys move through the list, Enter takes, Escape closes it. */

import { find } from "editor/facts";

const PAUSE = 120; // milliseconds without a key
const STEPS = { ArrowDown: 1, ArrowUp: -1 };
const TAKES = ["Enter", "Tab"];
let lists = 0;

/* `take(row)` gets the chosen row, `add(words)` is called if somebody wants a new one, `say(words)` announces.
   `extra(words)` may return a row made of the words themselves. `ready()` is called before the list is shown. */
export function combobox({ label, take, add, say, extra = () => null, ready = () => {} }) {
  lists += 1;
  const list = document.createElement("ul");
  const state = { field: null, asked: 0, timer: 0, words: "", waits: false, early: [] };
  list.id = `choices-${lists}`;
  list.className = "choices";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label);

  function options() { return [...list.querySelectorAll("[role=option]")]; }

  function mark(index) {
    const all = options();
    all.forEach((item, at) => item.setAttribute("aria-selected", at === index));
    if (all[index]) {
      state.field.setAttribute("aria-activedescendant", all[index].id);
      all[index].scrollIntoView({ block: "nearest" });
    } else {
      state.field.removeAttribute("aria-activedescendant");
    }
  }

  function item(row, index, does) {
    const made = document.createElement("li");
    made.id = `${list.id}-${index}`;
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    made.append(...parts(row));
    made.addEventListener("mousedown", (event) => event.preventDefault());
    made.addEventListener("click", () => does());
    return made;
  }

  function show(kind, answer) {
    const own = extra(state.words);
    const rows = own ? [own, ...answer.found] : answer.found;
    list.replaceChildren(...rows.map((row, index) => item(row, index, () => { hide(); take(row, kind); })));
    list.classList.toggle("has-pictures", rows.some((row) => row.picture));
    if (answer.add) { // with the words of that moment: they may be newer than the list
      const made = item({ words: `${answer.add}…` }, rows.length, () => { hide(); add(kind, state.words); });
      made.classList.add("choices-add");
      list.append(made);
    }
    list.hidden = !list.children.length;
    state.field.setAttribute("aria-controls", list.id);
    if (state.field.getAttribute("role") === "combobox") { state.field.setAttribute("aria-expanded", !list.hidden); }
    ready(state.field, list);
    mark(rows.length ? 0 : -1);
    say(told(rows.length, answer.add));
    const early = state.early;
    settle();
    early.forEach(obey);
  }

  function settle() {
    Object.assign(state, { waits: false, early: [] });
  }

  function hide() {
    settle();
    window.clearTimeout(state.timer);
    state.asked += 1;
    list.hidden = true;
    if (!state.field) { return; }
    state.field.removeAttribute("aria-activedescendant");
    if (state.field.getAttribute("role") === "combobox") { state.field.setAttribute("aria-expanded", "false"); }
  }

  async function ask(kind) {
    const mine = state.asked;
    try {
      const answer = await find(kind, state.words);
      if (mine === state.asked) { show(kind, answer); }
    } catch {
      if (mine !== state.asked) { return; }
      hide(); // what is typed can still be typed in full
      say("The list can’t be reached just now.");
    }
  }

  function type(field, kind, words) {
    Object.assign(state, { field, words, waits: true, early: [] });
    state.asked += 1; // what is still on its way is of earlier words
    window.clearTimeout(state.timer);
    state.timer = window.setTimeout(() => ask(kind), PAUSE);
  }

  /* Whether the key was meant for the list. */
  function keys(event) {
    if (list.hidden || !list.children.length) { return false; }
    if (event.key === "Escape") {
      hide();
    } else if (state.waits && (STEPS[event.key] || TAKES.includes(event.key))) {
      state.early.push(event.key); // the list still is of earlier words: these are for the one to come
    } else if (!obey(event.key)) {
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  function obey(key) {
    const all = options();
    const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    const step = STEPS[key];
    if (step) {
      mark(at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length);
    } else if (at >= 0 && !list.hidden && TAKES.includes(key)) {
      all[at].click();
    } else {
      return false;
    }
    return true;
  }

  return { list, type, keys, hide };
}

function told(count, add) {
  const found = count ? `${count} shown. Arrow keys choose, Enter takes one.` : "None found.";
  return add ? `${found} The last line is: ${add}.` : found;
}

function parts(row) {
  const words = document.createElement("span");
  words.textContent = row.words;
  const made = [words];
  if (row.note) {
    const note = document.createElement("small");
    note.textContent = row.note;
    made.push(note);
  }
  if (row.picture) {
    const picture = document.createElement("img");
    Object.assign(picture, { src: row.picture, alt: "", width: 72, height: 72, loading: "lazy" });
    made.unshift(picture);
  }
  return made;
}
