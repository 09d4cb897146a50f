/* The page beside the form of an article. It follows the block that is being edited. */

import { bringIntoSight, pageBeside } from "editor/beside";

const form = document.getElementById("article_form");
const addresses = document.getElementById("block-pictures");
const PHONE = 430; // pixels, at most
const DESKTOP = 1120;

let pane = null;
let stage = null;
let beside = null;
let place = null; // of the block that is being edited
let width = "phone";
let dark = null; // its button
let darkness = null; // whether the page that is shown is dark

function typed() {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !name.includes("__prefix__"));
}

function arrived(page) {
  page.addEventListener("click", clicked, true);
  darkness = page.defaultView.matchMedia("(prefers-color-scheme: dark)");
  darkness.addEventListener("change", offerTheOther);
  offerTheOther();
  follow(false);
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

/* A browser may show the page as the device is, whatever is asked of it. So the button goes by what is shown. */
function offerTheOther() { dark.textContent = darkness.matches ? "Light" : "Dark"; }

/* Bring the block that is being edited into sight, and mark it. */
function follow(always) {
  const frame = beside.shown();
  const page = frame && frame.contentDocument;
  const mark = page && place !== null && comments(page).find(([, at]) => at === place);
  const element = mark && mark[0].nextElementSibling;
  if (element) { bringIntoSight(element, frame, { always }); }
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
    pane.parentNode.classList.toggle("is-wide", width === "desktop");
    for (const frame of stage.children) { size(frame); }
  }, "false");
  dark = button("Dark", () => stage.classList.toggle("is-dark", !(darkness && darkness.matches)));
  const words = document.createElement("p");
  words.textContent = "As patients see it";
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
}

/* Where there is no room beside the form, a button shows one or the other. */
function addSwitch() {
  const made = button("See the page", (pressed) => {
    const seen = form.parentNode.classList.toggle("shows-preview");
    pressed.textContent = seen ? "Back to writing" : "See the page";
    beside.update();
    follow(true);
  });
  made.className = "live-preview-switch";
  form.parentNode.appendChild(made);
}

function start() {
  build();
  addSwitch();
  beside = pageBeside({
    stage,
    status: pane.querySelector("[role=status]"),
    address: addresses.dataset.preview,
    session: `${addresses.dataset.pick.replace("/kind/", "/drawings/")}?named=-`, // any that needs one
    pause: 200,
    typed,
    isSeen: isVisible,
    coming: size,
    arrived
  });
  for (const kind of ["input", "change"]) { form.addEventListener(kind, beside.later); }
  document.addEventListener("blocks:changed", beside.later);
  document.addEventListener("block:opened", (event) => {
    place = event.detail.place;
    follow(true);
  });
  window.addEventListener("resize", () => { for (const frame of stage.children) { size(frame); } beside.later(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (isVisible()) { beside.update(); follow(true); } else { document.querySelector(".live-preview-switch").click(); }
    }
  });
  beside.later();
}

if (form && addresses) { start(); }
