/* Staff: print what is on the screen, copy a request for the chart, and begin to write down what a caller says. */
(function () {
  "use strict";

  function each(selector, act) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), act);
  }

  each("[data-print]", function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  // Where what to say to the caller stands beside the form. On a phone it stands above, and stays in sight.
  if (window.matchMedia("(min-width: 75em)").matches) {
    each("[data-begin]", function (field) { field.focus({ preventScroll: true }); });
  }

  if (document.querySelector("[data-print-now]")) {
    window.addEventListener("load", function () { window.print(); });
  }

  each("[data-copy]", function (button) {
    var text = document.getElementById(button.getAttribute("data-copy"));
    button.hidden = false;
    button.addEventListener("click", function () {
      text.focus();
      text.select();
      if (document.execCommand("copy")) {
        document.querySelector("[data-copied]").textContent = "Copied.";
      }
    });
  });
}());
