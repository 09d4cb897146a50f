/* Buttons to add, move and delete the blocks of an article: for the keyboard, for touch, and for everyone.
   The block editor itself offers dragging only. */

var machine = null;
var justAdded = null;

function blocks() {
  var found = Array.prototype.slice.call(machine.querySelectorAll(".inline-related:not(.empty-form)"));
  return found.sort(function (a, b) { return orderOf(a) - orderOf(b); });
}

function orderOf(block) {
  return Number(block.querySelector(".order-machine-ordering").value) || 1e9;
}

function kindOf(block) {
  var label = block.querySelector(":scope > h3 b, h3 b");
  return label ? label.textContent.replace(/:$/, "").trim() : "Block";
}

/* Reading order follows the order of the page, so the DOM must too. */
function settle() {
  var focused = document.activeElement;
  blocks().forEach(function (block, index) {
    var order = 10 * (index + 1);
    block.querySelector(".order-machine-ordering").value = order;
    block.style.order = order;
    machine.appendChild(block);
  });
  if (machine.contains(focused)) { focused.focus(); }
  refresh();
}

/* A new block is a copy of a template in which the link from field to help text is not filled in. */
function nameHelp(block) {
  block.querySelectorAll("[aria-describedby*='__prefix__']").forEach(function (field) {
    field.setAttribute("aria-describedby", field.id + "_helptext");
  });
}

function refresh() {
  var all = blocks();
  all.forEach(function (block, index) {
    if (!block.querySelector(".block-controls")) { addControls(block); }
    var place = kindOf(block) + ", block " + (index + 1) + " of " + all.length;
    block.querySelectorAll(".block-controls button").forEach(function (button) {
      button.setAttribute("aria-label", button.textContent + ": " + place);
    });
    block.querySelector("[data-move='-1']").disabled = index === 0;
    block.querySelector("[data-move='1']").disabled = index === all.length - 1;
  });
}

function say(words) {
  document.getElementById("block-status").textContent = words;
}

function control(text, data) {
  var button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  if (data) { button.setAttribute("data-move", data); }
  return button;
}

function addControls(block) {
  var bar = document.createElement("div");
  bar.className = "block-controls";
  var up = control("Move up", "-1");
  var down = control("Move down", "1");
  var remove = control("Delete");
  up.addEventListener("click", function () { move(block, -1, up); });
  down.addEventListener("click", function () { move(block, 1, down); });
  remove.addEventListener("click", function () { toggleDelete(block, remove); });
  [up, down, remove].forEach(function (button) { bar.appendChild(button); });
  block.querySelector("h3").insertAdjacentElement("afterend", bar);
}

function move(block, step, button) {
  var all = blocks();
  var index = all.indexOf(block);
  var other = all[index + step];
  if (!other) { return; }
  var mine = block.querySelector(".order-machine-ordering");
  var theirs = other.querySelector(".order-machine-ordering");
  var order = mine.value;
  mine.value = theirs.value;
  theirs.value = order;
  settle();
  (button.disabled ? button.parentNode.querySelector("button:not(:disabled)") : button).focus();
  say(kindOf(block) + " is now block " + (index + step + 1) + " of " + all.length + ".");
}

function toggleDelete(block, button) {
  var box = block.querySelector(".delete input[type=checkbox]");
  if (!box) {
    var gone = kindOf(block);
    block.querySelector(".inline-deletelink").click();
    say(gone + " deleted.");
    return;
  }
  box.click();
  button.textContent = box.checked ? "Keep" : "Delete";
  refresh();
  say(kindOf(block) + (box.checked ? " will be deleted when you save." : " is kept."));
}

function addBar(editor) {
  var bar = document.createElement("div");
  bar.className = "block-add";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "Add a block at the end");
  var words = document.createElement("span");
  words.textContent = "Add a block:";
  bar.appendChild(words);
  editor.plugins.forEach(function (plugin) {
    var button = control(plugin.title);
    button.addEventListener("click", function () {
      editor._insertBefore = null;
      editor.addContent(plugin.prefix);
      window.setTimeout(focusNewest, 0);
      say(plugin.title + " added at the end.");
    });
    bar.appendChild(button);
  });
  var status = document.createElement("p");
  status.id = "block-status";
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  bar.appendChild(status);
  machine.parentNode.insertAdjacentElement("afterend", bar);
}

function firstRow(block) {
  return block.querySelector(".form-row:not(.hidden)");
}

function focusNewest() {
  var all = blocks();
  var row = firstRow(all[all.length - 1]);
  var field = row.querySelector(".ProseMirror") || row.querySelector("select, textarea, input");
  if (field) { field.focus(); }
}

/* The rich-text editor is created a moment after its block, and without an accessible name. */
function nameEditor(textarea) {
  var wrapper = textarea.closest(".prose-editor");
  var editor = wrapper && wrapper.querySelector(".ProseMirror");
  var label = document.querySelector("label[for='" + textarea.id + "']");
  if (!editor) { return; }
  editor.setAttribute("aria-label", label ? label.textContent.replace(/:$/, "") : "Text");
  editor.setAttribute("aria-multiline", "true");
  if (textarea.getAttribute("aria-describedby")) {
    editor.setAttribute("aria-describedby", textarea.getAttribute("aria-describedby"));
  }
}

/* The review and advice screens link to a block. Blocks still move and grow after the browser has scrolled there, so
   this scrolls again, until the user does something. */
var acted = false;

function goToNamed() {
  var block = document.getElementById(window.location.hash.slice(1));
  if (acted || !block || !machine.contains(block)) { return; }
  block.setAttribute("tabindex", "-1");
  block.focus({ preventScroll: true });
  block.scrollIntoView();
}

["wheel", "touchstart", "pointerdown", "keydown"].forEach(function (kind) {
  document.addEventListener(kind, function () { acted = true; }, { once: true, passive: true });
});

function editorReady(event) {
  nameEditor(event.target);
  if (justAdded && firstRow(justAdded).contains(event.target)) { event.detail.editor.commands.focus(); }
}

function start() {
  machine = document.querySelector(".order-machine");
  if (!machine || document.getElementById("block-status")) { return; }
  if (window.ContentEditor.allowChange) { addBar(window.ContentEditor); settle(); }
  new ResizeObserver(goToNamed).observe(machine);
  document.addEventListener("formset:added", function (event) {
    justAdded = event.target;
    nameHelp(justAdded);
    window.setTimeout(settle, 0);
  });
  document.addEventListener("formset:removed", function () { window.setTimeout(refresh, 0); });
}

/* An editor may have been created before this script ran. */
document.querySelectorAll(".prose-editor textarea").forEach(nameEditor);
document.addEventListener("prose-editor:ready", editorReady);
document.addEventListener("content-editor:ready", start);
if (window.ContentEditor && document.querySelector(".order-machine .order-machine-ordering")) { start(); }
