/* What a reader chooses to keep, in this browser only: questions to ask, and, once switched on, which pages were read. */
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

  var article = document.querySelector("article[data-page], .article");
  if (article && stored("remember")) {
    var pages = (stored("pages") || []).filter(function (page) { return page[0] !== location.pathname; });
    pages.push([location.pathname, document.querySelector("h1").textContent.trim()]);
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
        var words = item.textContent.replace(/\s+/g, " ").trim();
        if (kept.indexOf(words) < 0) {
          kept.push(words);
        }
      });
      store("questions", kept.slice(-MAX_ITEMS));
      var link = document.createElement("p");
      link.setAttribute("role", "status");
      link.innerHTML = 'Kept in this browser only. <a href="/my-questions/">My questions</a>';
      button.parentNode.replaceChild(link, button);
    });
    block.appendChild(button);
  });

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
    list("pages", function (read) { return read[1]; });
  }

  var add = page.querySelector("form");
  add.addEventListener("submit", function (event) {
    event.preventDefault();
    var words = add.elements.question.value.replace(/\s+/g, " ").trim();
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
    ["questions", "pages", "remember", "answers"].forEach(forget);
    remember.checked = false;
    showAll();
  });
  page.hidden = false;
  showAll();
}());
