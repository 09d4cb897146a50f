/* The lists on the screen “Site”: rows are moved by dragging, by their buttons or with Alt and the arrow keys, and pages come
   in through the picker. Without this script the same buttons ask the server. */

const form = document.getElementById("site_form");
let dragged = null;

function rowsOf(list) { return [...list.children]; }

function titleOf(row) { return row.querySelector(".site-list-title").textContent; }

function say(list, words) {
  list.parentElement.querySelector(".site-list-said").textContent = words;
}

/* Which place a row has in its list is what its boxes are called. */
function number(list) {
  const rows = rowsOf(list);
  rows.forEach((row, at) => {
    for (const box of row.querySelectorAll("[name]")) {
      if (box.name === "step") {
        const up = box.value.endsWith("up");
        box.value = `${list.dataset.list} ${at} ${up ? "up" : "down"}`;
        box.disabled = at === (up ? 0 : rows.length - 1);
      } else {
        box.name = `${list.dataset.list}-${at}-${box.name.split("-").pop()}`;
      }
    }
  });
}

function changed(list, words) {
  number(list);
  const back = list.closest(".form-row").querySelector("[name=built_in]");
  if (back) { back.hidden = false; }
  list.dispatchEvent(new Event("input", { bubbles: true }));
  say(list, words);
}

function moved(row) {
  const list = row.parentElement;
  const rows = rowsOf(list);
  changed(list, `${titleOf(row)} is now number ${rows.indexOf(row) + 1} of ${rows.length}.`);
}

function step(row, up, focused) {
  const other = up ? row.previousElementSibling : row.nextElementSibling;
  if (!other) { return; }
  if (up) { other.before(row); } else { other.after(row); }
  moved(row);
  const stays = focused.disabled ? row.querySelector("[name=step]:not(:disabled)") : focused;
  (stays || row.parentElement).focus();
}

function pressed(event) {
  const button = event.target.closest("button[name=step]");
  if (!button) { return; }
  const row = button.closest(".site-list > li");
  const adds = button.closest(".site-list-add");
  event.preventDefault();
  if (row) { step(row, button.value.endsWith("up"), button); } else if (adds) { add(adds); }
}

function keyed(event) {
  const row = event.target.closest(".site-list > li");
  if (row && event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    step(row, event.key === "ArrowUp", event.target);
  }
}

async function add(adds) {
  const select = adds.querySelector("select");
  const list = adds.parentElement.querySelector(".site-list");
  const value = adds.classList.contains("has-picker") ? await picked(adds) : select.value;
  const option = value && [...select.options].find((one) => one.value === value);
  if (!option) {
    say(list, value ? "This page is already in the list, or can’t be added to it." : "");
    return;
  }
  const like = rowsOf(list).find((row) => row.querySelector("[type=checkbox]"));
  select.value = value;
  if (!like) { // the server makes the row
    form.requestSubmit(adds.querySelector("button"));
    return;
  }
  const row = like.cloneNode(true);
  fill(row, value, option.textContent);
  list.append(row);
  option.remove();
  select.value = "";
  prepare(row);
  changed(list, `${option.textContent} is now the last of ${rowsOf(list).length}.`);
  (row.querySelector("textarea") || row.querySelector("button:not(:disabled)")).focus();
}

/* Without the picker's modules the choice of the plain form comes back. */
async function picked(adds) {
  try {
    const { pick } = await import("editor/picker");
    const chosen = await pick("pages", { title: "Add a page" });
    return chosen ? chosen.value : "";
  } catch {
    adds.classList.remove("has-picker");
    adds.querySelector("select").focus();
    return "";
  }
}

function fill(row, value, title) {
  const before = titleOf(row);
  row.querySelector(".site-list-title").textContent = title;
  for (const small of row.querySelectorAll("small")) { small.remove(); }
  row.querySelector("[name$=-value]").value = value;
  for (const box of row.querySelectorAll("[aria-label]")) {
    box.setAttribute("aria-label", box.getAttribute("aria-label").replace(before, () => title));
  }
  const name = row.querySelector("textarea");
  if (name) { name.value = ""; }
  const tick = row.querySelector("[type=checkbox]");
  if (tick) { tick.checked = true; }
}

/* Whoever drags takes the row by its title: the text in the box beside it can still be selected. */
function prepare(row) {
  row.querySelector(".site-list-page").draggable = true;
}

function drags(event) {
  const row = event.target.closest(".site-list > li");
  if (!row || !event.target.draggable) { return; }
  dragged = row;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/x-row", "row"); // no plain text, or a box that it is dropped on would take it
}

function over(event) {
  const row = event.target.closest(".site-list > li");
  if (!dragged || !row || row.parentElement !== dragged.parentElement) { return; }
  event.preventDefault();
  const box = row.getBoundingClientRect();
  if (event.clientY < box.top + box.height / 2) { row.before(dragged); } else { row.after(dragged); }
}

/* On the page beside the form the menu is open while it is being arranged. */
function openMenu(event) {
  const page = event.target.contentDocument;
  const menu = page && page.querySelector("details.menu");
  if (menu) { menu.open = true; }
}

function start() {
  for (const adds of form.querySelectorAll(".site-list-add")) { adds.classList.add("has-picker"); }
  for (const row of form.querySelectorAll(".site-list > li")) { prepare(row); }
  form.addEventListener("click", pressed);
  form.addEventListener("keydown", keyed);
  form.addEventListener("dragstart", drags);
  form.addEventListener("dragover", over);
  form.addEventListener("drop", over);
  if (form.querySelector("[data-list=menu]")) {
    document.querySelector(".live-preview-stage").addEventListener("load", openMenu, true);
  }
  form.addEventListener("dragend", () => { if (dragged) { moved(dragged); } dragged = null; });
}

if (form && form.querySelector(".site-list") && form.querySelector("[name=step]:not([hidden])")) { start(); }
