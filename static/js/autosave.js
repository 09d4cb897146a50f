/* Autosaves the form of an article, or of words of the site, while somebody types in it, says so, and keeps the page open when it
   can't. */

const INTERVAL = 3000; // milliseconds between two autosaves
const STILL_HERE = 10000; // milliseconds after which a page that was to be left is taken to stay
const SETTLE_DELAY = 300; // milliseconds until the block editor has finished scrolling
const KEEPALIVE_LIMIT = 60000; // bytes that a browser still sends for a page that is being left
const LOGGED_OUT = "Not autosaved: you have been logged out. Log in in another tab, then continue writing here.";
const UNREACHABLE = "Not autosaved: this site can’t be reached just now. Your text stays here, and it will be tried again.";
const NOT_ALLOWED = "Not autosaved: the account that is logged in may not change this page.";

const status = document.getElementById("autosave");
const form = status && status.closest("form");
const line = document.getElementById("others"); // who else has the article open; the words of the site have no such line

let lastSaved = null; // the form as it was when last autosaved or opened; null: never
let touched = false;
let leaving = false;
let saving = false; // a button was pressed: to press it again must not send the form again
let passing = false; // the form is on its way through `guard`
let pending = null;

function serialised() {
  const data = new URLSearchParams(new FormData(form));
  data.delete("csrfmiddlewaretoken");
  for (const name of [...data.keys()]) { if (name.includes("__prefix__")) { data.delete(name); } }
  return data.toString();
}

function show(words, isProblem) {
  if (status.textContent !== words) { status.textContent = words; }
  status.classList.toggle("autosave-problem", Boolean(isProblem));
}

/* Nothing if it is what the page said when it came. */
function showOthers(words = "") {
  if (!line) { return; }
  const shown = words === line.dataset.said ? "" : words;
  if (line.textContent !== shown) { line.textContent = shown; }
}

async function askForOthers() {
  if (!line) { return; }
  try {
    const answer = await fetch(status.dataset.address, { credentials: "same-origin", redirect: "manual" });
    if (answer.ok) { showOthers((await answer.json()).others); }
  } catch {
    // nobody needs to know just now
  }
}

/* Logging in again makes the form's token void, and no script can read the new one from its cookie. */
async function renewToken() {
  const answer = await fetch(status.dataset.address, { credentials: "same-origin", redirect: "manual" });
  if (answer.ok) { form.querySelector("[name=csrfmiddlewaretoken]").value = (await answer.json()).token; }
  return answer.ok;
}

function post(text) {
  return fetch(status.dataset.address, {
    method: "POST",
    body: new URLSearchParams(text),
    headers: { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value },
    credentials: "same-origin",
    redirect: "manual",
    keepalive: text.length < KEEPALIVE_LIMIT
  });
}

function isOurs(answer) {
  return (answer.headers.get("content-type") || "").startsWith("application/json");
}

async function send(text) {
  let answer;
  try {
    answer = await post(text);
    if (answer.status === 403 && !isOurs(answer) && await renewToken()) { answer = await post(text); }
  } catch (error) {
    return fail(UNREACHABLE, "unreachable");
  }
  if (answer.type === "opaqueredirect") { return fail(LOGGED_OUT, "logged out"); }
  if (!isOurs(answer)) { return fail(answer.status === 403 ? NOT_ALLOWED : UNREACHABLE, "refused"); }
  const { words, others } = await answer.json();
  showOthers(others);
  if (!answer.ok) { return fail(words, "refused"); }
  lastSaved = text;
  show(words);
  return "saved";
}

function fail(words, outcome) {
  show(words, true);
  return outcome;
}

/* One request at a time: otherwise an older text could arrive after a newer one. */
async function autosave(text) {
  while (pending) { await pending; }
  pending = send(text);
  const outcome = await pending;
  pending = null;
  return outcome;
}

function tick() {
  if (leaving || pending) { return; }
  const text = serialised();
  if (!touched) {
    lastSaved = text; // the editors may still be arranging the form
  } else if (text !== lastSaved) {
    autosave(text);
  }
}

/* Before a real save: without a session it would only lead to the log-in page. */
async function guard(event) {
  if (passing) { return; }
  event.preventDefault();
  if (saving || leaving) { return; }
  saving = true;
  const outcome = await autosave(serialised());
  saving = false;
  if (outcome === "logged out" || outcome === "unreachable") {
    status.scrollIntoView({ block: "nearest" });
    return;
  }
  leaving = passing = true;
  form.requestSubmit(event.submitter);
  passing = false;
  window.setTimeout(() => { leaving = false; }, STILL_HERE);
}

function start() {
  touched = "unsaved" in status.dataset;
  if (!touched) { lastSaved = serialised(); }
  for (const kind of ["beforeinput", "input", "change", "keydown", "pointerdown", "drop", "paste"]) {
    form.addEventListener(kind, (event) => { touched = touched || (event.isTrusted && !event.target.closest(".block-comments")); }, true);
  }
  document.addEventListener("blocks:changed", () => { if (!touched) { lastSaved = serialised(); } });
  form.addEventListener("submit", guard);
  window.setInterval(tick, INTERVAL);
  document.addEventListener("visibilitychange", () => { if (document.hidden) { tick(); } else { askForOthers(); } });
  window.addEventListener("pageshow", (event) => { if (event.persisted) { leaving = false; } });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && touched && serialised() !== lastSaved) {
      tick();
      event.preventDefault();
    }
  });
  window.setTimeout(focusProblem, SETTLE_DELAY);
  document.addEventListener("content-editor:ready", () => { window.setTimeout(focusProblem, SETTLE_DELAY); });
}

/* After a refused save the block editor scrolls back to where one was; the reasons for the refusal are at the top. */
function focusProblem() {
  const problem = document.querySelector("#conflict, .errornote");
  if (!problem) { return; }
  problem.setAttribute("tabindex", "-1");
  problem.focus();
  problem.scrollIntoView({ block: "start" });
}

if (form) { start(); }
