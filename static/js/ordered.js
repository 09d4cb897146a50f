/* Lists marked data-ordered: a row is moved by dragging it (data-handle), by its buttons (data-step) or with Alt and the arrow
   keys. Then it gets the event “reordered”, and the line after the list says where it is now. */

let dragged = null; // the row, which one stood after it, and whether it was dropped

function rowOf(element) { return element.closest("[data-ordered] > li"); }

function tellMoved(row) { row.dispatchEvent(new Event("reordered", { bubbles: true })); }

/* The first row can't go up, nor the last one down: it lacks that button. */
function prepare(list) {
  for (const handle of list.querySelectorAll("[data-handle]")) { handle.draggable = true; }
  for (const button of list.querySelectorAll("[data-step]")) {
    const row = rowOf(button);
    button.hidden = row === (button.dataset.step === "up" ? list.firstElementChild : list.lastElementChild);
  }
}

function settle(event) {
  const list = event.target.parentElement;
  const rows = [...list.children];
  prepare(list);
  const title = event.target.querySelector("[data-title]").textContent;
  list.nextElementSibling.textContent = `${title} is now number ${rows.indexOf(event.target) + 1} of ${rows.length}.`;
}

function step(row, up, focused) {
  const other = up ? row.previousElementSibling : row.nextElementSibling;
  if (!other) { return; }
  if (up) { other.before(row); } else { other.after(row); }
  tellMoved(row);
  (focused.hidden ? row.querySelector("[data-step]:not([hidden])") : focused).focus();
}

function pressed(event) {
  const button = event.target.closest("[data-step]");
  if (!button || !rowOf(button)) { return; }
  event.preventDefault(); // without this script it asks the server
  step(rowOf(button), button.dataset.step === "up", button);
}

function keyed(event) {
  const row = rowOf(event.target);
  if (!row || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) { return; }
  event.preventDefault();
  step(row, event.key === "ArrowUp", event.target);
}

function pickUp(event) {
  const row = event.target.draggable && rowOf(event.target);
  if (!row) { return; }
  dragged = { row, after: row.nextElementSibling, dropped: false };
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/x-row", "row"); // no plain text, or a box that it is dropped on would take it
}

/* Wherever on the page it is let go, it stays where it stands in the list by then. */
function over(event) {
  if (!dragged) { return; }
  event.preventDefault();
  dragged.dropped = event.type === "drop";
  const row = rowOf(event.target);
  if (!row || row === dragged.row || row.parentElement !== dragged.row.parentElement) { return; }
  const box = row.getBoundingClientRect();
  if (event.clientY < box.top + box.height / 2) { row.before(dragged.row); } else { row.after(dragged.row); }
}

/* If it was not dropped, Escape was pressed, or it was let go outside the page: the order is as before. */
function letGo() {
  if (!dragged) { return; }
  const { row, after, dropped } = dragged;
  dragged = null;
  if (!dropped) {
    row.parentElement.insertBefore(row, after);
  } else if (row.nextElementSibling !== after) {
    tellMoved(row);
  }
}

document.querySelectorAll("[data-ordered]").forEach(prepare);
document.addEventListener("reordered", settle);
document.addEventListener("click", pressed);
document.addEventListener("keydown", keyed);
document.addEventListener("dragstart", pickUp);
document.addEventListener("dragover", over);
document.addEventListener("drop", over);
document.addEventListener("dragend", letGo);
