/* What can be done with a block beside moving and deleting it: insert, duplicate, copy, split, merge, turn into. */

import {
  addBlock, blocks, excerpt, fill, fieldsOf, focusFirstField, kindOf, plain, prefixOf, read, richField, say
} from "editor/block";
import { choose, copy, kinds } from "editor/chooser";

const LISTS = ["steps", "key-points", "questions"]; // kinds whose words are one entry a line
const TEXT = "text";

/* Before `block`, or at the end. */
export async function insert(block) {
  const all = blocks();
  const place = block ? all.indexOf(block) + 1 : all.length + 1;
  const chosen = await choose(block ? `Insert before block ${place}` : "Add a block at the end");
  if (!chosen) {
    (block ? block.querySelector(".block-insert") : document.querySelector(".block-add button")).focus();
    return;
  }
  const made = addBlock(chosen.prefix, block);
  if (chosen.values) { fill(made, chosen.values); }
  focusFirstField(made);
  say(`${kindOf(made)} added as block ${place}.`);
}

/* Label and verb of each, for the controls of a card. */
export function moreActions(block) {
  const found = [["Duplicate", () => duplicate(block)], ["Copy", () => remember(block)]];
  if (typeOf(block) === TEXT) {
    found.push(["Split here", () => split(block)], ["Join with next", () => merge(block)]);
    for (const type of LISTS) {
      const kind = ofType(type);
      if (kind) { found.push([`Turn into ${kind.title.toLowerCase()}`, () => turnInto(block, kind)]); }
    }
  }
  return found;
}

function typeOf(block) {
  return document.getElementById(`${prefixOf(block)}-group`).dataset.type;
}

function ofType(type) {
  return kinds().find((kind) => document.getElementById(`${kind.prefix}-group`).dataset.type === type);
}

function after(block) {
  return blocks()[blocks().indexOf(block) + 1];
}

function duplicate(block) {
  fill(addBlock(prefixOf(block), after(block)), read(block));
  say(`${kindOf(block)} duplicated.`);
}

function remember(block) {
  copy({ prefix: prefixOf(block), values: read(block), words: excerpt(block) });
  say(`${kindOf(block)} copied. “Add a block” offers it, on this page and on others.`);
}

/* At the cursor: what follows it becomes a text block of its own. */
function split(block) {
  const editor = richField(block);
  const { doc, selection } = editor.state;
  const first = doc.cut(0, selection.from).toJSON();
  const rest = doc.cut(selection.from).toJSON();
  if (!plain(textOf(first)) || !plain(textOf(rest))) {
    say("Put the cursor where the text should be split, then press this again.");
    editor.commands.focus();
    return;
  }
  richField(addBlock(prefixOf(block), after(block))).commands.setContent(rest, { emitUpdate: true });
  editor.commands.setContent(first, { emitUpdate: true });
  say("Split in two.");
}

function textOf(node) {
  return wordsOf(node) + (node.content || []).map(textOf).join(" ");
}

function wordsOf(node) {
  return node.type === "citation" ? `[@${node.attrs.key}]` : node.text || "";
}

function merge(block) {
  const next = after(block);
  if (!next || typeOf(next) !== TEXT) {
    say("The next block is no text, so there is nothing to join.");
    return;
  }
  const editor = richField(block);
  const rest = richField(next).getJSON().content;
  editor.commands.insertContentAt(editor.state.doc.content.size, rest);
  remove(next);
  say("Joined with the next text.");
}

function remove(block) {
  const box = block.querySelector(".delete input[type=checkbox]");
  (box || block.querySelector(".inline-deletelink")).click();
}

/* Each paragraph or list item becomes one line. */
function turnInto(block, kind) {
  const lines = linesOf(richField(block).getJSON());
  const made = addBlock(kind.prefix, after(block));
  const name = Object.keys(fieldsOf(made)).find((one) => one === "items");
  fill(made, { [name]: lines.join("\n") });
  remove(block);
  say(`Turned into ${kind.title.toLowerCase()}.`);
}

function linesOf(node) {
  if (node.type === "paragraph" || node.type === "heading") {
    const line = (node.content || []).map((part) => wordsOf(part) || " ").join("").trim();
    return line ? [line] : [];
  }
  return (node.content || []).flatMap(linesOf);
}

/* “/” on an empty line of text opens the list of blocks. */
document.addEventListener("keydown", (event) => {
  const block = event.key === "/" && event.target.closest && event.target.closest(".inline-related");
  const editor = block && event.target.classList.contains("ProseMirror") && richField(block);
  if (!editor || editor.state.selection.$from.parent.textContent) { return; }
  event.preventDefault();
  insert(after(block) || null);
});
