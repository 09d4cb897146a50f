/* Takes what is pasted into the editor before the rich-text editor does, and gives it on as it may stay: tables become
   blocks of their own, pictures are offered to the library, and a notice tells what was left out. */

import { addBlock, blocks, editorOf, fill, focusFirstField, prefixOf, richField, say } from "editor/block";
import { copiedRows, textOf } from "editor/cells";
import { offerPicture } from "editor/choices";
import { fieldOfGrid, putRows } from "editor/grid";

const LINES = /\S.{39,}\r?\n\S/; // a line that may have been broken at the margin of a PDF
const CELL = /<t[dh][\s>]/i;
const CHANGES_MEANING = /<(del|s|strike|sup|sub|t[dh])[\s>]|line-through|vertical-align|mso-(list|hide)/i;
let passingOn = false;
let reading = null; // the module that reads what is pasted, once it was needed

/* What is pasted first waits a moment for it. */
function reader() {
  reading = reading || import("editor/pasted");
  return reading;
}

function tell(place, notes, pictures) {
  const wrapper = place.closest(".prose-editor") || place;
  let notice = wrapper.parentNode.querySelector(".paste-notice");
  if (!notice) {
    notice = document.createElement("p");
    notice.className = "help paste-notice";
    notice.setAttribute("role", "status");
    wrapper.after(notice);
  }
  window.setTimeout(() => {
    notice.textContent = notes.join(" ");
    const block = place.closest(".inline-related");
    pictures.forEach((file, index) => notice.append(" ", offer(file, block, pictures.length > 1 ? ` ${index + 1}` : "")));
  }, 0);
}

function offer(file, block, number) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "choose-study";
  button.textContent = `Add picture${number} to the library…`;
  button.addEventListener("click", () => offerPicture(file, block));
  return button;
}

function passOn(target, html) {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "");
  passingOn = true;
  target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  passingOn = false;
}

function prefixOfType(type) {
  const group = document.querySelector(`[data-type="${type}"]`);
  return group && group.id.replace(/-group$/, "");
}

/* The first part goes to the cursor, each other into a block of its own after it; what stood behind the cursor, last. */
function spread(parts, target) {
  const block = target.closest(".inline-related");
  const editor = editorOf(target.closest(".prose-editor").querySelector("textarea"));
  const { doc, selection } = editor.state;
  const rest = doc.textBetween(selection.to, doc.content.size).trim() ? doc.cut(selection.to).toJSON() : null;
  if (rest) { editor.commands.deleteRange({ from: selection.to, to: doc.content.size }); }
  if (parts[0].html) { passOn(target, parts[0].html); }
  let place = block;
  for (const part of parts.slice(1)) {
    place = after(place, part.table ? "table" : "text");
    fill(place, part.table ? tableValues(part.table) : { body: part.html });
  }
  if (rest) { richField(after(place, "text")).commands.setContent(rest, { emitUpdate: true }); }
  const last = rest ? blocks()[blocks().indexOf(place) + 1] : place;
  focusFirstField(last); // the block that had the cursor is closed now
  say(`Pasted as ${parts.filter((part) => part.table || part.html).length} blocks.`);
  return last.querySelector(".form-row");
}

function after(block, type) {
  const next = blocks()[blocks().indexOf(block) + 1];
  return addBlock(prefixOfType(type), next);
}

function tableValues(table) {
  return { caption: table.caption, rows: textOf(table.rows) };
}

/* A field of plain words takes only what keeps its meaning as plain words. */
async function intoField(event, field, html) {
  if (!CHANGES_MEANING.test(html)) { return; }
  stop(event);
  const clean = (await reader()).cleaned(html);
  field.focus();
  document.execCommand("insertText", false, clean.text);
  tell(field, clean.notes, clean.pictures);
}

/* A table, from a page or a spreadsheet, fills the cells from this one on. */
async function intoGrid(event, field, html, text) {
  stop(event);
  const clean = html ? (await reader()).cleaned(html, { tables: true }) : { parts: [], text, notes: [] };
  const found = clean.parts.find((part) => part.table);
  putRows(field, found ? found.table.rows : copiedRows(clean.text));
  if (clean.notes.length) { tell(field, clean.notes, []); }
}

async function intoText(event, target, html) {
  stop(event);
  const inText = target.closest(".inline-group, .inline-related") && prefixOf(target.closest(".inline-related")) === prefixOfType("text");
  const clean = (await reader()).cleaned(html, { tables: inText });
  const place = clean.parts.length > 1 ? spread(clean.parts, target) : target;
  if (place === target) { passOn(target, clean.parts[0].html); }
  tell(place, clean.notes, clean.pictures); // in the block that is open now
}

async function intoLines(event, target, text) {
  stop(event);
  const notes = [];
  const { escaped, joinedLines } = await reader();
  passOn(target, joinedLines(text, notes) || text.split(/\r?\n/).filter((line) => line.trim()).map((line) => `<p>${escaped(line)}</p>`).join(""));
  tell(target, notes, []);
}

function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

document.addEventListener("paste", (event) => {
  const data = event.clipboardData;
  const prose = event.target.closest && event.target.closest(".prose-editor .ProseMirror");
  const field = !prose && event.target.matches && event.target.matches("textarea, input[type=text]") && event.target;
  if (passingOn || !data || !(prose || field)) { return; }
  const html = data.getData("text/html");
  const text = data.getData("text/plain");
  const gridField = field && fieldOfGrid(field);
  if (gridField && (CELL.test(html) || /[\t\n]/.test(text.trim()))) { return intoGrid(event, gridField, html, text); }
  if (html.includes("data-pm-slice")) { return; }
  if (html) {
    if (prose) { intoText(event, prose, html); } else { intoField(event, field, html); }
  } else if (prose && LINES.test(text)) {
    intoLines(event, prose, text);
  }
}, true);
