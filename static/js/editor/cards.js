/* The blocks of an article as a list of cards: one line each, and one of them open. For the keyboard, touch and mouse. */

import {
  blocks, excerpt, focusFirstField, isDeleted, kindOf, machine, orderOf, placeField, rows, say
} from "editor/block";
import { insert, moreActions } from "editor/actions";
import { setUpIn, setUpWhenNear } from "editor/rich-text";
import { takeAway } from "editor/undo";

const OPENED = "open-block"; // in this tab: which block was open on which page, for after a save
let allOpen = false;

/* Reading order follows the order of the page, so the DOM must too. */
export function settle() {
  const focused = document.activeElement;
  let before = null;
  blocks().forEach((block, index) => {
    const order = 10 * (index + 1);
    if (placeField(block).value !== String(order)) { placeField(block).value = order; }
    block.style.order = order;
    if (before && before.nextElementSibling !== block) { before.after(block); } // others stay: moving each is slow
    before = block;
  });
  if (machine().contains(focused)) { focused.focus(); }
  const opened = blocks().find(isOpen);
  if (opened) { rememberOpen(opened); }
  refresh();
}

function rememberOpen(block) {
  window.sessionStorage.setItem(OPENED, JSON.stringify([window.location.pathname, orderOf(block), savedAs(block)]));
}

/* The kind and number under which it is saved; empty if it is new. Its place may be another after a move. */
function savedAs(block) {
  const number = block.querySelector(`[name="${block.id}-id"]`);
  return number && number.value ? block.id.replace(/\d+$/, number.value) : "";
}

function refresh() {
  const all = blocks();
  all.forEach((block, index) => {
    if (!block.querySelector(".block-toggle")) { dress(block); }
    const place = `${kindOf(block)}, block ${index + 1} of ${all.length}`;
    for (const button of block.querySelectorAll(".block-controls button")) {
      button.setAttribute("aria-label", `${button.textContent}: ${place}`);
    }
    block.querySelector(".block-insert").setAttribute("aria-label", `Insert a block before block ${index + 1}, ${kindOf(block)}`);
    block.querySelector("[data-move='-1']").disabled = index === 0;
    block.querySelector("[data-move='1']").disabled = index === all.length - 1;
    describe(block);
  });
  document.dispatchEvent(new CustomEvent("blocks:changed"));
}

/* The line that stands for the block. */
function describe(block) {
  const words = excerpt(block);
  block.querySelector(".inline_label").textContent = words || "Nothing in it yet";
  block.classList.toggle("is-empty", !words);
  block.classList.toggle("is-deleted", isDeleted(block));
  block.querySelector(".block-fate").hidden = !isDeleted(block);
  block.classList.toggle("has-problem", Boolean(block.querySelector(".errorlist")));
}

function control(text, does, data) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  if (data) { button.setAttribute("data-move", data); }
  button.addEventListener("click", () => does(button));
  return button;
}

/* Gives a card its toggle, its controls, and the place above it where a block can be inserted. */
function dress(block) {
  const head = block.querySelector("h3");
  const toggle = document.createElement("button");
  toggle.type = "button";
  toggle.className = "block-toggle";
  toggle.setAttribute("aria-expanded", "false");
  toggle.draggable = true; // a button is not dragged with the heading in which it stands
  toggle.append(head.querySelector("b"), " ", head.querySelector(".inline_label"));
  head.prepend(toggle);
  const fate = document.createElement("span");
  fate.className = "block-fate";
  fate.textContent = "Goes when you save";
  toggle.after(fate);
  toggle.addEventListener("keydown", (event) => moveByKey(event, block, toggle));
  const bar = document.createElement("div");
  bar.className = "block-controls";
  bar.append(
    control("Move up", (button) => move(block, -1, button), "-1"),
    control("Move down", (button) => move(block, 1, button), "1"),
    control(isDeleted(block) ? "Keep" : "Delete", (button) => toggleDelete(block, button)),
    ...more(block)
  );
  head.insertAdjacentElement("afterend", bar);
  const plus = control("+", () => insert(block));
  plus.className = "block-insert";
  block.prepend(plus);
  block.addEventListener("keydown", (event) => closeByKey(event, block), true); // before the rich-text editor takes it
}

/* What is wanted less often, behind one button. */
function more(block) {
  const rest = document.createElement("span");
  rest.className = "block-more";
  rest.hidden = true;
  rest.append(...moreActions(block).map(([text, does]) => control(text, does)));
  const toggle = control("More", () => showMore(block, rest.hidden));
  toggle.className = "block-more-toggle";
  toggle.setAttribute("aria-expanded", "false");
  return [toggle, rest];
}

function showMore(block, shown) {
  block.querySelector(".block-more").hidden = !shown;
  block.querySelector(".block-more-toggle").setAttribute("aria-expanded", shown);
}

export function isOpen(block) {
  return block.classList.contains("is-open");
}

export function open(block, { focus = false, alone = true } = {}) {
  if (alone && !allOpen) { for (const other of blocks()) { if (other !== block) { close(other); } } }
  block.classList.add("is-open");
  if (alone) { setUpIn(block); }
  block.querySelector(".block-toggle").setAttribute("aria-expanded", "true");
  rememberOpen(block);
  document.dispatchEvent(new CustomEvent("block:opened", { detail: { place: orderOf(block) } }));
  if (focus) { focusFirstField(block); }
}

