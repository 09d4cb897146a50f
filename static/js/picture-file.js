/* Adding a picture to the library: a file that would be refused is refused before it is sent, which may take minutes; and
   without its words nothing is sent, because the browser would forget which file it was. */

const input = document.querySelector("input[type=file][data-max-bytes]");

function refusalOf(file) {
  const { maxBytes, tooLarge, noPicture } = input.dataset;
  if (!file.type.startsWith("image/") && !/\.hei[cf]$/i.test(file.name)) { return noPicture; } // HEIC may have no type
  return file.size > Number(maxBytes) ? tooLarge : "";
}

/* In place of what was said of the field before. */
function tell(field, words) {
  const row = field.closest(".form-row");
  for (const old of row.querySelectorAll(".errorlist")) { old.remove(); }
  row.classList.toggle("errors", Boolean(words));
  field.setAttribute("aria-invalid", Boolean(words));
  if (!words) { return; }
  const list = document.createElement("ul");
  list.className = "errorlist";
  list.setAttribute("role", "alert");
  list.append(document.createElement("li"));
  list.firstChild.textContent = words;
  field.before(list);
}

function chosen() {
  const refusal = input.files[0] ? refusalOf(input.files[0]) : "";
  tell(input, refusal);
  if (refusal) { input.value = ""; }
}

function sending(event) {
  const words = event.target.elements.alt;
  const lacks = input.files[0] && !words.value.trim();
  tell(words, lacks ? "Say what the picture shows. It is not sent yet, and still chosen." : "");
  if (!lacks) { return; }
  event.preventDefault();
  words.focus();
}

if (input) {
  input.addEventListener("change", chosen);
  input.form.addEventListener("submit", sending);
}
