/* What is typed stays in this tab until it is sent, so that Back, a reload or a discarded tab lose nothing. In this
   browser, beyond the tab, it stays only if the patient ticks a box. */
(function () {
  "use strict";

  var TAB = "clinic.tab";
  var DEVICE = "clinic.answers";
  var DAY = 24 * 60 * 60 * 1000;
  var NEVER = ["token", "action", "website", "stop_read", "stop_shown"];
  var form = document.querySelector("form[data-typed]");

  function stored(kind, key) {
    try {
      var found = JSON.parse(window[kind].getItem(key));
      return found && found.answers && Date.now() - found.at < DAY ? found : null;
    } catch (error) {
      return null;
    }
  }

  function store(kind, key, value) {
    try {
      window[kind].setItem(key, JSON.stringify(value));
      return true;
    } catch (error) {
      return false; // storage is full, or the browser forbids it
    }
  }

  function forget(kind, key) {
    try {
      window[kind].removeItem(key);
    } catch (error) { /* then nothing was kept either */ }
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

  // A question or a time to call that the clinic has taken off the form since: its answer still goes along.
  function isNotOnTheForm(name) {
    return NEVER.indexOf(name) < 0 && !form.elements[name];
  }

  function write(answers) {
    fields().forEach(function (field) {
      if (field.type === "checkbox" || field.type === "radio") {
        field.checked = answers[field.name] === field.value;
      } else if (answers[field.name] !== undefined) {
        field.value = answers[field.name];
      }
    });
    Object.keys(answers).filter(isNotOnTheForm).forEach(function (name) {
      var unseen = document.createElement("input");
      unseen.type = "hidden";
      unseen.name = name;
      unseen.value = answers[name];
      form.appendChild(unseen);
    });
    document.dispatchEvent(new CustomEvent("clinic:restored"));
  }

  function nonce(token) {
    return String(token).split(":")[0];
  }

  // With the token that it was typed under, so that it stays one request however often the form is opened.
  function save() {
    var typed = { at: Date.now(), token: form.elements.token.value, answers: read() };
    store("sessionStorage", TAB, typed);
    if (box.checked && !store("localStorage", DEVICE, typed)) {
      box.checked = false;
      keep.querySelector(".hint").textContent = "This browser does not let us keep anything.";
    }
  }

  function sayThatItIsBack() {
    var line = document.createElement("p");
    var empty = document.createElement("button");
    line.className = "notice";
    line.setAttribute("role", "status");
    line.textContent = "What you typed is still here. Nothing has been sent yet. ";
    empty.type = "button";
    empty.className = "button-plain";
    empty.textContent = "Empty the form";
    empty.addEventListener("click", function () {
      forget("sessionStorage", TAB);
      forget("localStorage", DEVICE);
      form.reset();
      location.assign(form.getAttribute("action").split("#")[0]);
    });
    line.appendChild(empty);
    form.parentNode.insertBefore(line, form);
  }

  function bringBack() {
    var isNew = form.hasAttribute("data-fresh");
    var tab = stored("sessionStorage", TAB);
    var found = tab && (isNew || nonce(tab.token) === nonce(form.elements.token.value)) ? tab : null;
    found = found || (isNew ? stored("localStorage", DEVICE) : null);
    var before = JSON.stringify(read());
    if (found) {
      write(found.answers);
      if (isNew && found.token) {
        form.elements.token.value = found.token;
      }
      if (JSON.stringify(read()) !== before) {
        sayThatItIsBack();
      }
    }
  }

  var keep = document.createElement("div");
  keep.className = "field keep";
  keep.innerHTML = '<div class="choice"><input type="checkbox" id="keep-answers" aria-describedby="keep-answers_hint">'
    + '<label for="keep-answers">Keep my answers on this device until I send</label></div>'
    + '<p class="hint" id="keep-answers_hint">Only in this browser. Erased when you send, or after 24 hours. '
    + "Leave it off on a device that others use.</p>";
  var box = keep.querySelector("input");
  box.checked = Boolean(stored("localStorage", DEVICE));
  if (form.hasAttribute("data-parts")) {
    form.querySelector(".form-part").appendChild(keep); // below its questions, above its button
    bringBack();
    box.addEventListener("change", function () {
      if (!box.checked) {
        forget("localStorage", DEVICE);
      }
    });
    form.addEventListener("input", save);
    form.addEventListener("change", save);
  } else {
    save(); // the check page may have fewer lines than were typed
    form.addEventListener("change", save);
  }
}());
