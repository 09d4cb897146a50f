/* The form of a topic: its pages as a list, put in order by ordered.js. The field of addresses stays in the form and holds the
   order. */

const field = document.querySelector("textarea[name=shelf][data-pages]");
const list = document.createElement("ol");

function row(slug, title) {
  const item = document.createElement("li");
  const words = document.createElement("span");
  item.dataset.handle = "";
  item.dataset.slug = slug;
  words.dataset.title = "";
  words.textContent = title;
  item.append(words, button("Move up", "up", title), button("Move down", "down", title));
  return item;
}

function button(words, step, title) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  made.dataset.step = step;
  made.setAttribute("aria-label", `${words}: ${title}`);
  return made;
}

function noteOrder() {
  field.value = [...list.children].map((item) => item.dataset.slug).join("\n");
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function start() {
  const titles = new Map(JSON.parse(field.dataset.pages));
  const listed = field.value.split("\n").map((line) => line.trim()).filter(Boolean);
  for (const slug of new Set([...listed, ...titles.keys()])) { list.append(row(slug, titles.get(slug) || slug)); }
  list.className = "topic-order";
  list.dataset.ordered = "";
  list.setAttribute("aria-label", "Its pages in order");
  list.addEventListener("reordered", noteOrder);
  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  field.hidden = true;
  field.after(list, said);
  if (window.location.hash === `#${field.id}`) { list.scrollIntoView(); }
}

if (field) { start(); }
