/* Extras of the request form and its pages. Without this file everything still works. */
(function () {
  "use strict";

  // What is more urgent than its errors stands above them, and has the focus.
  var summary = document.getElementById("error-summary");
  if (summary && document.querySelector("[autofocus]") === summary) {
    summary.focus();
  }

  var print = document.querySelector("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", function () { window.print(); });
  }

  // The address of the receipt, whichever of its forms is open.
  var copy = document.querySelector("[data-copy-path]");
  if (copy) {
    copy.hidden = false;
    copy.addEventListener("click", function () {
      var text = document.createElement("textarea");
      text.value = location.origin + copy.getAttribute("data-copy-path");
      copy.parentNode.appendChild(text);
      text.select();
      var done = document.execCommand("copy");
      copy.parentNode.removeChild(text);
      copy.focus();
      document.querySelector("[data-copied]").textContent = done ? "Copied." : "Copy it from the top of your browser.";
    });
  }

  // “Did you mean …?”: the address is exchanged in place. Without a script the same button asks the server for it.
  var suggested = document.querySelector("[data-suggested]");
  if (suggested) {
    suggested.querySelector("button").addEventListener("click", function (event) {
      var address = suggested.getAttribute("data-suggested");
      var field = suggested.closest("form").elements.email;
      event.preventDefault();
      field.value = address;
      field.dispatchEvent(new Event("change", { bubbles: true }));
      document.querySelector("[data-email]").textContent = address;
      suggested.setAttribute("role", "status");
      suggested.textContent = "Your e-mail address is now " + address + ".";
    });
  }

  // Questions about asking for someone else show only when they apply; while disabled they are not sent either.
  var group = document.getElementById("group-proxy");
  var choices = document.querySelectorAll('input[name="asking_for"]');
  function follow() {
    var chosen = document.querySelector('input[name="asking_for"]:checked');
    var applies = Boolean(chosen && chosen.value === "someone");
    group.hidden = !applies;
    group.disabled = !applies;
  }
  if (group && choices.length) {
    Array.prototype.forEach.call(choices, function (choice) { choice.addEventListener("change", follow); });
    document.addEventListener("clinic:restored", follow);
    window.addEventListener("pageshow", follow);
    follow();
  }

  // Whoever gave no e-mail address is not offered an e-mail.
  var email = document.getElementById("id_email");
  var link = document.getElementById("id_mail_link");
  function offer() {
    var given = Boolean(email.value.trim());
    link.closest(".field").hidden = !given;
    link.checked = link.checked && given;
  }
  if (email && link && document.querySelector("form[data-parts]")) {
    email.addEventListener("input", offer);
    document.addEventListener("clinic:restored", offer);
    window.addEventListener("pageshow", offer);
    offer();
  }

  // An answer that can't wait brings the page with the emergency numbers at once. Back on the form, the part that was
  // added for that is taken out again.
  var form = document.getElementById("consultation");
  var read = form && form.elements.stop_read ? form.elements.stop_read.value.split(" ") : [];
  var added = null;
  if (form && form.hasAttribute("data-parts")) {
    form.addEventListener("change", function (event) {
      var stops = (event.target.getAttribute("data-stop-at") || "").split(" ");
      var key = event.target.name.replace("screening_", "");
      if (event.target.checked && stops.indexOf(event.target.value) >= 0 && read.indexOf(key) < 0) {
        added = document.createElement("input");
        added.type = "hidden";
        added.name = "action";
        added.value = "stop";
        form.appendChild(added);
        form.submit();
      }
    });
    window.addEventListener("pageshow", function () {
      if (added) {
        form.removeChild(added);
        added = null;
      }
    });
  }
}());
