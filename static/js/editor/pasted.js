/* What is pasted from Word, Google Docs, Outlook, web pages or PDFs, read so that no word changes its meaning: deleted
   words stay deleted, 10⁶ does not become 106, cells stay apart, lists are lists, bold is bold however it was marked.
   education/core/pasting does the same on the server with what comes there by other ways. */

const LEFT_OUT = /text-decoration[^;]*line-through|display\s*:\s*none|mso-hide\s*:\s*all/i;
const BOLD = /(?:^|[;\s])font-weight\s*:\s*(bold|[6-9]00)/i;
const NOT_BOLD = /(?:^|[;\s])font-weight\s*:\s*(normal|[1-4]00)/i;
const ITALIC = /(?:^|[;\s])font-style\s*:\s*(italic|oblique)/i;
const NOT_ITALIC = /(?:^|[;\s])font-style\s*:\s*normal/i;
const RAISED = { from: "0123456789+-−=()ni/", to: "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ⁄" };
const LOWERED = { from: "0123456789+-−=()/", to: "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎⁄" };
const BULLET = /^\s*([·•▪◦§]|o(?=\u00a0))\s+/;
const NUMBER = /^\s*\(?(\d{1,3}|[a-z]|[ivx]{1,4})[.)]\s+/i;
const ALLOWED = /^(https?:\/\/|mailto:|tel:|\/(?!\/))/i;
const BLOCK = "p, ul, ol, table, h1, h2, h3, h4, h5, h6, div, blockquote, pre, section, article";
const MAX_QUOTED = 60;

/* {parts, text, notes, pictures}: `parts` are in order {html} or {table: {caption, rows}}; without `tables`, a table
   becomes lines of text. `pictures` are files. */
export function cleaned(html, { tables = false } = {}) {
  const root = new DOMParser().parseFromString(withoutStyles(html), "text/html").body;
  const notes = [];
  leaveOut(root, notes);
  keepHeight(root);
  const pictures = takePictures(root, notes);
  keepLinks(root, notes);
  keepMarks(root);
  settleHeadings(root);
  makeLists(root);
  unwrapLayout(root);
  const parts = tables ? divided(root) : [];
  if (linesOfTables(root) && !parts.length) {
    notes.push("Each row of a table is a line now. To show a table, add it as a block.");
  }
  tidy(root);
  const whole = parts.length ? parts : [{ html: root.innerHTML }];
  return { parts: whole, text: asLines(root.cloneNode(true)), notes, pictures };
}

/* Lines that a PDF broke at its margin are joined again; a paragraph ends where a line is short, or ends a sentence. */
export function joinedLines(text, notes) {
  const lines = text.replace(/\r/g, "").split("\n").map((line) => line.trim());
  const long = lines.filter(Boolean).sort((a, b) => b.length - a.length)[0] || "";
  const isBroken = (line, at) => line.length > long.length * 0.75 && !/[.!?:]$/.test(line) && lines[at + 1];
  if (long.length < 40 || !lines.some(isBroken)) { return ""; }
  const paragraphs = [[]];
  for (const line of lines) {
    if (!line || BULLET.test(line)) { paragraphs.push([]); }
    if (line) { paragraphs[paragraphs.length - 1].push(line); }
    if (line && line.length < long.length * 0.75 && /[.!?:]$/.test(line)) { paragraphs.push([]); }
  }
  const divided = lines.some((line) => /[a-z]-$/i.test(line));
  if (divided) { notes.push("Words were divided at the ends of lines: look at the hyphens."); }
  const made = paragraphs.filter((some) => some.length).map((some) => `<p>${escaped(some.join(" ").replace(/([a-z]-) (?=[a-z])/gi, "$1"))}</p>`);
  const root = new DOMParser().parseFromString(made.join(""), "text/html").body;
  makeLists(root);
  return root.innerHTML;
}

