/* Staff: whoever leaves a page with words that were not sent is asked first. Nothing typed about a patient is kept in the
   browser, so it could not be brought back. */
(function () {
  "use strict";

  var STILL_HERE = 3000; // milliseconds after which whoever pressed a button, or dialed, has not left
  var form = document.querySelector("form[data-ask-before-leaving]");
  var leaving = false;
  var atFirst = "";

  function typed() {
    return Array.prototype.map.call(form.elements, function (field) {
      var isTick = field.type === "checkbox" || field.type === "radio";
      return field.type === "hidden" || field.hasAttribute("data-not-typed") ? "" : isTick ? field.checked : field.value;
    }).join("\n");
  }

  function leave() {
    leaving = true;
    window.setTimeout(function () { leaving = false; }, STILL_HERE);
  }

  if (!form) {
    return;
  }
  atFirst = form.getAttribute("data-ask-before-leaving") === "typed" ? null : typed();
  form.addEventListener("submit", leave);
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a");
    if (link && !/^http/.test(link.protocol)) {
      leave(); // another program dials or writes; the page stays
    }
  });
  document.addEventListener("clinic.session-ended", function (event) {
    if (typed() !== atFirst) {
      event.preventDefault();
      leaving = true;
      form.submit();
    }
  });
  window.addEventListener("pageshow", function (event) { leaving = leaving && !event.persisted; });
  window.addEventListener("beforeunload", function (event) {
    if (!leaving && typed() !== atFirst) {
      event.preventDefault();
    }
  });
}());
