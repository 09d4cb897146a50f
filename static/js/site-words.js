/* The words of a page of the site: what is built in at a click, and the public page beside the form. */

const PAUSE = 250; // milliseconds without a key
const form = document.getElementById("site_form");
const pane = document.querySelector(".live-preview");
const button = form && form.querySelector("[data-preview]");
const session = document.getElementById("autosave");

let sent = "";
let timer = 0;
let frames = 0;
let shown = null;

function typed() {
  return [...new FormData(form)].filter(([, value]) => typeof value === "string");
}

function later() {
  window.clearTimeout(timer);
  timer = window.setTimeout(update, PAUSE);
}

/* Without a session the answer would be the log-in page, which no frame may show. */
async function isLoggedIn() {
  try {
    return (await fetch(session.dataset.address, { redirect: "manual", credentials: "same-origin" })).ok;
  } catch {
    return false;
  }
}

/* Each version gets a frame of its own: so there is no flicker, and no step more for the browser's Back button. */
async function update() {
  const asked = timer;
  if (!pane.offsetParent || !await isLoggedIn() || asked !== timer) { return; } // another key: later
  const words = typed();
  const text = new URLSearchParams(words).toString();
  if (text === sent) { return; }
  sent = text;
  frames += 1;
  const frame = document.createElement("iframe");
  frame.name = `site-preview-${frames}`;
  frame.title = "The page as patients would see it";
  frame.className = "is-coming";
  frame.addEventListener("load", () => arrived(frame));
  pane.querySelector(".live-preview-stage").appendChild(frame);
  draw(frame.name, words);
}

/* Not by the form itself: autosave would take that for a save, after which it has nothing more to do. */
function draw(target, words) {
  const post = document.createElement("form");
  post.method = "post";
  post.action = button.formAction;
  post.target = target;
  post.hidden = true;
  for (const [name, value] of words) {
    const field = document.createElement("textarea"); // an input would lose line breaks
    field.name = name;
    field.value = value;
    post.appendChild(field);
  }
  document.body.appendChild(post);
  post.submit();
  post.remove();
}

function arrived(frame) {
  const page = frame.contentDocument;
  if (!page || page.URL === "about:blank") { return; }
  const top = shown ? shown.contentWindow.scrollY : 0;
  const number = Number(frame.name.split("-")[2]);
  for (const other of [...frame.parentNode.children]) {
    if (Number(other.name.split("-")[2]) < number) { other.remove(); }
  }
  shown = frame;
  frame.className = "";
  page.addEventListener("click", clicked, true);
  page.addEventListener("submit", (event) => event.preventDefault(), true);
  frame.contentWindow.scrollTo(0, top);
  const fine = Boolean(page.querySelector("main"));
  pane.querySelector("[role=status]").textContent = fine ? "" : "The page can’t be shown just now. What you typed is not lost.";
  follow(document.activeElement);
}

/* Bring the passage that is being written into sight. */
function follow(area) {
  const words = area && area.tagName === "TEXTAREA" && form.contains(area) ? area.value.trim() : "";
  if (!words || !shown || !shown.contentDocument) { return; }
  const walker = shown.contentDocument.createTreeWalker(shown.contentDocument.querySelector("main") || shown.contentDocument.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (walker.currentNode.data.includes(words)) {
      const at = walker.currentNode.parentElement.getBoundingClientRect();
      const height = shown.contentWindow.innerHeight;
      if (at.top < 0 || at.top > height * 0.7) { shown.contentWindow.scrollBy(0, at.top - height * 0.2); }
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
  const back = event.target.closest(".form-row").querySelector("button[data-words]");
  if (back) { back.hidden = event.target.value === back.dataset.words; }
  later();
}

function start() {
  pane.hidden = false;
  form.addEventListener("input", typing);
  form.addEventListener("click", builtIn);
  button.addEventListener("click", (event) => {
    event.preventDefault();
    draw(button.formTarget, typed());
  });
  form.addEventListener("focusin", (event) => follow(event.target));
  window.addEventListener("resize", later);
  later();
}

if (button) { start(); }