export function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/* The policy of the page would report every style and every handler, also in a document that is only read. */
function withoutStyles(html) {
  return html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/([\s/"'])(style|on[a-z]+)\s*=/gi, "$1 data-$2="));
}

function all(root, selector) {
  return [...root.querySelectorAll(selector)].filter((element) => root.contains(element));
}

function styled(root, pattern) {
  return all(root, "[data-style]").filter((element) => pattern.test(element.dataset.style));
}

function words(element) {
  return element.textContent.replace(/\s+/g, " ").trim();
}

function quoted(text) {
  return `“${text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text}”`;
}

function unwrap(element) {
  element.replaceWith(...element.childNodes);
}

function leaveOut(root, notes) {
  const gone = [];
  for (const element of [...all(root, "del, s, strike"), ...styled(root, LEFT_OUT)]) {
    if (!root.contains(element)) { continue; }
    if (words(element)) { gone.push(quoted(words(element))); }
    element.remove();
  }
  if (gone.length) { notes.push(`Left out, because it was deleted, struck out or hidden: ${gone.join(", ")}.`); }
  for (const comment of all(root, "[class^=MsoComment], [class^=msocom], a[href^='#cmnt']")) { (comment.closest("sup") || comment).remove(); }
  for (const element of all(root, "script, template, noscript, button, select, input, object, iframe, svg, title, meta, link")) { element.remove(); }
}

function inSigns(text, signs, raised) {
  const found = [...text].map((sign) => signs.to[signs.from.indexOf(sign)] || "");
  if (found.every(Boolean)) { return found.join(""); }
  return raised && /\d/.test(text) && text[0] !== "[" ? `^${text}` : text;
}

function keepHeight(root) {
  for (const [tag, style, signs] of [["sup", /vertical-align\s*:\s*super/i, RAISED], ["sub", /vertical-align\s*:\s*sub/i, LOWERED]]) {
    for (const element of [...all(root, tag), ...styled(root, style)]) {
      if (root.contains(element) && !element.querySelector("p")) { element.replaceWith(inSigns(element.textContent.trim(), signs, signs === RAISED)); }
    }
  }
}

/* A picture that came along can be offered to the library; one that is only named is not here. */
function takePictures(root, notes) {
  const found = all(root, "img").filter((picture) => !(picture.width === 1 || picture.getAttribute("width") === "1"));
  const files = found.map((picture) => fileOf(picture.getAttribute("src") || "")).filter(Boolean);
  const missing = found.length - files.length;
  if (files.length) { notes.push(`Left out for now: ${counted(files.length, "picture")}. Press the button to add ${files.length === 1 ? "it" : "them"} to the library.`); }
  if (missing) { notes.push(`Left out: ${counted(missing, "picture")}. Paste or drop ${missing === 1 ? "it" : "them"} here by itself, and it goes to the library.`); }
  for (const picture of all(root, "img, picture, v\\:shape, v\\:imagedata")) { picture.remove(); }
  return files;
}

function counted(count, noun) {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

function fileOf(address) {
  const match = /^data:(image\/(?:png|jpeg|webp));base64,([a-z0-9+/=\s]+)$/i.exec(address);
  if (!match) { return null; }
  const bytes = Uint8Array.from(window.atob(match[2]), (sign) => sign.charCodeAt(0));
  return new File([bytes], `pasted.${match[1].split("/")[1]}`, { type: match[1] });
}

function keepLinks(root, notes) {
  let gone = 0;
  for (const link of all(root, "a")) {
    const target = goesTo((link.getAttribute("href") || "").trim());
    if (!ALLOWED.test(target) || !words(link)) {
      gone += Number(Boolean(target) && !target.startsWith("#") && Boolean(words(link)));
      unwrap(link);
    } else {
      link.setAttribute("href", target);
    }
  }
  if (gone) { notes.push(`Left out: ${counted(gone, "link")} that would lead nowhere from here.`); }
}

/* Where a link leads that Google Docs or Outlook have wrapped into one of their own. */
function goesTo(href) {
  const wrapped = /^https:\/\/(?:www\.google\.com\/url\?(?:[^#]*&)?q|[^/]*\.safelinks\.protection\.outlook\.com\/\?(?:[^#]*&)?url)=([^&#]+)/i.exec(href);
  try {
    return wrapped ? decodeURIComponent(wrapped[1]) : href;
  } catch {
    return href;
  }
}

function keepMarks(root) {
  for (const [tags, wanted, pattern, against] of [["b, strong", "strong", BOLD, NOT_BOLD], ["i, em, cite", "em", ITALIC, NOT_ITALIC]]) {
    for (const element of all(root, tags)) {
      if (against.test(element.dataset.style || "") || element.querySelector(BLOCK)) { unwrap(element); }
    }
    for (const element of styled(root, pattern)) {
      if (element.closest("h1, h2, h3, h4, h5, h6") || element.parentElement.closest(tags)) { continue; }
      if (element.matches("table, tbody, tr, ul, ol") || element.querySelector(BLOCK)) { continue; }
      const mark = document.createElement(wanted);
      mark.append(...element.childNodes);
      element.append(mark);
    }
  }
}

/* A page has its title already: headings begin at the second level, and end at the third. */
function settleHeadings(root) {
  for (const paragraph of all(root, "p[class^='MsoHeading'], p[role=heading], div[role=heading]")) {
    const level = Number(/\d/.exec(paragraph.className) || paragraph.getAttribute("aria-level") || 2);
    rename(paragraph, `h${Math.min(level, 6)}`);
  }
  for (const title of all(root, "p.MsoTitle")) { rename(title, "h1"); }
  const found = all(root, "h1, h2, h3, h4, h5, h6");
  const down = found.some((heading) => heading.tagName === "H1") ? 1 : 0;
  for (const heading of found) {
    for (const mark of all(heading, "b, strong, i, em")) { unwrap(mark); }
    rename(heading, `h${Math.min(3, Math.max(2, Number(heading.tagName[1]) + down))}`);
  }
}

function rename(element, tag) {
  const made = document.createElement(tag);
  made.append(...element.childNodes);
  element.replaceWith(made);
}

/* Each point of a list from Word is a paragraph that says how deep it stands, and begins with the sign before it. */
function pointOf(paragraph) {
  const style = `${paragraph.dataset.style || ""} ${paragraph.className}`;
  const isWords = /MsoList|mso-list\s*:\s*l\d/i.test(style);
  const marker = styled(paragraph, /mso-list\s*:\s*ignore/i)[0];
  const sign = marker ? `${words(marker)} ` : paragraph.textContent;
  const found = marker || BULLET.exec(sign) || (isWords && NUMBER.exec(sign));
  if (!found) { return null; }
  if (marker) { marker.remove(); } else { cutStart(paragraph, found[0].length); }
  const level = /mso-list\s*:[^;]*\blevel(\d)/i.exec(style);
  return { tag: NUMBER.test(sign) ? "ol" : "ul", level: level ? Number(level[1]) : 1 };
}

function cutStart(paragraph, length) {
  const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  let left = length;
  while (left > 0 && walker.nextNode()) {
    const cut = Math.min(left, walker.currentNode.length);
    walker.currentNode.deleteData(0, cut);
    left -= cut;
  }
}

function makeLists(root) {
  let open = [];
  for (const paragraph of all(root, "p")) {
    const point = paragraph.closest("li") ? null : pointOf(paragraph);
    if (!point) { open = []; continue; }
    if (open.length && open[0].list.nextElementSibling !== paragraph) { open = []; }
    while (open.length > point.level || (open.length === point.level && open[open.length - 1].tag !== point.tag)) { open.pop(); }
    if (open.length < point.level) {
      const list = document.createElement(point.tag);
      if (open.length) { open[open.length - 1].list.lastElementChild.append(list); } else { paragraph.before(list); }
      open.push({ tag: point.tag, list });
    }
    const item = document.createElement("li");
    item.append(...paragraph.childNodes);
    open[open.length - 1].list.append(item);
    paragraph.remove();
  }
  for (const inner of all(root, "ul > ul, ul > ol, ol > ul, ol > ol")) { // as Google Docs and old Word write them
    if (inner.previousElementSibling) { inner.previousElementSibling.append(inner); } else { unwrap(inner); }
  }
}

/* Tables of one column only place things, as mail programs do. */
function unwrapLayout(root) {
  for (const table of all(root, "table").reverse()) {
    if ([...table.rows].some((row) => row.cells.length > 1)) { continue; }
    for (const row of table.rows) { for (const cell of row.cells) { table.before(...cell.childNodes); } }
    table.remove();
  }
}

function cellWords(cell) {
  for (const part of cell.querySelectorAll("br, p, li, div")) { part.append(" "); part.before(" "); }
  return words(cell);
}

function rowsOf(table) {
  const rows = [...table.rows].map((row) => [...row.cells].flatMap((cell) => [cellWords(cell), ...Array(Math.min(cell.colSpan, 20) - 1).fill("")]));
  const width = Math.max(...rows.map((row) => row.length));
  return rows.filter((row) => row.some(Boolean)).map((row) => [...row, ...Array(width - row.length).fill("")]);
}

/* The text before, between and after the tables, and the tables. */
function divided(root) {
  const tables = all(root, "table").filter((table) => !table.parentElement.closest("table"));
  const copy = root.cloneNode(true);
  const places = all(copy, "table").filter((table) => !table.parentElement.closest("table"));
  for (const place of places) { lift(place, copy); }
  const parts = [];
  let text = document.createElement("div");
  const finish = () => { tidy(text); if (words(text)) { parts.push({ html: text.innerHTML }); } text = document.createElement("div"); };
  for (const node of [...copy.childNodes]) {
    if (!places.includes(node)) { text.append(node); continue; }
    finish();
    const table = tables[places.indexOf(node)].cloneNode(true);
    const caption = table.caption ? words(table.caption) : "";
    parts.push({ table: { caption, rows: rowsOf(table) } });
  }
  finish();
  return parts.some((part) => part.table) ? [...(parts[0].table ? [{ html: "" }] : []), ...parts] : [];
}

/* Brings a table out of what it stands in, and what follows it there along behind it. */
function lift(table, root) {
  while (table.parentElement !== root) {
    const around = table.parentElement;
    const rest = around.cloneNode(false);
    while (table.nextSibling) { rest.append(table.nextSibling); }
    around.after(table, ...(words(rest) ? [rest] : []));
  }
}

function linesOfTables(root) {
  const tables = all(root, "table").reverse();
  for (const table of tables) {
    for (const row of rowsOf(table)) {
      const line = document.createElement("p");
      line.textContent = row.join(" | ");
      table.before(line);
    }
    table.remove();
  }
  return tables.length;
}

/* Nothing but words, and where links lead. */
function tidy(root) {
  for (const br of all(root, "br")) {
    if (br.getAttribute("role") === "presentation") { br.replaceWith(" "); } // one line of a PDF ends there
    if (br.parentElement === root || br.className === "Apple-interchange-newline") { br.remove(); }
  }
  for (const paragraph of all(root, "p, h2, h3, li")) { if (!words(paragraph)) { paragraph.remove(); } }
  for (const element of all(root, "*")) {
    for (const name of element.getAttributeNames()) { if (!(name === "href" && element.tagName === "A")) { element.removeAttribute(name); } }
  }
}

/* For a field of plain words: each paragraph and each point on a line of its own. */
function asLines(root) {
  for (const part of root.querySelectorAll("br, p, li, div, h1, h2, h3")) { part.before("\n"); part.after("\n"); }
  return root.textContent.split("\n").map((line) => line.replace(/\s+/g, " ").trim()).filter(Boolean).join("\n");
}
