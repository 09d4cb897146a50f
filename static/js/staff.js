/* Staff pages: show a typed password, and say in words what went wrong with a passkey. */
(function () {
  "use strict";

  function each(selector, act) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), act);
  }

  function canShow(input) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "button-plain";
    button.textContent = "Show password";
    button.setAttribute("aria-controls", input.id);
    button.addEventListener("click", function () {
      var hidden = input.type === "password";
      input.type = hidden ? "text" : "password";
      button.textContent = hidden ? "Hide password" : "Show password";
    });
    input.parentNode.insertBefore(button, input.nextSibling);
    input.form.addEventListener("submit", function () {
      input.type = "password"; // so that the browser offers to save it as a password
    });
  }

  function passkeyProblem(error) {
    if (/^[0-9.]+$|^\[/.test(location.hostname)) {
      return "Passkeys need an address with a name. Open this site as " + location.protocol + "//localhost"
        + (location.port ? ":" + location.port : "") + " and try again.";
    }
    if (error && error.name === "NotAllowedError") {
      return "That was cancelled, or took too long. Try again.";
    }
    return "That did not work with this device. Try another one, or use an authenticator app.";
  }

  each("[data-can-show]", canShow);
  if (window.PublicKeyCredential) {
    each("[data-passkeys]", function (part) { part.hidden = false; });
    each("[data-no-passkeys]", function (part) { part.hidden = true; });
  }
  document.addEventListener("allauth.error", function (event) {
    event.preventDefault();
    each("[data-passkey-problem]", function (line) {
      line.textContent = passkeyProblem(event.detail.exception);
      line.hidden = false;
    });
  });
}());
