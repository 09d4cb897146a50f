/* The form for a new picture: chosen, dropped or pasted; shown at once, with its focus set by a click. */

const FOCUS = "Click on what matters most: it stays in view where the picture is cropped.";
const UNSEEN = "This browser can’t show this kind of picture. It can be added all the same, and is shown afterwards.";

/* HEIC has no type on some systems. */
export function pictureIn(data) {
  return data && [...data.files].find((file) => file.type.startsWith("image/") || /\.hei[cf]$/i.test(file.name));
}

export function dressUpload(place, file) {
  const input = place.querySelector("input[type=file]");
  const zone = document.createElement("div");
  zone.className = "upload-zone";
  zone.innerHTML = '<p>Drop a picture here, paste it, or choose a file.</p><div class="upload-shown" hidden><img alt=""><i></i></div>'
    + '<p class="help" hidden></p><p class="field-problems" role="alert"></p>';
  input.before(zone);
  zone.prepend(input);
  input.addEventListener("change", () => show(zone, place));
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", (event) => { event.preventDefault(); take(input, event.dataTransfer); });
  place.querySelector("form").addEventListener("paste", (event) => { if (pictureIn(event.clipboardData)) { event.preventDefault(); take(input, event.clipboardData); } });
  zone.querySelector(".upload-shown").addEventListener("click", (event) => focusAt(event, zone, place));
  for (const name of ["focal_x", "focal_y"]) { place.querySelector(`[name=${name}]`).addEventListener("input", () => mark(zone, place)); }
  if (file) { put(input, file); }
}

function take(input, data) {
  const file = pictureIn(data);
  if (file) { put(input, file); }
}

function put(input, file) {
  const data = new DataTransfer();
  data.items.add(file);
  input.files = data.files;
  input.dispatchEvent(new Event("change"));
}

function show(zone, place) {
  const input = place.querySelector("input[type=file]");
  const [file] = input.files;
  showPicture(zone, place, "");
  if (file && file.size > Number(input.dataset.maxBytes)) {
    input.value = "";
    return problem(zone, input.dataset.tooLarge);
  }
  problem(zone, "");
  const reader = new FileReader(); // as data: an object’s address is not in the policy
  reader.addEventListener("load", () => showPicture(zone, place, reader.result));
  if (file) { reader.readAsDataURL(file); }
  place.querySelector("[name=alt]").focus();
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
