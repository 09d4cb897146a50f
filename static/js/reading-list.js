/* What a reader chooses to keep, in this browser only: questions to ask, what matters to them, and, once switched on,
   which pages were read. */
(function () {
  "use strict";

  var DAY = 24 * 60 * 60 * 1000;
  var MAX_ITEMS = 50;

  function stored(key) {
    try {
      return JSON.parse(localStorage.getItem("clinic." + key));
    } catch (error) {
      return null;
    }
  }

  function store(key, value) {
    try {
      localStorage.setItem("clinic." + key, JSON.stringify(value));
    } catch (error) { /* storage is full or forbidden: nothing is kept */ }
  }

  function forget(key) {
    try {
      localStorage.removeItem("clinic." + key);
    } catch (error) { /* nothing was kept */ }
  }

  function each(list, act) {
    Array.prototype.forEach.call(list, act);
  }

  // Answers kept in this tab or on this device are erased once they are sent, on whichever page comes next; on the
  // device also after a day.
  if (document.querySelector("[data-sent]")) {
    try {
      sessionStorage.removeItem("clinic.tab");
    } catch (error) { /* nothing was kept */ }
  }
  var answers = stored("answers");
  if (answers && (document.querySelector("[data-sent]") || Date.now() - answers.at > DAY)) {
    forget("answers");
  }

  var article = document.querySelector("article[data-page]");
  if (article && stored("remember")) {
    var pages = (stored("pages") || []).filter(function (page) { return page[0] !== location.pathname; });
    pages.push([location.pathname, oneLine(document.querySelector("h1").textContent)]);
    store("pages", pages.slice(-MAX_ITEMS));
  }

  each(document.querySelectorAll(".questions"), function (block) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "button button-secondary no-print";
    button.textContent = "Keep these questions for my request";
    button.addEventListener("click", function () {
      var kept = stored("questions") || [];
      each(block.querySelectorAll("li"), function (item) {
        var words = oneLine(item.textContent);
        if (kept.indexOf(words) < 0) {
          kept.push(words);
        }
      });
      store("questions", kept.slice(-MAX_ITEMS));
      var link = document.createElement("p");
      link.setAttribute("role", "status");
      link.innerHTML = 'Kept in this browser only. Part 3 of the <a href="/request-a-consultation/">request form</a> asks '
        + 'whether to send them. <a href="/my-questions/">My questions</a>';
      button.parentNode.replaceChild(link, button);
    });
    block.appendChild(button);
  });

  // What matters to the reader: chosen on a page that helps with a decision, and kept only while the box is ticked.
  var asked = document.querySelectorAll(".what-matters .asked");
  if (asked.length) {
    keepMatters(asked);
  }

  // As it was written: without the soft hyphens that long words have on a page.
  function oneLine(words) {
    return words.replace(/\u00ad/g, "").replace(/\s+/g, " ").trim();
  }

  function words(question) {
    return oneLine(question.querySelector("legend, label").textContent);
  }

  function answer(question) {
    var given = question.querySelector("input:checked, textarea");
    return given ? oneLine(given.type === "radio" ? given.parentNode.textContent : given.value) : "";
  }

  function giveAgain(question, said) {
    each(question.querySelectorAll("input, textarea"), function (field) {
      if (field.type === "radio") {
        field.checked = oneLine(field.parentNode.textContent) === said;
      } else {
        field.value = said;
      }
    });
  }

  function keepMatters(asked) {
    var kept = stored("matters") || [];
    var row = document.createElement("div");
    row.className = "keep-matters no-print";
    row.innerHTML = '<label><input type="checkbox" aria-describedby="keep-matters-hint"> Keep my answers for my request</label>'
      + '<p id="keep-matters-hint">They stay in this browser until you remove them under <a href="/my-questions/">My questions</a>. '
      + 'They go with a request only if you tick that there. Leave this off on a phone that others use.</p>';
    var box = row.querySelector("input");
    var last = asked[asked.length - 1];
    last.parentNode.appendChild(row);

    function fromElsewhere() {
      return (stored("matters") || []).filter(function (item) { return item[0] !== location.pathname; });
    }

    function save() {
      var here = [];
      each(asked, function (question) {
        if (box.checked && answer(question)) {
          here.push([location.pathname, words(question), answer(question)]);
        }
      });
      var all = fromElsewhere().concat(here).slice(-MAX_ITEMS);
      if (all.length) {
        store("matters", all);
      } else {
        forget("matters");
      }
    }

    each(asked, function (question) {
      kept.forEach(function (item) {
        if (item[0] === location.pathname && item[1] === words(question)) {
          giveAgain(question, item[2]);
          box.checked = true;
        }
      });
      question.addEventListener("input", save);
    });
    box.addEventListener("change", save);
  }

  var page = document.querySelector("[data-my-questions]");
  if (!page) {
    return;
  }

  function list(key, words) {
    var target = page.querySelector('[data-list="' + key + '"]');
    var items = stored(key) || [];
    target.textContent = "";
    page.querySelector('[data-none="' + key + '"]').hidden = items.length > 0;
    items.forEach(function (item, place) {
      var row = document.createElement("li");
      var remove = document.createElement("button");
      remove.type = "button";
      remove.className = "button-plain";
      remove.textContent = "Remove";
      remove.setAttribute("aria-label", "Remove “" + words(item) + "”");
      remove.addEventListener("click", function () {
        var now = stored(key) || [];
        now.splice(place, 1);
        store(key, now);
        list(key, words);
      });
      row.textContent = words(item) + " ";
      row.appendChild(remove);
      target.appendChild(row);
    });
  }

  function showAll() {
    list("questions", function (words) { return words; });
    list("matters", function (item) { return item[1] + " " + item[2]; });
    list("pages", function (read) { return read[1]; });
  }

  var add = page.querySelector("form");
  add.addEventListener("submit", function (event) {
    event.preventDefault();
    var words = oneLine(add.elements.question.value);
    if (words) {
      store("questions", (stored("questions") || []).concat(words).slice(-MAX_ITEMS));
      add.reset();
      showAll();
    }
    add.elements.question.focus();
  });
  var remember = page.querySelector("[data-remember]");
  remember.checked = Boolean(stored("remember"));
  remember.addEventListener("change", function () {
    if (remember.checked) {
      store("remember", true);
    } else {
      forget("remember");
      forget("pages");
      showAll();
    }
  });
  page.querySelector("[data-forget]").addEventListener("click", function () {
    ["questions", "matters", "pages", "remember", "answers"].forEach(forget);
    remember.checked = false;
    showAll();
  });
  page.hidden = false;
  showAll();
}());
