/* The clinic's profile: what the accent color becomes is shown as soon as one is chosen. Without this script a button
   asks for it. */
(function () {
  "use strict";

  var field = document.getElementById("id_accent");
  var shown = document.getElementById("accent-shown");
  var pause = 150; // milliseconds: the color field of a browser speaks at every step of the mouse
  var waiting = 0;

  function show(html, asked) {
    var found = new DOMParser().parseFromString(html, "text/html").getElementById("accent-shown");
    if (found && asked === field.value) {
      shown.replaceChildren.apply(shown, Array.prototype.slice.call(found.childNodes));
    }
  }

  function ask() {
    var asked = field.value;
    fetch(shown.dataset.address + "?accent=" + encodeURIComponent(asked), { credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.text() : ""; })
      .then(function (html) { show(html, asked); })
      .catch(function () {}); // the button of the plain form is gone by then; saving says what is wrong
  }

  if (field && shown && window.fetch && shown.replaceChildren) {
    shown.setAttribute("aria-live", "polite");
    shown.querySelector("button").parentNode.hidden = true;
    field.addEventListener("input", function () {
      clearTimeout(waiting);
      waiting = setTimeout(ask, pause);
    });
  }
}());
