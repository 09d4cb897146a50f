/* Keeps what is typed into the form of an article while it is typed, says so, and holds on to it when it can't. */

const EVERY = 3000; // milliseconds
const SETTLED = 300; // milliseconds: then the block editor has put the page where it wants it
const SMALL = 60000; // bytes: what a browser still sends for a page that is being left
const LOGGED_OUT = "Not kept: you have been logged out. Log in in another tab, then go on writing here.";
const OUT_OF_REACH = "Not kept: this site can’t be reached just now. Your text stays here; it is tried again by itself.";
const NOT_ALLOWED = "Not kept: the account that is logged in may not change this page.";

const line = document.getElementById("autosave");
const form = line && line.closest("form");

let kept = null; // the form as it was last kept or opened; null: not at all
let touched = false;
let leaving = false;
let underWay = null;

function serialised() {
  const data = new URLSearchParams(new FormData(form));
  data.delete("csrfmiddlewaretoken");
  for (const name of [...data.keys()]) { if (name.includes("__prefix__")) { data.delete(name); } }
  return data.toString();
}

function say(words, isTrouble) {
  if (line.textContent !== words) { line.textContent = words; }
  line.classList.toggle("autosave-trouble", Boolean(isTrouble));
}

/* Somebody who logged in again has a new token; the form still holds the old one. */
function token() {
  const found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  const field = form.querySelector("[name=csrfmiddlewaretoken]");
  if (found) { field.value = found[1]; }
  return field.value;
}

async function send(text) {
  let answer;
  try {
    answer = await fetch(line.dataset.address, {
      method: "POST",
      body: new URLSearchParams(text),
      headers: { "X-CSRFToken": token() },
      credentials: "same-origin",
      redirect: "manual",
      keepalive: text.length < SMALL
    });
  } catch (error) {
    return trouble(OUT_OF_REACH, "unreachable");
  }
  if (answer.type === "opaqueredirect") { return trouble(LOGGED_OUT, "logged out"); }
  const isOurs = (answer.headers.get("content-type") || "").startsWith("application/json");
  if (!isOurs) { return trouble(answer.status === 403 ? NOT_ALLOWED : OUT_OF_REACH, "refused"); }
  const words = (await answer.json()).words;
  if (!answer.ok) { return trouble(words, "refused"); }
  kept = text;
  say(words);
  return "kept";
}

function trouble(words, what) {
  say(words, true);
  return what;
}

/* One at a time, or an older text could arrive after a newer one. */
async function keep(text) {
  while (underWay) { await underWay; }
  underWay = send(text);
  const outcome = await underWay;
  underWay = null;
  return outcome;
}

function tick() {
  if (leaving || underWay) { return; }
  const text = serialised();
  if (!touched) {
    kept = text; // the editors may still be putting the form in order
  } else if (text !== kept) {
    keep(text);
  }
}

/* Nothing is sent into the void: without a session a save would only lead to the log-in page. */
async function guard(event) {
  if (leaving) { return; }
  event.preventDefault();
  const outcome = await keep(serialised());
  if (outcome === "logged out" || outcome === "unreachable") {
    line.scrollIntoView({ block: "nearest" });
    return;
  }
  leaving = true;
  token();
  form.requestSubmit(event.submitter);
}

function start() {
  touched = "unsaved" in line.dataset;
  if (!touched) { kept = serialised(); }
  for (const kind of ["beforeinput", "input", "change", "keydown", "pointerdown", "drop", "paste"]) {
    form.addEventListener(kind, (event) => { touched = touched || event.isTrusted; }, true);
  }
  form.addEventListener("submit", guard);
  window.setInterval(tick, EVERY);
  document.addEventListener("visibilitychange", () => { if (document.hidden) { tick(); } });
  window.addEventListener("pageshow", (event) => { if (event.persisted) { leaving = false; } });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && touched && serialised() !== kept) {
      tick();
      event.preventDefault();
    }
  });
  window.setTimeout(showTrouble, SETTLED);
  document.addEventListener("content-editor:ready", () => { window.setTimeout(showTrouble, SETTLED); });
}

/* After a save that was refused, the block editor scrolls back to where one was: what was refused stands above. */
function showTrouble() {
  const trouble = document.querySelector("#conflict, .errornote");
  if (!trouble) { return; }
  trouble.setAttribute("tabindex", "-1");
  trouble.focus();
  trouble.scrollIntoView({ block: "start" });
}

if (form) { start(); }
