/* Where a block was that is gone: a line with its name, and a button that brings it back with all that stood in it. */

import { addBlock, blocks, fill, kindOf, machine, orderOf, prefixOf, read, say } from "editor/block";

let line = null;

/* Takes a block away that was never saved: one that was is only marked. */
export function takeAway(block) {
  const gone = { kind: kindOf(block), prefix: prefixOf(block), values: read(block), order: orderOf(block) };
  const next = blocks()[blocks().indexOf(block) + 1];
  block.querySelector(".inline-deletelink").click();
  offer(gone, next);
  say(`${gone.kind} deleted.`);
}

function offer(gone, next) {
  if (line) { line.remove(); }
  line = document.createElement("p");
  line.className = "block-gone";
  line.style.order = gone.order;
  const back = document.createElement("button");
  back.type = "button";
  back.textContent = "Undo";
  back.setAttribute("aria-label", `Undo: bring ${gone.kind} back`);
  back.addEventListener("click", () => bringBack(gone, next));
  line.append(`${gone.kind} deleted. `, back);
  if (next) { next.before(line); } else { machine().append(line); }
  back.focus();
}

function bringBack({ kind, prefix, values }, next) {
  line.remove();
  const made = addBlock(prefix, blocks().includes(next) ? next : null);
  fill(made, values);
  made.querySelector(".block-toggle").focus();
  say(`${kind} is back.`);
}
