/* The page beside the form, as patients would see what has been typed. Follows the block that is being edited. */

const PAUSE = 200; // milliseconds without a key
const form = document.getElementById("article_form");
const address = form && document.getElementById("block-pictures") && document.getElementById("block-pictures").dataset.preview;
const session = address && document.getElementById("block-pictures").dataset.pick; // any address that needs one
const PHONE = 430; // pixels, at most
const DESKTOP = 1120;

let pane = null;
let stage = null;
let shown = null; // the frame that is seen
let place = null; // of the block that is being edited
let sent = "";
let timer = 0;
let frames = 0;
let width = "phone";

function serialised() {
  const data = new FormData(form);
  for (const name of [...data.keys()]) { if (name.includes("__prefix__")) { data.delete(name); } }
  return data;
}

function later() {
  window.clearTimeout(timer);
  timer = window.setTimeout(update, PAUSE);
}

/* Each version gets a frame of its own: so there is no flicker, and no step more for the browser's Back button. */
async function update() {
  const asked = timer;
  if (!isVisible() || !await isLoggedIn() || asked !== timer) { return; } // another key: later
  const data = serialised();
  const text = new URLSearchParams(data).toString();
  if (text === sent) { return; }
  sent = text;
  frames += 1;
  const frame = document.createElement("iframe");
  frame.name = `live-preview-${frames}`;
  frame.title = "The page as patients would see it";
  frame.className = "is-coming";
  size(frame);
  stage.appendChild(frame);
  const post = document.createElement("form");
  post.method = "post";
  post.action = address;
  post.target = frame.name;
  post.hidden = true;
  post.addEventListener("formdata", (event) => { // it has no fields of its own: to make hundreds takes as long as the page
    for (const [name, value] of data) { if (typeof value === "string") { event.formData.append(name, value); } }
  });
  document.body.appendChild(post);
  frame.addEventListener("load", () => arrived(frame));
  post.submit();
  post.remove();
}

/* Without a session the answer would be the log-in page, which no frame may show. */
async function isLoggedIn() {
  try {
    const answer = await fetch(`${session.replace("/kind/", "/drawings/")}?named=-`, { method: "HEAD", redirect: "manual", credentials: "same-origin" });
    return answer.ok;
  } catch {
    return false;
  }
}

function arrived(frame) {
  const page = frame.contentDocument;
  if (!page || page.URL === "about:blank") { return; }
  const top = shown ? shown.contentWindow.scrollY : 0;
  for (const other of [...stage.children]) { if (other !== frame && Number(other.name.split("-")[2]) < Number(frame.name.split("-")[2])) { other.remove(); } }
  shown = frame;
  frame.className = "";
  if (page.querySelector("main")) {
    page.addEventListener("click", clicked, true);
    frame.contentWindow.scrollTo(0, top);
    follow(false);
    pane.querySelector("[role=status]").textContent = "";
  } else {
    pane.querySelector("[role=status]").textContent = "The page can’t be shown just now. What you typed is not lost.";
  }
}

function comments(page) {
  const found = [];
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_COMMENT);
  while (walker.nextNode()) {
    const match = /^block (\d+)$/.exec(walker.currentNode.data);
    if (match) { found.push([walker.currentNode, Number(match[1])]); }
  }
  return found;
}

/* Bring the block that is being edited into sight, and mark it. */
function follow(always) {
  const page = shown && shown.contentDocument;
  if (!page || place === null) { return; }
  const mark = comments(page).find(([, at]) => at === place);
  const element = mark && mark[0].nextElementSibling;
  if (!element) { return; }
  const at = element.getBoundingClientRect();
  const height = shown.contentWindow.innerHeight;
  if (always || at.top < 0 || at.top > height * 0.7) { shown.contentWindow.scrollBy(0, at.top - height * 0.15); }
}

function clicked(event) {
  const link = event.target.closest("a");
  if (!(link && (link.getAttribute("href") || "").startsWith("#"))) { event.preventDefault(); }
  const before = comments(event.target.ownerDocument).filter(
    ([mark]) => mark.compareDocumentPosition(event.target) & Node.DOCUMENT_POSITION_FOLLOWING
  );
  if (before.length) {
    document.dispatchEvent(new CustomEvent("block:wanted", { detail: { place: before[before.length - 1][1] } }));
  }
}

function size(frame) {
  const wanted = width === "phone" ? Math.min(stage.clientWidth, PHONE) : DESKTOP;
  const scale = Math.min(1, stage.clientWidth / wanted);
  frame.style.width = `${wanted}px`;
  frame.style.height = `${stage.clientHeight / scale}px`;
  frame.style.transform = `scale(${scale})`;
}

function isVisible() {
  return Boolean(stage.offsetParent);
}

function button(words, does, pressed) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  if (pressed !== undefined) { made.setAttribute("aria-pressed", pressed); }
  made.addEventListener("click", () => does(made));
  return made;
}

function build() {
  pane = document.createElement("section");
  pane.className = "live-preview";
  pane.setAttribute("aria-label", "The page as patients would see it");
  const bar = document.createElement("div");
  bar.className = "live-preview-bar";
  const wide = button("Wide", (made) => {
    width = width === "phone" ? "desktop" : "phone";
    made.setAttribute("aria-pressed", width === "desktop");
    for (const frame of stage.children) { size(frame); }
  }, "false");
  const dark = button("Dark", (made) => {
    made.setAttribute("aria-pressed", stage.classList.toggle("is-dark"));
  }, "false");
  const words = document.createElement("p");
  words.textContent = "Live page";
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  bar.append(words, wide, dark);
  stage = document.createElement("div");
  stage.className = "live-preview-stage";
  pane.append(bar, stage, status);
  const both = document.createElement("div");
  both.className = "has-live-preview";
  form.replaceWith(both);
  both.append(form, pane);
  document.body.classList.add("is-editor");
}

/* Where there is no room beside the form, a button shows one or the other. */
function addSwitch() {
  const made = button("See the page", (pressed) => {
    const seen = form.parentNode.classList.toggle("shows-preview");
    pressed.textContent = seen ? "Back to writing" : "See the page";
    update();
    follow(true);
  });
  made.className = "live-preview-switch";
  form.parentNode.appendChild(made);
}

function start() {
  build();
  addSwitch();
  for (const kind of ["input", "change"]) { form.addEventListener(kind, later); }
  document.addEventListener("blocks:changed", later);
  document.addEventListener("block:opened", (event) => {
    place = event.detail.place;
    follow(true);
  });
  window.addEventListener("resize", () => { for (const frame of stage.children) { size(frame); } later(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (isVisible()) { update(); follow(true); } else { document.querySelector(".live-preview-switch").click(); }
    }
  });
  later();
}

if (address) { start(); }
