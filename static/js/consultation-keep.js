/* Only if the patient ticks a box: keep the answers in this browser until they are sent, and take over questions,
   what matters to the patient, and pages that were kept while reading. */
(function () {
  "use strict";

  var ANSWERS = "clinic.answers";
  var NEVER = ["token", "action", "website", "stop_read"];
  var form = document.querySelector("form[data-parts]");

  function stored(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch (error) {
      return null;
    }
  }

  function store(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
      return true;
    } catch (error) {
      return false; // storage is full, or the browser forbids it
    }
  }

  function forget(key) {
    try {
      localStorage.removeItem(key);
    } catch (error) { /* then nothing was kept either */ }
  }

  function choice(id, words, hint) {
    var row = document.createElement("div");
    row.className = "field keep";
    row.innerHTML = '<div class="choice"><input type="checkbox"><label></label></div><p class="hint"></p>';
    var box = row.querySelector("input");
    box.id = id;
    box.setAttribute("aria-describedby", id + "_hint");
    row.querySelector("label").htmlFor = id;
    row.querySelector("label").textContent = words;
    row.querySelector(".hint").id = id + "_hint";
    row.querySelector(".hint").textContent = hint;
    return row;
  }

  if (!form) {
    return;
  }

  function fields() {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && NEVER.indexOf(field.name) < 0 && field.type !== "submit" && field.type !== "button";
    });
  }

  function read() {
    var answers = {};
    fields().forEach(function (field) {
      var ticked = field.type === "checkbox" || field.type === "radio";
      if (!ticked || field.checked) {
        answers[field.name] = field.value;
      }
    });
    return answers;
  }

  function write(answers) {
    fields().forEach(function (field) {
      if (field.type === "checkbox" || field.type === "radio") {
        field.checked = answers[field.name] === field.value;
      } else if (answers[field.name] !== undefined) {
        field.value = answers[field.name];
      }
    });
    document.dispatchEvent(new CustomEvent("clinic:restored"));
  }

  var keep = choice(
    "keep-answers", "Keep my answers on this phone until I send",
    "Only in this browser. Erased when you send, or after 24 hours. Leave it off on a phone that others use."
  );
  var box = keep.querySelector("input");
  var kept = stored(ANSWERS);
  keep.setAttribute("data-first-part", "");
  form.insertBefore(keep, form.querySelector(".form-part"));
  if (kept && kept.answers) {
    box.checked = true;
    if (form.hasAttribute("data-fresh")) {
      write(kept.answers);
    }
  }
  function save() {
    if (box.checked && !store(ANSWERS, { at: Date.now(), answers: read() })) {
      box.checked = false;
      keep.querySelector(".hint").textContent = "This browser does not let us keep anything.";
    }
  }
  box.addEventListener("change", function () {
    if (box.checked) {
      save();
    } else {
      forget(ANSWERS);
    }
  });
  form.addEventListener("input", save);
  form.addEventListener("change", save);

  function bring(key, id, words, target, line) {
    var list = stored(key) || [];
    if (!list.length || !target) {
      return;
    }
    var row = choice(id, words + " (" + list.length + ")", "You see them once more before you send, and can take out each one.");
    row.querySelector("input").addEventListener("change", function (event) {
      var lines = list.map(line);
      var typed = target.value ? target.value.split("\n") : [];
      var others = typed.filter(function (words) { return lines.indexOf(words) < 0; });
      target.value = (event.target.checked ? others.concat(lines) : others).join("\n");
    });
    var place = target.type === "hidden" ? target : target.closest(".field");
    place.parentNode.insertBefore(row, place);
  }
  bring("clinic.questions", "bring-questions", "Bring my questions", form.elements.questions, function (words) {
    return words;
  });
  bring("clinic.matters", "bring-matters", "Bring what matters to me", form.elements.questions, function (item) {
    return item[1] + " " + item[2];
  });
  bring("clinic.pages", "bring-pages", "Share which of your pages I read", form.elements.share_pages, function (page) {
    return page[1] + " (" + page[0] + ")";
  });
}());
