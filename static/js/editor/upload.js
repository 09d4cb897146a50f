/* The form for a new picture: chosen, dropped or pasted; shown at once, with its focus set by a click. */

const FOCUS = "Click on what matters most: it stays in view where the picture is cropped.";
const UNSEEN = "This browser can’t show this kind of picture. It can be added all the same, and is shown afterwards.";

/* HEIC has no type on some systems. */
function isPicture(file) {
  return file.type.startsWith("image/") || /\.hei[cf]$/i.test(file.name);
}

export function pictureIn(data) {
  return data && [...data.files].find(isPicture);
}

export function dressUpload(place, file) {
  const input = place.querySelector("input[type=file]");
  const zone = document.createElement("div");
  zone.className = "upload-zone";
  zone.innerHTML = '<p>Drop a picture here, paste it, or choose a file.</p><div class="upload-shown" hidden><img alt=""><i></i></div>'
    + '<p class="help" hidden></p><p class="field-problems" role="alert"></p>';
  input.before(zone);
  zone.prepend(input);
  input.addEventListener("change", () => { forgetRefusal(input); show(zone, place); });
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", (event) => { event.preventDefault(); take(input, event.dataTransfer); });
  place.querySelector("form").addEventListener("paste", (event) => { if (pictureIn(event.clipboardData)) { event.preventDefault(); take(input, event.clipboardData); } });
  zone.querySelector(".upload-shown").addEventListener("click", (event) => focusAt(event, zone, place));
  for (const name of ["focal_x", "focal_y"]) { place.querySelector(`[name=${name}]`).addEventListener("input", () => mark(zone, place)); }
  if (file) { hold(input, file); show(zone, place); }
}

function take(input, data) {
  const file = pictureIn(data);
  if (file) { put(input, file); }
}

function put(input, file) {
  hold(input, file);
  input.dispatchEvent(new Event("change"));
}

function hold(input, file) {
  const data = new DataTransfer();
  data.items.add(file);
  input.files = data.files;
}

function show(zone, place) {
  const input = place.querySelector("input[type=file]");
  const [file] = input.files;
  showPicture(zone, place, "");
  const refusal = file ? refusalOf(file, input.dataset) : "";
  problem(zone, refusal);
  if (refusal) {
    input.value = "";
    return;
  }
  const reader = new FileReader(); // as data: an object’s address is not in the policy
  reader.addEventListener("load", () => showPicture(zone, place, reader.result));
  if (file) { reader.readAsDataURL(file); }
  place.querySelector("[name=alt]").focus();
}

function refusalOf(file, { maxBytes, tooLarge, noPicture }) {
  if (!isPicture(file)) { return noPicture; }
  return file.size > Number(maxBytes) ? tooLarge : "";
}

/* What the site said of the file before this one. */
function forgetRefusal(input) {
  const row = input.closest(".adding-row");
  for (const old of row.querySelectorAll(".errorlist")) { old.remove(); }
  row.classList.remove("errors");
  input.removeAttribute("aria-invalid");
}

/* A browser that does not know HEIC shows nothing; the site can read it all the same. */
function showPicture(zone, place, source) {
  const picture = zone.querySelector("img");
  const seen = (isSeen) => {
    zone.querySelector(".upload-shown").hidden = !isSeen;
    zone.querySelector(".help").hidden = !source;
    zone.querySelector(".help").textContent = isSeen ? FOCUS : UNSEEN;
    mark(zone, place);
  };
  picture.onload = () => seen(true);
  picture.onerror = () => seen(false);
  if (source) { picture.src = source; } else { seen(false); }
}

function problem(zone, words) {
  zone.querySelector("[role=alert]").textContent = words;
}

function focusAt(event, zone, place) {
  const box = zone.querySelector("img").getBoundingClientRect();
  const at = { focal_x: (event.clientX - box.left) / box.width, focal_y: (event.clientY - box.top) / box.height };
  for (const [name, part] of Object.entries(at)) {
    place.querySelector(`[name=${name}]`).value = Math.round(100 * Math.min(1, Math.max(0, part)));
  }
  mark(zone, place);
}

function mark(zone, place) {
  const sign = zone.querySelector("i");
  sign.style.left = `${place.querySelector("[name=focal_x]").value}%`;
  sign.style.top = `${place.querySelector("[name=focal_y]").value}%`;
}
