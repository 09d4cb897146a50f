/* One part of the form at a time, with Back and Continue. Nothing leaves the device until "Check your answers". */
(function () {
  "use strict";

  var form = document.querySelector("form[data-parts]");
  var parts = form ? Array.prototype.slice.call(form.querySelectorAll(".form-part")) : [];
  if (parts.length < 2) {
    return;
  }
  var send = document.getElementById("form-send");
  var progress = form.querySelector(".progress");
  var bar = form.querySelector(".part-bar"); // the same for the eye, with the parts by name where there is room
  var current = 0;

  function button(words, kind, act) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = kind;
    made.textContent = words;
    made.addEventListener("click", function (event) {
      if (event.detail < 2) { // the second tap of two would press what now stands there, and pass over a part
        act();
      }
    });
    return made;
  }

  function title(part) {
    return part.querySelector("h2");
  }

  function partOf(element) {
    return element ? parts.indexOf(element.closest(".form-part")) : -1;
  }

  function show(number, options) {
    current = number;
    parts.forEach(function (part, place) { part.hidden = place !== number; });
    Array.prototype.forEach.call(document.querySelectorAll("[data-first-part]"), function (words) {
      words.hidden = number > 0;
    });
    progress.textContent = "Part " + (number + 1) + " of " + parts.length;
    Array.prototype.forEach.call(bar.children, function (step, place) {
      step.className = place > number ? "" : place === number ? "now" : "done";
    });
    if (options && options.focus) {
      title(parts[number]).focus();
      window.scrollTo(0, form.getBoundingClientRect().top + window.pageYOffset - 20);
    }
  }

  function go(number) {
    history.pushState({ part: number }, "", "#" + title(parts[number]).id);
    show(number, { focus: true });
  }

  function errorOf(field) {
    return document.getElementById(field.id + "_error");
  }

  // What is required is said at once, in the words that the server would use; what the server said stands in its place.
  function complain(field, words) {
    var line = errorOf(field);
    var row = field.closest(".date-parts") || field; // day, month and year are too narrow for words
    if (!line) {
      line = document.createElement("p");
      line.id = field.id + "_error";
      line.className = "error-message";
      row.parentNode.insertBefore(line, row);
      row.parentNode.classList.add("field-error");
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", ((field.getAttribute("aria-describedby") || "") + " " + line.id).trim());
    }
    line.textContent = words;
    line.setAttribute("data-said-here", "");
  }

  function isChanged(field) {
    return Boolean(field) && field.value !== field.defaultValue;
  }

  // What the server said of a field stands until something else is typed there, or in the field that may replace it.
  function settle(field) {
    var line = errorOf(field);
    if (line && (line.hasAttribute("data-said-here") || isChanged(field) || isChanged(alternative(field)))) {
      var box = line.parentNode;
      box.removeChild(line);
      if (!box.querySelector(".error-message")) {
        box.classList.remove("field-error");
      }
      field.removeAttribute("aria-invalid");
      field.setAttribute("aria-describedby", field.getAttribute("aria-describedby").replace(line.id, "").trim());
    }
  }

  function alternative(field) {
    return document.getElementById(field.getAttribute("data-or") || "");
  }

  function fault(field) {
    var other = alternative(field);
    if (field.hasAttribute("data-needed") && !field.value.trim() && !(other && other.value.trim())) {
      var theirs = document.querySelector('[name="asking_for"][value="someone"]:checked');
      return (theirs && field.getAttribute("data-needed-theirs")) || field.getAttribute("data-needed");
    }
    return field.value.trim() && isWrong(field) ? field.getAttribute("data-wrong") : "";
  }

  function isWrong(field) {
    var pattern = field.getAttribute("data-pattern");
    try {
      return Boolean(pattern) && !new RegExp("^(?:" + pattern + ")$", "u").test(field.value);
    } catch (error) {
      return false; // an old browser can't read the pattern; the server will tell
    }
  }

  function firstFault(part) {
    return Array.prototype.slice.call(part.querySelectorAll("[data-needed], [data-wrong]")).filter(judge)[0];
  }

  function judge(field) {
    var words = fault(field);
    if (words) {
      complain(field, words);
    } else {
      settle(field);
    }
    return words;
  }

  function forward() {
    var wrong = firstFault(parts[current]);
    if (wrong) {
      wrong.focus();
    } else {
      go(current + 1);
    }
  }

  bar.textContent = "";
  parts.forEach(function (part, place) {
    var row = document.createElement("div");
    row.className = "form-actions part-actions";
    if (place < parts.length - 1) {
      row.appendChild(button("Continue", "button", forward));
    }
    if (place === parts.length - 1) {
      row.appendChild(send.firstElementChild);
      send.hidden = true;
    }
    if (place) {
      row.appendChild(button("Back", "button-plain", function () { history.back(); }));
    }
    bar.appendChild(document.createElement("li")).textContent = title(part).textContent;
    title(part).setAttribute("tabindex", "-1");
    part.appendChild(row);
  });

  // An error speaks to whoever the consultation is for.
  form.addEventListener("change", function (event) {
    if (event.target.name === "asking_for") {
      Array.prototype.slice.call(form.querySelectorAll("[data-needed-theirs]")).filter(errorOf).forEach(judge);
    }
  });
  form.addEventListener("submit", function (event) {
    if (current < parts.length - 1) { // Enter in a field of an earlier part
      event.preventDefault();
      forward();
    }
  });
  window.addEventListener("popstate", function (event) {
    var part = event.state && event.state.part;
    show(part === undefined || part === null ? start() : part, { focus: true });
  });
  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest(".error-summary a") : null;
    var target = link ? document.getElementById(link.hash.slice(1)) : null;
    if (partOf(target) >= 0) {
      event.preventDefault();
      show(partOf(target));
      target.focus();
    }
  });

  function start() {
    var fault = form.querySelector(".field-error");
    var wanted = document.getElementById(location.hash.slice(1));
    return Math.max(partOf(fault), fault ? 0 : partOf(wanted), 0);
  }
  show(start());
  history.replaceState({ part: current }, "");
}());
