/* Rows of cells are typed into a grid. What is sent stays the field behind it, with one row a line. */

import { blocks, orderOf, say } from "editor/block";
import { filledUp, rowsOf, textOf, withoutEmptyEnds } from "editor/cells";

const GROWS = window.CSS.supports("field-sizing", "content");
const grids = new WeakMap(); // field → its grid

function made(tag, className, words = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = words;
  return element;
}

function read(field) {
  const rows = rowsOf(field.value);
  return rows.length ? filledUp(rows) : [["", ""], ["", ""], ["", ""]];
}

/* A question has as many answers as it needs; every other row as many cells as the first. */
function write(grid) {
  const rows = withoutEmptyEnds(grid.rows);
  const isRagged = grid.field.dataset.grid === "questions";
  grid.written = textOf(isRagged ? rows.map((row) => withoutEmptyEnds([row])[0] || [""]) : rows);
  grid.field.value = grid.written;
  grid.field.dispatchEvent(new Event("input", { bubbles: true }));
}

function grow(cell) {
  if (GROWS) { return; }
  cell.style.height = "auto";
  cell.style.height = `${cell.scrollHeight}px`;
}

function cellAt(grid) {
  return grid.table.rows[grid.row].cells[grid.column + 1].firstChild;
}

function cell(grid, row, column) {
  const field = made("textarea", "");
  const isHeading = row === 0 && grid.field.dataset.grid !== "questions";
  field.rows = 1;
  field.value = grid.rows[row][column];
  field.setAttribute("aria-label", `Row ${row + 1}, column ${column + 1}${isHeading ? ", heading" : ""}`);
  if (row + column === 0) { field.id = `${grid.field.id}-first`; }
  field.addEventListener("focus", () => {
    Object.assign(grid, { row, column });
    nameTools(grid);
  });
  field.addEventListener("input", () => {
    grid.rows[row][column] = field.value;
    grid.before = null; // what is typed from here on must not be undone with what was before
    nameTools(grid);
    grow(field);
    write(grid);
  });
  return field;
}

function draw(grid) {
  grid.table.replaceChildren(...grid.rows.map((cells, row) => {
    const line = document.createElement("tr");
    line.append(made("th", "", `${row + 1}`));
    line.firstChild.scope = "row";
    cells.forEach((words, column) => {
      line.append(document.createElement("td"));
      line.lastChild.append(cell(grid, row, column));
    });
    return line;
  }));
  grid.table.querySelectorAll("textarea").forEach(grow);
  grid.row = Math.min(grid.row, grid.rows.length - 1);
  grid.column = Math.min(grid.column, grid.rows[0].length - 1);
  nameTools(grid);
}

/* Each button says what it would do to the cell that was last written in. */
function nameTools(grid) {
  const { moveRow, moveColumn, deleteRow, deleteColumn, undo } = grid.tools;
  moveRow.textContent = `Move row ${grid.row + 1} up`;
  moveColumn.textContent = `Move column ${grid.column + 1} left`;
  moveRow.hidden = grid.row === 0;
  moveColumn.hidden = grid.column === 0;
  deleteRow.textContent = `Delete row ${grid.row + 1}`;
  deleteColumn.textContent = `Delete column ${grid.column + 1}`;
  deleteRow.hidden = grid.rows.length === 1;
  deleteColumn.hidden = grid.rows[0].length === 1;
  undo.hidden = !grid.before;
  undo.textContent = grid.before ? `Undo: ${grid.before.words}` : "";
}

/* With what was there before kept, for as long as nothing is typed. */
function change(grid, words, does) {
  grid.before = { words, rows: grid.rows.map((row) => [...row]), row: grid.row, column: grid.column };
  does();
  settle(grid, `${words[0].toUpperCase()}${words.slice(1)}.`);
}

function settle(grid, said) {
  draw(grid);
  write(grid);
  cellAt(grid).focus();
  say(said);
}

function takeBack(grid) {
  const { words, ...before } = grid.before;
  Object.assign(grid, before, { before: null });
  settle(grid, `Taken back: ${words}.`);
}

function insertRow(grid) {
  grid.row += 1;
  grid.rows.splice(grid.row, 0, grid.rows[0].map(() => ""));
}

function insertColumn(grid) {
  grid.column += 1;
  for (const row of grid.rows) { row.splice(grid.column, 0, ""); }
}

/* The one at this place and the one before it change places. */
function moveBack(list, at) {
  list.splice(at - 1, 0, ...list.splice(at, 1));
}

function moveRowUp(grid) {
  moveBack(grid.rows, grid.row);
  grid.row -= 1;
}

