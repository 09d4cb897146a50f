/* The lists on the screen “Site”: what ordered.js moves is numbered anew, and pages come in through the picker. Without these
   scripts the same buttons ask the server. */

const form = document.getElementById("site_form");

function rowsOf(list) { return [...list.children]; }

/* Which place a row has in its list is what its boxes are called. */
function number(list) {
  rowsOf(list).forEach((row, at) => {
    for (const box of row.querySelectorAll("[name]")) {
      if (box.name === "step") {
        box.value = `${list.dataset.list} ${at} ${box.dataset.step}`;
      } else {
        box.name = `${list.dataset.list}-${at}-${box.name.split("-").pop()}`;
      }
    }
  });
}

function reordered(event) {
  const list = event.target.parentElement;
  number(list);
  list.dispatchEvent(new Event("input", { bubbles: true }));
}

function pressed(event) {
  const adds = event.target.closest("button[name=step]") && event.target.closest(".site-list-add");
  if (!adds) { return; }
  event.preventDefault();
  add(adds);
}

async function add(adds) {
  const box = adds.querySelector("select, input"); // on a large site, no page is named: an address is typed
  const list = adds.parentElement.querySelector(".site-list");
  const value = adds.classList.contains("has-picker") ? await picked(adds) : box.value;
  if (value && !box.options) {
    box.value = value;
    form.requestSubmit(adds.querySelector("button"));
    return;
  }
  const option = value && [...box.options].find((one) => one.value === value);
  if (!option) {
    list.nextElementSibling.textContent = value ? "This page is already in the list, or can’t be added to it." : "";
    return;
  }
  const like = rowsOf(list).find((row) => row.querySelector("[type=checkbox]"));
  box.value = value;
  if (!like) { // the server makes the row
    form.requestSubmit(adds.querySelector("button"));
    return;
  }
  const row = like.cloneNode(true);
  fill(row, value, option.textContent);
  list.append(row);
  option.remove();
  box.value = "";
  row.dispatchEvent(new Event("reordered", { bubbles: true }));
  (row.querySelector("textarea") || row.querySelector("button:not([hidden])")).focus();
}

/* Without the picker's modules the choice of the plain form comes back. */
async function picked(adds) {
  try {
    const { pick } = await import("editor/picker");
    const chosen = await pick("pages", { title: "Add a page" });
    return chosen ? chosen.value : "";
  } catch {
    adds.classList.remove("has-picker");
    adds.querySelector("select, input").focus();
    return "";
  }
}

function fill(row, value, title) {
  const said = row.querySelector("[data-title]");
  const before = said.textContent;
  said.textContent = title;
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

/* On the page beside the form the menu is open while it is being arranged. */
function openMenu(event) {
  const page = event.target.contentDocument;
  const menu = page && page.querySelector("details.menu");
  if (menu) { menu.open = true; }
}

function start() {
  for (const adds of form.querySelectorAll(".site-list-add")) { adds.classList.add("has-picker"); }
  form.addEventListener("click", pressed);
  form.addEventListener("reordered", reordered);
  if (form.querySelector("[data-list=menu]")) {
    document.querySelector(".live-preview-stage").addEventListener("load", openMenu, true);
  }
}

if (form && form.querySelector("[data-ordered]")) { start(); }
