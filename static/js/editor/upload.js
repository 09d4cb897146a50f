/* The form for a new picture: chosen, dropped or pasted; shown at once, with its focus set by a click. */

export function dressUpload(place, file) {
  const input = place.querySelector("input[type=file]");
  const zone = document.createElement("div");
  zone.className = "upload-zone";
  zone.innerHTML = '<p>Drop a picture here, paste it, or choose a file.</p><div class="upload-shown" hidden><img alt=""><i></i></div>'
    + '<p class="help" hidden>Click on what matters most: it stays in view where the picture is cropped.</p>';
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

function pictureIn(data) {
  return data && [...data.files].find((file) => file.type.startsWith("image/"));
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
  const file = place.querySelector("input[type=file]").files[0];
  const reader = new FileReader(); // as data: an object’s address is not in the policy
  reader.addEventListener("load", () => {
    zone.querySelector("img").src = reader.result;
    zone.querySelector(".upload-shown").hidden = false;
    zone.querySelector(".help").hidden = false;
    mark(zone, place);
  });
  if (file && file.type !== "image/heic") { reader.readAsDataURL(file); }
  place.querySelector("[name=alt]").focus();
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