function moveColumnLeft(grid) {
  for (const row of grid.rows) { moveBack(row, grid.column); }
  grid.column -= 1;
}

function tool(grid, words, does) {
  const button = made("button", "", words);
  button.type = "button";
  button.addEventListener("click", does);
  grid.bar.append(button);
  return button;
}

function addTools(grid) {
  tool(grid, "Add a row", () => change(grid, `row ${grid.row + 2} added`, () => insertRow(grid)));
  tool(grid, "Add a column", () => change(grid, `column ${grid.column + 2} added`, () => insertColumn(grid)));
  const moveRow = tool(grid, "", () => change(grid, `row ${grid.row + 1} moved up`, () => moveRowUp(grid)));
  const moveColumn = tool(grid, "", () => change(grid, `column ${grid.column + 1} moved left`, () => moveColumnLeft(grid)));
  const deleteRow = tool(grid, "", () => change(grid, `row ${grid.row + 1} deleted`, () => grid.rows.splice(grid.row, 1)));
  const deleteColumn = tool(grid, "", () => change(grid, `column ${grid.column + 1} deleted`, () => {
    for (const row of grid.rows) { row.splice(grid.column, 1); }
  }));
  const undo = tool(grid, "", () => takeBack(grid));
  return { moveRow, moveColumn, deleteRow, deleteColumn, undo };
}

/* As in a spreadsheet: to the cell below, which is made if there is none. With Ctrl it shows the page. */
function below(event, grid) {
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) { return; }
  event.preventDefault();
  if (grid.row === grid.rows.length - 1) {
    change(grid, `row ${grid.row + 2} added`, () => insertRow(grid));
  } else {
    grid.row += 1;
    cellAt(grid).focus();
  }
}

/* Tab would lead through all further cells, and the buttons would then be about the last of them. */
function toTools(event, grid) {
  if (event.key === "F10" && event.altKey) {
    event.preventDefault();
    grid.bar.firstChild.focus();
  }
}

/* Pasted from the last cell on; the grid gets as many rows and columns as that takes. */
export function putRows(field, rows) {
  const grid = grids.get(field);
  change(grid, `${rows.length === 1 ? "1 row" : `${rows.length} rows`} pasted`, () => {
    rows.forEach((cells, down) => {
      const row = grid.row + down;
      if (!grid.rows[row]) { grid.rows.push([]); }
      cells.forEach((words, across) => { grid.rows[row][grid.column + across] = words; });
    });
    grid.rows = filledUp(grid.rows.map((row) => Array.from(row, (words) => words || "")));
  });
}

/* The field whose grid this cell stands in. */
export function fieldOfGrid(cell) {
  const box = cell.closest(".grid");
  return box && box.nextElementSibling;
}

function dress(field) {
  const label = document.querySelector(`label[for="${field.id}"]`);
  const help = document.getElementById(`${field.id}_helptext`);
  const box = made("div", "grid");
  const grid = { field, rows: read(field), row: 0, column: 0, before: null, written: field.value };
  grid.table = made("table", "grid-cells");
  grid.table.setAttribute("role", "presentation"); // each cell says where it stands
  grid.bar = made("div", "grid-tools");
  grid.tools = addTools(grid);
  const scroll = made("div", "grid-scroll");
  scroll.append(grid.table);
  box.append(scroll, grid.bar);
  box.setAttribute("role", "group");
  if (label) {
    box.setAttribute("aria-label", label.textContent.replace(/:$/, ""));
    label.htmlFor = `${field.id}-first`;
  }
  if (help) {
    help.textContent = `${field.dataset.gridHelp} Alt + F10 leads from a cell to the buttons below.`;
    box.setAttribute("aria-describedby", help.id);
  }
  box.addEventListener("keydown", (event) => { if (event.target.matches("textarea")) { below(event, grid); toTools(event, grid); } });
  field.addEventListener("change", () => {
    if (field.value === grid.written) { return; }
    Object.assign(grid, { rows: read(field), before: null, written: field.value });
    draw(grid);
  });
  field.before(box);
  field.hidden = true;
  grids.set(field, grid);
  box.classList.toggle("has-headings", field.dataset.grid !== "questions");
  draw(grid);
}

/* As a block is opened: a page with long tables has hundreds of cells. */
document.addEventListener("block:opened", (event) => {
  const block = blocks().find((one) => orderOf(one) === event.detail.place);
  for (const field of block ? block.querySelectorAll("textarea[data-grid]") : []) {
    if (!grids.has(field) && !field.name.includes("__prefix__")) { dress(field); }
  }
});
