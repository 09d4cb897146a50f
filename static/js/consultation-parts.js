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
  var firstPart = document.querySelector("[data-first-part]");
  var main = document.getElementById("main");
  var summary = document.createElement("div");
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
    firstPart.hidden = number > 0;
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

  // The field and, of radio buttons, the others of the same question: they have one error.
  function group(field) {
    return all('[name="' + field.name + '"]');
  }

  function all(selector) {
    return Array.prototype.slice.call(form.querySelectorAll(selector));
  }

  function errorOf(field) {
    return document.getElementById("id_" + field.name + "_error");
  }

  // What a screen reader says the error with: radio buttons share it.
  function described(field) {
    return field.type === "radio" ? field.closest("fieldset") : field;
  }

  // What is required is said at once, in the words that the server would use; what the server said stands in its place.
  function complain(field, words) {
    var line = errorOf(field);
    var row = field.closest(".date-parts, .choices") || field; // day, month and year are too narrow for words
    var box = described(field);
    if (!line) {
      line = document.createElement("p");
      line.id = "id_" + field.name + "_error";
      line.className = "error-message";
      row.parentNode.insertBefore(line, row);
      row.parentNode.classList.add("field-error");
      group(field).forEach(function (one) { one.setAttribute("aria-invalid", "true"); });
      box.setAttribute("aria-describedby", ((box.getAttribute("aria-describedby") || "") + " " + line.id).trim());
    }
    line.textContent = "Error: ";
    line.appendChild(document.createTextNode(words));
    line.setAttribute("data-said-here", "");
  }

  function isChanged(field) {
    return group(field).some(function (one) {
      return one.value !== one.defaultValue || one.checked !== one.defaultChecked;
    });
  }

  // What the server said of a field stands until something else is answered there, or where that decides about it.
  function settle(field) {
    var line = errorOf(field);
    if (line && (line.hasAttribute("data-said-here") || [field].concat(deciding(field)).some(isChanged))) {
      var box = line.parentNode;
      box.removeChild(line);
      if (!box.querySelector(".error-message")) {
        box.classList.remove("field-error");
      }
      group(field).forEach(function (one) { one.removeAttribute("aria-invalid"); });
      box = described(field);
      box.setAttribute("aria-describedby", (box.getAttribute("aria-describedby") || "").replace(line.id, "").trim());
    }
  }

  function answer(name) {
    var field = form.elements[name];
    return field ? field.value.trim() : "";
  }

  // Pairs of a name and an answer that can't both be; without an answer, the field is empty.
  function clash(field) {
    return (field.getAttribute("data-clash") || "").split(" ").filter(Boolean).map(function (pair) {
      return pair.split("=");
    });
  }

  function clashes(field) {
    var pairs = clash(field);
    return pairs.length > 0 && pairs.every(function (pair) { return answer(pair[0]) === pair[1]; });
  }

  // The other fields that decide whether this one is right.
  function deciding(field) {
    var others = clash(field).map(function (pair) { return form.elements[pair[0]]; });
    return others.concat(alternative(field)).map(function (one) {
      return one && !one.name && one.length ? one[0] : one; // the first of its radio buttons
    }).filter(Boolean);
  }

  function alternative(field) {
    return document.getElementById(field.getAttribute("data-or") || "");
  }

  // The words for what is wrong with the answer, if anything is. What is disabled is not asked.
  function fault(field) {
    var other = alternative(field), given = answer(field.name);
    if (field.matches(":disabled")) {
      return "";
    }
    if (field.hasAttribute("data-needed") && !given && !(other && other.value.trim())) {
      return (answer("asking_for") === "someone" && field.getAttribute("data-needed-theirs"))
        || field.getAttribute("data-needed");
    }
    if (isMissing(field)) {
      return field.getAttribute("data-missing");
    }
    if (clashes(field)) {
      return field.getAttribute("data-clash-words");
    }
    return given && isWrong(field) ? field.getAttribute("data-wrong") : "";
  }

  // Whether it is the first empty box of a date, of which another is filled in, and not with the whole date.
  function isMissing(field) {
    var boxes = field.hasAttribute("data-missing") ? all("[data-missing]") : [];
    var filled = boxes.filter(function (box) { return box.value.trim(); });
    var empty = boxes.filter(function (box) { return !box.value.trim(); });
    var isWhole = filled.length === 1 && /\S[\s.\/,-]+\S/.test(filled[0].value.trim());
    return filled.length > 0 && empty[0] === field && !isWhole;
  }

  function isWrong(field) {
    var pattern = field.getAttribute("data-pattern");
    try {
      return Boolean(pattern) && !new RegExp("^(?:" + pattern + ")$", "u").test(field.value);
    } catch (error) {
      return false; // an old browser can't read the pattern; the server will tell
    }
  }

  function faults(part) {
    return judged().filter(function (field) { return part.contains(field); }).filter(judge);
  }

  // Several errors are listed where the server lists them, each as a link to its field.
  function list(wrong) {
    var old = document.getElementById("error-summary");
    if (old) {
      main.removeChild(old);
    }
    summary.innerHTML = '<h2 id="error-summary-title">Please correct this first</h2><ul></ul>';
    wrong.forEach(function (field) {
      var link = document.createElement("a");
      link.href = "#" + field.id;
      link.textContent = errorOf(field).lastChild.data;
      summary.lastChild.appendChild(document.createElement("li")).appendChild(link);
    });
    main.insertBefore(summary, main.querySelector(".page-head").nextSibling);
  }

  function unlist() {
    if (summary.parentNode) {
      main.removeChild(summary);
    }
  }

  // Each question once, at its first radio button.
  function judged() {
    return all("[data-needed], [data-wrong], [data-clash]").filter(function (field) {
      return group(field)[0] === field;
    });
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
    var wrong = faults(parts[current]);
    unlist();
    if (wrong.length > 1) {
      list(wrong);
      summary.focus();
    } else if (wrong.length) {
      wrong[0].focus();
    } else {
      go(current + 1);
    }
  }

  summary.className = "error-summary";
  summary.id = "error-summary";
  summary.tabIndex = -1;
  summary.setAttribute("role", "alert");
  summary.setAttribute("aria-labelledby", "error-summary-title");
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
    bar.appendChild(document.createElement("li")).innerHTML = title(part).innerHTML; // with the words to either asker
    title(part).setAttribute("tabindex", "-1");
    part.appendChild(row);
  });

  // What is chosen decides what is wrong, and to whom an error speaks. Not what is typed: the page would move under the
  // button that is pressed next.
  form.addEventListener("change", function (event) {
    if (event.target.type === "radio") {
      var wrong = judged().filter(errorOf).filter(judge);
      if (summary.parentNode) {
        (wrong.length ? list : unlist)(wrong);
      }
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
