/* The words of a page of the site: what is built in at a click, and the public page beside the form. */

import { bringIntoSight, draw, pageBeside } from "editor/beside";

const form = document.getElementById("site_form");
const pane = document.querySelector(".live-preview");
const button = form && form.querySelector("[data-preview]");
let beside = null;

function typed() {
  return [...new FormData(form)].filter(([, value]) => typeof value === "string");
}

function arrived(page) {
  page.addEventListener("click", clicked, true);
  page.addEventListener("submit", (event) => event.preventDefault(), true);
  follow(document.activeElement);
}

/* Bring the passage that is being written into sight. */
function follow(area) {
  const words = area && area.tagName === "TEXTAREA" && form.contains(area) ? area.value.trim() : "";
  const frame = beside.shown();
  const page = frame && frame.contentDocument;
  if (!words || !page) { return; }
  const walker = page.createTreeWalker(page.querySelector("main") || page.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (walker.currentNode.data.includes(words)) {
      bringIntoSight(walker.currentNode.parentElement, frame);
      return;
    }
  }
}

/* The page is there to be read: a click leads to the box of the words that it hit, and nowhere else. */
function clicked(event) {
  event.preventDefault();
  const said = event.target.textContent;
  const hit = [...form.querySelectorAll("textarea")].filter((area) => area.value.trim() && said.includes(area.value.trim()));
  hit.sort((one, other) => other.value.length - one.value.length);
  if (hit.length && said.length < 400) { hit[0].focus(); }
}

function builtIn(event) {
  const back = event.target.closest("button[data-words]");
  if (!back) { return; }
  event.preventDefault();
  const area = back.closest(".form-row").querySelector("textarea");
  area.value = back.dataset.words;
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function typing(event) {
  const back = event.target.closest(".form-row").querySelector("button[name=built_in]");
  if (back) { back.hidden = event.target.value === back.dataset.words; } // of a list only the server knows
  beside.later();
}

function start() {
  pane.hidden = false;
  beside = pageBeside({
    stage: pane.querySelector(".live-preview-stage"),
    status: pane.querySelector("[role=status]"),
    address: button.formAction,
    session: document.getElementById("autosave").dataset.address,
    pause: 250,
    typed,
    isSeen: () => Boolean(pane.offsetParent),
    arrived
  });
  form.addEventListener("input", typing);
  form.addEventListener("click", builtIn);
  button.addEventListener("click", (event) => {
    event.preventDefault();
    draw(button.formAction, button.formTarget, typed());
  });
  form.addEventListener("focusin", (event) => follow(event.target));
  window.addEventListener("resize", beside.later);
  beside.later();
}

if (button) { start(); }
