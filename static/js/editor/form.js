/* What Django's own scripts do on other forms, without the jQuery that they need: that weighs more than all of ours. Blocks are
   added and taken away, a title makes an address, and what is made in a window of its own is chosen here. */

window.gettext = (words) => words; // what the block editor asks for its words
window.django = { jQuery: (start) => document.addEventListener("DOMContentLoaded", start) }; // and when to start

const NUMBERED = ["id", "name", "for", "aria-describedby", "aria-labelledby"];
const WINDOW = "__1"; // at the end of a window's name, which is that of a field: Django's page in it looks for that

/* Of an attribute that names several elements, each. */
function renumber(row, prefix, number) {
  const old = new RegExp(`${prefix}-(\\d+|__prefix__)`, "g");
  for (const element of [row, ...row.querySelectorAll("*")]) {
    for (const name of NUMBERED) {
      const value = element.getAttribute(name);
      if (value) { element.setAttribute(name, value.replace(old, `${prefix}-${number}`)); }
    }
  }
}

function link(words, className, does) {
  const made = document.createElement("a");
  made.href = "#";
  made.role = "button";
  made.className = className;
  made.textContent = words;
  made.addEventListener("click", (event) => {
    event.preventDefault();
    does();
  });
  return made;
}

/* One kind of block. A saved block has a box to delete it; one that is new is just taken away. */
function setUp(group) {
  const { prefix, addText, deleteText } = JSON.parse(group.dataset.inlineFormset).options;
  const template = document.getElementById(`${prefix}-empty`);
  const total = document.getElementById(`id_${prefix}-TOTAL_FORMS`);
  total.autocomplete = "off"; // after a reload, Firefox would fill in the number from before

  function dress(row) {
    row.classList.add(`dynamic-${prefix}`);
    if (!row.classList.contains("has_original")) {
      row.firstElementChild.append(link(deleteText, "inline-deletelink", () => remove(row)));
    }
  }

  function tell(name, target) {
    target.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { formsetName: prefix } }));
  }

  function add() {
    const row = template.cloneNode(true);
    row.classList.remove("empty-form");
    renumber(row, prefix, total.value);
    row.id = `${prefix}-${total.value}`;
    dress(row);
    template.before(row);
    total.value = Number(total.value) + 1;
    tell("formset:added", row);
  }

  function remove(row) {
    row.remove();
    const rows = [...document.querySelectorAll(`.dynamic-${prefix}`)];
    const numberOf = (one) => Number(one.id.slice(prefix.length + 1));
    rows.sort((one, other) => numberOf(one) - numberOf(other)); // on the page they stand in another order
    rows.forEach((one, number) => { if (numberOf(one) !== number) { renumber(one, prefix, number); } });
    total.value = rows.length;
    tell("formset:removed", document);
  }

  for (const row of group.querySelectorAll(".inline-related:not(.empty-form)")) { dress(row); }
  if (template) {
    const adding = document.createElement("div");
    adding.className = "add-row";
    adding.append(link(addText, "addlink", add));
    template.after(adding);
  }
}

/* As long as nobody writes an address, it follows the title. */
function addressFromTitle() {
  const title = document.getElementById("id_title");
  const address = document.getElementById("id_slug");
  if (!title || !address || address.value) { return; }
  let follows = true;
  address.addEventListener("input", () => { follows = false; });
  title.addEventListener("input", () => {
    if (follows) { address.value = asAddress(title.value).slice(0, address.maxLength).replace(/-$/, ""); }
  });
}

function asAddress(words) {
  const letters = words.toLowerCase().replace(/ß/g, "ss").normalize("NFKD").replace(/[\u0300-\u036f'’]/g, "");
  return letters.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

function openWindow(event) {
  const opener = event.target.closest(".related-widget-wrapper-link[data-popup]");
  if (!opener) { return; }
  event.preventDefault();
  window.open(opener.href, opener.id.replace(/^add_/, "") + WINDOW, "width=800,height=500,resizable,scrollbars");
}

/* Called by the page in that window when the new thing is saved. */
window.dismissAddRelatedObjectPopup = (opened, value, words) => {
  const select = document.getElementById(opened.name.slice(0, -WINDOW.length));
  select.add(new Option(words, value, true, true));
  select.dispatchEvent(new Event("change", { bubbles: true }));
  opened.close();
};

document.querySelectorAll(".js-inline-admin-formset").forEach(setUp);
addressFromTitle();
document.addEventListener("click", openWindow);
