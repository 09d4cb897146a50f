/* Small conveniences. Every page works without them. */
(function () {
  "use strict";

  var summary = document.querySelector(".error-summary");
  if (summary) {
    summary.setAttribute("tabindex", "-1");
    summary.focus();
  }

  var menu = document.querySelector(".menu");
  document.addEventListener("keydown", function (event) {
    if (menu && menu.open && (event.key === "Escape" || event.key === "Esc")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  Array.prototype.forEach.call(document.querySelectorAll("[data-print-page]"), function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      window.print();
    });
  });
})();
