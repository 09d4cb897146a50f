/* On a very wide screen: a line for each block at the left of the form, to get to any of sixty at once. */

import { blocks, excerpt, headingOf, isDeleted, kindOf, machine, orderOf } from "editor/block";

const list = document.createElement("ol");
let opened = null; // the block that is being edited

function entry(block) {
  const made = document.createElement("li");
  const link = document.createElement("a");
  const kind = document.createElement("b");
  const heading = headingOf(block);
  link.href = `#${block.id}`;
  kind.textContent = heading || kindOf(block);
  link.append(kind, heading ? "" : ` ${excerpt(block) || "Nothing in it yet"}`);
  link.classList.toggle("is-deleted", isDeleted(block));
  link.classList.toggle("has-problem", Boolean(block.querySelector(".errorlist")));
  if (block === opened) { link.setAttribute("aria-current", "true"); }
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("block:wanted", { detail: { place: orderOf(block) } }));
  });
  made.append(link);
  return made;
}

function draw() {
  if (!machine() || !list.parentNode.offsetParent) { return; } // not there yet, or the screen is too narrow for it
  list.replaceChildren(...blocks().map(entry));
  const current = list.querySelector("[aria-current]");
  if (!current) { return; }
  const box = current.getBoundingClientRect();
  const room = list.parentNode.getBoundingClientRect();
  if (box.top < room.top || box.bottom > room.bottom) { list.parentNode.scrollTop += box.top - room.top - room.height / 3; }
}

function start() {
  const beside = document.querySelector(".has-live-preview");
  if (!beside) { return; }
  const nav = document.createElement("nav");
  nav.className = "outline";
  nav.setAttribute("aria-label", "Blocks of this page");
  nav.append(list);
  beside.prepend(nav);
  document.addEventListener("blocks:changed", draw);
  document.addEventListener("block:opened", (event) => {
    opened = blocks().find((block) => orderOf(block) === event.detail.place) || null;
    draw();
  });
  window.addEventListener("resize", draw);
  draw();
}

start();
