/* The form of a topic: its pages as a list, put in order by dragging or with Alt and the arrow keys. The field of addresses
   stays in the form and holds the order. */
(function () {
  "use strict";

  var field = document.querySelector("textarea[name=shelf][data-pages]");
  var list = document.createElement("ol");
  var status = document.createElement("p");
  var dragged = null;

  function start() {
    var titles = new Map(JSON.parse(field.dataset.pages));
    var listed = field.value.split("\n").map(function (line) { return line.trim(); }).filter(Boolean);
    var slugs = new Set(listed.concat(Array.from(titles.keys())));
    list.className = "topic-order";
    list.setAttribute("aria-label", "Its pages in order");
    slugs.forEach(function (slug) { list.append(row(slug, titles.get(slug) || slug)); });
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    field.hidden = true;
    field.after(list, status);
    if (window.location.hash === "#" + field.id) { list.scrollIntoView(); }
    list.addEventListener("dragover", over);
    list.addEventListener("drop", over);
  }

  function row(slug, title) {
    var item = document.createElement("li");
    item.draggable = true;
    item.dataset.slug = slug;
    var buttons = document.createElement("span");
    buttons.append(button("Move up", title, item), button("Move down", title, item));
    item.append(title, buttons);
    item.addEventListener("dragstart", function (event) {
      dragged = item;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/x-row", "row"); // no plain text, or a box that it is dropped on would take it
    });
    item.addEventListener("dragend", function () { dragged = null; moved(item); });
    return item;
  }

  function button(words, title, item) {
    var made = document.createElement("button");
    made.type = "button";
    made.textContent = words;
    made.setAttribute("aria-label", words + ": " + title);
    made.addEventListener("click", function () { step(item, words === "Move up", made); });
    made.addEventListener("keydown", function (event) {
      if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
        event.preventDefault();
        step(item, event.key === "ArrowUp", made);
      }
    });
    return made;
  }

  function step(item, up, pressed) {
    var other = up ? item.previousElementSibling : item.nextElementSibling;
    if (other) {
      if (up) { other.before(item); } else { other.after(item); }
      pressed.focus();
      moved(item);
    }
  }

  function over(event) {
    var item = event.target.closest("li");
    if (!dragged || !item) { return; }
    event.preventDefault();
    var box = item.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) { item.before(dragged); } else { item.after(dragged); }
  }

  function moved(item) {
    var rows = Array.from(list.children);
    field.value = rows.map(function (one) { return one.dataset.slug; }).join("\n");
    field.dispatchEvent(new Event("change", { bubbles: true }));
    status.textContent = item.firstChild.textContent + " is now page " + (rows.indexOf(item) + 1) + " of " + rows.length + ".";
  }

  if (field) { start(); }
}());
