/* The dialog in which an editor chooses what to add: every kind of block with its name, its purpose and a small picture. */

const USES = "block-uses"; // how often each kind was chosen in this browser, so that the usual ones come first
const COPIED = "copied-block";

let dialog = null;
let answer = null;

export function kinds() {
  const pictures = document.getElementById("block-pictures").dataset.address;
  return window.ContentEditor.plugins.map((plugin) => {
    const group = document.getElementById(`${plugin.prefix}-group`);
    return {
      prefix: plugin.prefix,
      title: plugin.title,
      purpose: group ? group.dataset.purpose : "",
      picture: `${pictures}#${group ? group.dataset.type : "other"}`
    };
  });
}

/* Resolves to the chosen kind, `{prefix, values}` for a copied block, or null. */
export function choose(words) {
  dialog = dialog || build();
  dialog.querySelector("h2").textContent = words;
  dialog.querySelector("input").value = "";
  list("");
  dialog.showModal();
  dialog.querySelector("input").focus();
  return new Promise((resolve) => { answer = resolve; });
}

export function copied() {
  try {
    return JSON.parse(window.localStorage.getItem(COPIED));
  } catch {
    return null;
  }
}

export function copy(block) {
  window.localStorage.setItem(COPIED, JSON.stringify(block));
}

function build() {
  const made = document.createElement("dialog");
  made.className = "block-chooser";
  made.setAttribute("aria-labelledby", "block-chooser-title");
  made.innerHTML = '<form method="dialog"><h2 id="block-chooser-title"></h2>'
    + '<label for="block-chooser-find">Find</label><input id="block-chooser-find" type="text" autocomplete="off">'
    + '<div class="dialog-middle"><ul></ul><p class="nothing-fits" hidden>There is no block of that name.</p></div><p class="dialog-end"><button value="">Cancel</button></p></form>';
  document.body.appendChild(made);
  const find = made.querySelector("input");
  find.addEventListener("input", () => list(find.value));
  made.addEventListener("keydown", move);
  made.addEventListener("close", () => { if (answer) { answer(null); answer = null; } });
  made.addEventListener("click", (event) => { if (event.target === made) { made.close(); } });
  return made;
}

function list(wanted) {
  const words = wanted.trim().toLowerCase();
  const shown = sorted().filter((kind) => `${kind.title} ${kind.purpose}`.toLowerCase().includes(words));
  dialog.querySelector("ul").replaceChildren(...shown.map(entry));
  dialog.querySelector(".nothing-fits").hidden = shown.length > 0;
}

function sorted() {
  const uses = used();
  const all = kinds().sort((a, b) => (uses[b.prefix] || 0) - (uses[a.prefix] || 0));
  const kept = copied();
  const kind = kept && all.find((one) => one.prefix === kept.prefix);
  return kind ? [{ ...kind, title: `Paste: ${kind.title}`, purpose: kept.words, values: kept.values }, ...all] : all;
}

function entry(kind) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.innerHTML = '<svg aria-hidden="true" width="48" height="36"><use></use></svg><span><b></b><span></span></span>';
  button.querySelector("use").setAttribute("href", kind.picture);
  button.querySelector("b").textContent = kind.title;
  button.querySelector("span span").textContent = kind.purpose;
  button.addEventListener("click", () => finish(kind));
  item.appendChild(button);
  return item;
}

function finish(kind) {
  const uses = used();
  uses[kind.prefix] = (uses[kind.prefix] || 0) + 1;
  window.localStorage.setItem(USES, JSON.stringify(uses));
  const resolve = answer;
  answer = null;
  dialog.close();
  resolve(kind);
}

function used() {
  try {
    return JSON.parse(window.localStorage.getItem(USES)) || {};
  } catch {
    return {};
  }
}

function move(event) {
  const find = dialog.querySelector("input");
  const buttons = [...dialog.querySelectorAll("li button")];
  const at = buttons.indexOf(document.activeElement);
  if (event.key === "ArrowDown" && buttons.length) {
    event.preventDefault();
    buttons[Math.min(at + 1, buttons.length - 1)].focus();
  } else if (event.key === "ArrowUp" && at >= 0) {
    event.preventDefault();
    (buttons[at - 1] || find).focus();
  } else if (event.key === "Enter" && document.activeElement === find) {
    event.preventDefault();
    if (buttons.length) { buttons[0].click(); }
  }
}
