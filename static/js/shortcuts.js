/* Staff pages: keys that save and search, and the list of them, which the page holds as a dialog. On a phone the rail
   shows where one is. */
(function () {
  "use strict";

  var list = document.getElementById("shortcuts");

  function first(selector) {
    return document.querySelector(selector);
  }

  function showWhereOneIs() {
    var rail = first(".staff-nav ul");
    var here = first(".staff-nav [aria-current]");
    if (here) {
      rail.scrollLeft = here.offsetLeft - (rail.clientWidth - here.offsetWidth) / 2;
    }
  }

  function writing(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  }

  function show() {
    if (list.showModal && !list.open) {
      list.showModal();
    }
  }

  function save(event) {
    var button = first("#content [name=_continue]") || first("#content [name=_save]");
    event.preventDefault(); // the browser would save the page as a file
    if (button && !event.repeat) {
      button.click();
    }
  }

  /* The menus of lists and of the phone: the last one of the page that is open, and back to its word. */
  function close(event) {
    var open = document.querySelectorAll(".staff-menu[open], .filters-fold[open], .filter[open]");
    var last = open[open.length - 1];
    if (last) {
      event.preventDefault();
      last.open = false;
      last.querySelector("summary").focus();
    }
  }

  function key(event) {
    if (event.defaultPrevented || event.isComposing || event.altKey) {
      return;
    }
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() === "s" && !event.shiftKey) {
        save(event);
      }
    } else if (!writing(event.target) && event.key === "?") {
      event.preventDefault();
      show();
    } else if (!writing(event.target) && event.key === "Escape" && !first("dialog[open]")) {
      close(event);
    } else if (!writing(event.target) && event.key === "/") {
      var search = first("#queue-search, #staff-find, #searchbar");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    }
  }

  showWhereOneIs();
  document.addEventListener("keydown", key);
  Array.prototype.forEach.call(document.querySelectorAll("[data-shortcuts]"), function (button) {
    button.hidden = !list.showModal;
    button.addEventListener("click", show);
  });
}());
