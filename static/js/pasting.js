/* What is pasted from Word, Google Docs or a web page, read so that no word changes its meaning: deleted words stay
   deleted, 10⁶ does not become 106, cells stay apart, lists are lists. The rich-text editor would drop the tags that say
   so. A notice tells what was left out. education/core/pasting does the same on the server. */

var LEFT_OUT_STYLE = /text-decoration[^;]*line-through|display\s*:\s*none|mso-hide\s*:\s*all/i;
var RAISED = { from: "0123456789+-−=()ni/", to: "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ⁄" };
var LOWERED = { from: "0123456789+-−=()/", to: "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎⁄" };
var BULLET = /^\s*([·•▪◦§]|o(?=\u00a0))\s+/;
var NUMBER = /^\s*\(?(\d{1,3}|[a-z]|[ivx]{1,4})[.)]\s+/i;
var MAX_QUOTED = 60;

function styled(root, pattern) {
  return Array.prototype.filter.call(root.querySelectorAll("[data-style]"), function (element) {
    return pattern.test(element.getAttribute("data-style"));
  });
}

function words(element) {
  return element.textContent.replace(/\s+/g, " ").trim();
}

function quoted(text) {
  return "“" + (text.length > MAX_QUOTED ? text.slice(0, MAX_QUOTED) + "…" : text) + "”";
}

function leaveOut(root, notes) {
  var gone = [];
  var found = Array.prototype.slice.call(root.querySelectorAll("del, s, strike")).concat(styled(root, LEFT_OUT_STYLE));
  found.forEach(function (element) {
    if (!root.contains(element)) { return; }
    if (words(element)) { gone.push(quoted(words(element))); }
    element.remove();
  });
  if (gone.length) { notes.push("Left out, because it was deleted, struck out or hidden: " + gone.join(", ") + "."); }
  root.querySelectorAll("[class^=MsoComment]").forEach(function (element) { element.remove(); });
  var pictures = root.querySelectorAll("img").length;
  if (pictures) { notes.push("Left out: " + pictures + (pictures === 1 ? " picture." : " pictures.") + " Add a picture as a block."); }
}

function inSigns(text, signs, raised) {
  var all = Array.prototype.map.call(text, function (sign) { return signs.to[signs.from.indexOf(sign)] || ""; });
  if (all.every(Boolean)) { return all.join(""); }
  return raised && /\d/.test(text) && text[0] !== "[" ? "^" + text : text;
}

function keepHeight(root) {
  [["sup", /vertical-align\s*:\s*super/i, RAISED], ["sub", /vertical-align\s*:\s*sub/i, LOWERED]].forEach(function (kind) {
    var found = Array.prototype.slice.call(root.querySelectorAll(kind[0])).concat(styled(root, kind[1]));
    found.forEach(function (element) {
      if (!root.contains(element)) { return; }
      element.replaceWith(inSigns(element.textContent.trim(), kind[2], kind[2] === RAISED));
    });
  });
}

function keepCellsApart(root, notes) {
  var wide = false;
  Array.prototype.slice.call(root.querySelectorAll("table")).reverse().forEach(function (table) {
    Array.prototype.forEach.call(table.rows, function (row) {
      if (row.cells.length < 2) {
        Array.prototype.forEach.call(row.cells, function (cell) { table.before.apply(table, Array.from(cell.childNodes)); });
        return;
      }
      wide = true;
      var line = document.createElement("p");
      line.textContent = Array.prototype.map.call(row.cells, function (cell) {
        cell.querySelectorAll("br, p, li, div").forEach(function (part) { part.append(" "); part.before(" "); });
        return words(cell);
      }).join(" | ");
      table.before(line);
    });
    table.remove();
  });
  if (wide) { notes.push("Each row of a table is a line now. To show a table, add it as a block."); }
}