export function close(block) {
  if (block.querySelector(".errorlist")) { return; } // what has to be mended stays in sight
  block.classList.remove("is-open");
  showMore(block, false);
  block.querySelector(".block-toggle").setAttribute("aria-expanded", "false");
  describe(block);
}

/* Stands in for the block editor's own way to fold a block. */
function toggleByClick(event) {
  const head = event.target.closest(".inline-related > h3");
  if (!head || event.target.closest(".delete, .inline-deletelink")) { return; }
  event.stopPropagation();
  const block = head.parentNode;
  if (isOpen(block)) {
    close(block);
  } else {
    open(block, { focus: true });
  }
}

function closeByKey(event, block) {
  if (event.key !== "Escape" || !isOpen(block)) { return; }
  close(block);
  block.querySelector(".block-toggle").focus();
}

function moveByKey(event, block, toggle) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!step) { return; }
  event.preventDefault();
  if (event.altKey) { return move(block, step, toggle); }
  const next = blocks()[blocks().indexOf(block) + step];
  if (next) { next.querySelector(".block-toggle").focus(); }
}

function move(block, step, button) {
  const all = blocks();
  const index = all.indexOf(block);
  const other = all[index + step];
  if (!other) { return; }
  [placeField(block).value, placeField(other).value] = [placeField(other).value, placeField(block).value];
  settle();
  (button.disabled ? button.parentNode.querySelector("button:not(:disabled)") : button).focus();
  say(`${kindOf(block)} is now block ${index + step + 1} of ${all.length}.`);
}

function toggleDelete(block, button) {
  const box = block.querySelector(".delete input[type=checkbox]");
  if (!box) { return takeAway(block); }
  box.click();
  button.textContent = box.checked ? "Keep" : "Delete";
  refresh();
  say(kindOf(block) + (box.checked ? " will be deleted when you save." : " is kept."));
}

function buildBars() {
  const top = document.createElement("div");
  top.className = "block-top";
  const words = document.createElement("h2");
  words.textContent = "The page, block by block";
  top.append(words, control("Open all", toggleAll));
  machine().parentNode.insertAdjacentElement("beforebegin", top);
  const end = document.createElement("div");
  end.className = "block-add";
  end.append(control("Add a block", () => insert(null)));
  const status = document.createElement("p");
  status.id = "block-status";
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  end.append(status);
  machine().parentNode.insertAdjacentElement("afterend", end);
}

function toggleAll(button) {
  allOpen = !allOpen;
  button.textContent = allOpen ? "Close all" : "Open all";
  for (const block of blocks()) { if (allOpen) { open(block, { alone: false }); } else { close(block); } }
}

/* The review and advice screens link to a block. Blocks still move and grow after the browser has scrolled there, so
   this scrolls again, until the user does something. */
let acted = false;
for (const kind of ["wheel", "touchstart", "pointerdown", "keydown"]) {
  document.addEventListener(kind, () => { acted = true; }, { once: true, passive: true });
}

function named() {
  const block = document.getElementById(window.location.hash.slice(1));
  return block && machine().contains(block) ? block : null;
}

function goToNamed() {
  const block = named();
  if (acted || !block) { return; }
  block.setAttribute("tabindex", "-1");
  block.focus({ preventScroll: true });
  block.scrollIntoView();
}

function openFirst() {
  const [path, place, name] = JSON.parse(window.sessionStorage.getItem(OPENED)) || [];
  const here = path === window.location.pathname || (path || "").endsWith("/add/"); // a new page has just got its address
  const wanted = named() || (here && blocks().find((block) => (name ? savedAs(block) === name : orderOf(block) === place)));
  const only = blocks().length === 1 && blocks()[0]; // with one block there is nothing to choose from
  if (wanted || only) { open(wanted || only); }
  for (const block of blocks()) { if (block.querySelector(".errorlist")) { open(block, { alone: false }); } }
}

function start() {
  if (!machine() || document.getElementById("block-status") || !window.ContentEditor.allowChange) { return; }
  document.documentElement.classList.add("has-cards");
  for (const block of blocks()) { block.classList.remove("collapsed"); }
  buildBars();
  settle();
  openFirst();
  setUpWhenNear(machine());
  machine().addEventListener("click", toggleByClick, true);
  for (const kind of ["input", "change"]) {
    machine().addEventListener(kind, (event) => describe(event.target.closest(".inline-related")));
  }
  machine().addEventListener("focusin", (event) => {
    const block = event.target.closest(".inline-related.is-open");
    if (block) { document.dispatchEvent(new CustomEvent("block:opened", { detail: { place: orderOf(block) } })); }
  });
  machine().addEventListener("drop", () => window.setTimeout(settle, 0));
  new ResizeObserver(goToNamed).observe(machine());
  document.addEventListener("formset:added", (event) => {
    settle();
    open(event.target);
  });
  document.addEventListener("formset:removed", () => window.setTimeout(refresh, 0));
  document.addEventListener("block:wanted", (event) => show(event.detail.place));
}

/* From the page beside the form: open the block that makes this place of the page. */
function show(place) {
  const block = blocks().find((one) => orderOf(one) === place);
  if (!block) { return; }
  open(block, { focus: true });
  block.scrollIntoView({ block: "nearest" });
}

document.addEventListener("content-editor:ready", start);
if (window.ContentEditor && machine() && machine().querySelector(".order-machine-ordering")) { start(); }
