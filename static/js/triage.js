/* Staff: print a request or the queue, and copy a request for the chart. */
(function () {
  "use strict";

  function each(selector, act) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), act);
  }

  each("[data-print]", function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

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