/* Each point of a list from Word is a paragraph that says how deep it stands, and begins with the sign before it. */
function pointOf(paragraph) {
  var style = (paragraph.getAttribute("data-style") || "") + " " + paragraph.className;
  var isWords = /MsoList|mso-list\s*:\s*l\d/i.test(style);
  var marker = styled(paragraph, /mso-list\s*:\s*ignore/i)[0];
  var sign = marker ? words(marker) + " " : paragraph.textContent;
  var found = BULLET.exec(sign) || (isWords && NUMBER.exec(sign));
  if (!found) { return null; }
  if (marker) { marker.remove(); } else { cutStart(paragraph, found[0].length); }
  var level = /mso-list\s*:[^;]*\blevel(\d)/i.exec(style);
  return { tag: NUMBER.test(sign) ? "ol" : "ul", level: level ? Number(level[1]) : 1 };
}

function cutStart(paragraph, length) {
  var walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  while (length > 0 && walker.nextNode()) {
    var cut = Math.min(length, walker.currentNode.length);
    walker.currentNode.deleteData(0, cut);
    length -= cut;
  }
}

function makeLists(root) {
  var open = [];
  root.querySelectorAll("p").forEach(function (paragraph) {
    var point = pointOf(paragraph);
    if (!point) { open = []; return; }
    if (open.length && open[0].list.nextElementSibling !== paragraph) { open = []; }
    while (open.length > point.level || (open.length === point.level && open[open.length - 1].tag !== point.tag)) { open.pop(); }
    if (open.length < point.level) {
      var list = document.createElement(point.tag);
      if (open.length) { open[open.length - 1].list.lastElementChild.append(list); } else { paragraph.before(list); }
      open.push({ tag: point.tag, list: list });
    }
    var item = document.createElement("li");
    item.append.apply(item, Array.from(paragraph.childNodes));
    open[open.length - 1].list.append(item);
    paragraph.remove();
  });
}

/* The policy of the page would report every style, also in a document that is only read. */
function withoutStyles(html) {
  return html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/<[a-z][^>]*>/gi, function (tag) {
    return tag.replace(/\sstyle\s*=/gi, " data-style=");
  });
}

function cleaned(html) {
  var root = new DOMParser().parseFromString(withoutStyles(html), "text/html").body;
  var notes = [];
  leaveOut(root, notes);
  keepHeight(root);
  makeLists(root);
  keepCellsApart(root, notes);
  return { html: root.innerHTML, text: asLines(root), notes: notes };
}

/* For a field of plain words: each paragraph and each point on a line of its own. */
function asLines(root) {
  root.querySelectorAll("br, p, li, div, h1, h2, h3").forEach(function (part) { part.before("\n"); part.after("\n"); });
  return root.textContent.split("\n").map(function (line) { return line.replace(/\s+/g, " ").trim(); }).filter(Boolean).join("\n");
}

function tell(editor, notes) {
  var wrapper = editor.closest(".prose-editor") || editor;
  var notice = wrapper.parentNode.querySelector(".paste-notice");
  if (!notice) {
    notice = document.createElement("p");
    notice.className = "help paste-notice";
    notice.setAttribute("role", "status");
    wrapper.after(notice);
  }
  window.setTimeout(function () { notice.textContent = notes.join(" "); }, 0);
}

var CHANGES_MEANING = /<(del|s|strike|sup|sub|t[dh])[\s>]|line-through|vertical-align|mso-(list|hide)/i;
var passingOn = false;

function passOn(target, clean) {
  var data = new DataTransfer();
  data.setData("text/html", clean.html);
  data.setData("text/plain", clean.text);
  passingOn = true;
  target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  passingOn = false;
}

/* Before the editor sees it: it gets a paste of its own, with what may stay. */
document.addEventListener("paste", function (event) {
  var html = event.clipboardData && event.clipboardData.getData("text/html");
  var editor = event.target.closest && event.target.closest(".prose-editor .ProseMirror");
  var field = !editor && event.target.matches && event.target.matches("textarea, input[type=text]") && event.target;
  if (passingOn || !html || html.indexOf("data-pm-slice") !== -1) { return; }
  if (!editor && !(field && CHANGES_MEANING.test(html))) { return; }
  event.preventDefault();
  event.stopImmediatePropagation();
  var clean = cleaned(html);
  if (editor) { passOn(event.target, clean); } else { document.execCommand("insertText", false, clean.text); }
  tell(editor || field, clean.notes);
}, true);
