/* Rows of cells as text: one row a line with | between the cells, as education/articles/content/tables.py reads them; and
   as a spreadsheet copies them. */

const TOKEN = /\\([\\|])|(\|)|([^\\|]+|\\)/g; // an escaped sign, a bar, or any others
const COPIED = /(\t)|(\r?\n)|"((?:[^"]|"")*)"(?=[\t\r\n]|$)|([^\t\r\n]+)/g; // a cell of several lines stands in quotes

function oneLine(words) {
  return words.replace(/\s+/g, " ").trim();
}

/* Bars at both ends are a frame, not empty cells. */
function cellsOf(line) {
  const cells = [""];
  for (const [, escaped, bar, others] of line.trim().matchAll(TOKEN)) {
    if (bar) { cells.push(""); } else { cells[cells.length - 1] += escaped || others; }
  }
  const found = cells.map(oneLine);
  const framed = found.length > 2 && !found[0] && !found[found.length - 1];
  return framed ? found.slice(1, -1) : found;
}

export function rowsOf(text) {
  return text.split("\n").filter((line) => line.trim()).map(cellsOf);
}

export function textOf(rows) {
  return rows.map((row) => `| ${row.map((cell) => oneLine(cell).replace(/[\\|]/g, "\\$&")).join(" | ")} |`).join("\n");
}

/* What a spreadsheet puts down as plain text, or any lines: a row each. */
export function copiedRows(text) {
  const rows = [[""]];
  for (const [, tab, end, quoted, others] of text.trimEnd().matchAll(COPIED)) {
    const row = rows[rows.length - 1];
    if (end) { rows.push([""]); } else if (tab) { row.push(""); } else { row[row.length - 1] = oneLine(others || quoted.replace(/""/g, '"')); }
  }
  return filledUp(rows);
}

/* Each row as long as the longest. */
export function filledUp(rows) {
  const width = Math.max(...rows.map((row) => row.length));
  return rows.map((row) => [...row, ...Array(width - row.length).fill("")]);
}

/* Without rows and columns at the ends in which nothing stands. */
export function withoutEmptyEnds(rows) {
  const last = (cells) => cells.reduce((found, cell, at) => (cell.trim() ? at + 1 : found), 0);
  const length = last(rows.map((row) => row.join("")));
  const width = Math.max(0, ...rows.map(last));
  return rows.slice(0, length).map((row) => row.slice(0, width));
}
