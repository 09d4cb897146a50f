/* On the request form: take over questions and pages that were kept while reading. Nothing goes along unasked. The
   check page says when the questions were left out. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-parts]");

  function stored(key) {
    try {
      return JSON.parse(localStorage.getItem(key)) || [];
    } catch (error) {
      return [];
    }
  }

  function choice(id, words) {
    var row = document.createElement("div");
    row.className = "field keep";
    row.innerHTML = '<div class="choice"><input type="checkbox"><label></label></div>'
      + '<p class="hint">You see them once more before you send, and can take out each one.</p>';
    var box = row.querySelector("input");
    box.id = id;
    box.setAttribute("aria-describedby", id + "_hint");
    row.querySelector("label").htmlFor = id;
    row.querySelector("label").textContent = words;
    row.querySelector(".hint").id = id + "_hint";
    return row;
  }

  // Takes out each brought line once, and nothing that was typed meanwhile.
  function without(lines, brought) {
    var left = brought.slice();
    return lines.filter(function (line) {
      var place = left.indexOf(line);
      if (place >= 0) {
        left.splice(place, 1);
      }
      return place < 0;
    });
  }

  function bring(key, id, words, target, line) {
    var brought = stored(key).map(line);
    if (!brought.length || !target) {
      return;
    }
    var row = choice(id, words + " (" + brought.length + ")");
    var box = row.querySelector("input");
    var typed = target.value ? target.value.split("\n") : [];
    box.checked = without(typed, brought).length === typed.length - brought.length;
    box.addEventListener("change", function () {
      var lines = without(target.value ? target.value.split("\n") : [], brought);
      target.value = (box.checked ? lines.concat(brought) : lines).join("\n");
    });
    var place = target.type === "hidden" ? target : target.closest(".field");
    place.parentNode.insertBefore(row, place);
  }

  // A press adds them and leads back to their part, where each can be changed. Whoever took some of them along has
  // chosen, and is not asked again.
  function sayWhatWasLeftOut(check) {
    var kept = stored("clinic.questions");
    var field = check.elements.questions || document.createElement("input");
    var typed = field.value ? field.value.split("\n") : [];
    if (!kept.length || without(typed, kept).length < typed.length) {
      return;
    }
    var row = document.createElement("div");
    row.className = "notice";
    row.setAttribute("role", "note");
    row.innerHTML = '<p></p><button class="button button-secondary" type="submit" name="action" value="edit">'
      + "Add my questions</button>";
    row.firstChild.textContent = kept.length > 1
      ? "You kept " + kept.length + " questions while reading. They are not in this request."
      : "You kept a question while reading. It is not in this request.";
    row.lastChild.setAttribute("formaction", check.getAttribute("action") + "#id_questions");
    row.lastChild.addEventListener("click", function () {
      field.type = "hidden";
      field.name = "questions";
      field.value = typed.concat(kept).join("\n");
      check.appendChild(field);
    });
    check.insertBefore(row, check.querySelector("section"));
  }

  var check = document.getElementById("consultation-check");
  if (check) {
    sayWhatWasLeftOut(check);
  }
  if (!form) {
    return;
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
