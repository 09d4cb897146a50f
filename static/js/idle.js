/* The idle lock: without activity for as long as accounts/idle.py says, the page is covered. It unlocks in place. */
(function () {
  "use strict";

  var script = document.currentScript;
  var IDLE = Number(script.getAttribute("data-idle")) * 1000;
  var WARNING = Number(script.getAttribute("data-warning")) * 1000;
  var PING = 5 * 60 * 1000;
  var ACCOUNT = script.getAttribute("data-account"); // said, as a computer at the front desk is shared
  var SEEN = "clinic.staff.seen"; // shared by all windows, so that work in one keeps the others open
  var own = Date.now();
  var pinged = own;
  var cover = null;
  var warning = null;

  function lastSeen() {
    try {
      return Math.max(own, Number(localStorage.getItem(SEEN)) || 0);
    } catch (error) {
      return own;
    }
  }

  function token() {
    var field = document.querySelector("input[name=csrfmiddlewaretoken]");
    return field ? field.value : "";
  }

  function post(verb, data, done) {
    var request = new XMLHttpRequest();
    request.open("POST", "/accounts/clock/" + verb);
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    request.onload = function () { done(request.status); };
    request.onerror = function () { done(0); };
    request.send(data);
  }

  function alive() {
    if (cover) {
      return;
    }
    own = Date.now();
    try {
      localStorage.setItem(SEEN, String(own));
    } catch (error) { /* then each window counts by itself */ }
    if (own - pinged > PING) {
      pinged = own;
      post("", "", function (status) {
        if (status === 403) {
          lock();
        }
      });
    }
  }

  function element(tag, words, attributes) {
    var made = document.createElement(tag);
    made.textContent = words;
    Object.keys(attributes || {}).forEach(function (name) { made.setAttribute(name, attributes[name]); });
    return made;
  }

  function showWarning() {
    if (warning) {
      return;
    }
    warning = element("div", "This page locks in a minute. ", { "class": "idle-warning", role: "alert" });
    var stay = element("button", "Keep it open", { type: "button", "class": "button" });
    stay.addEventListener("click", alive);
    warning.appendChild(stay);
    document.body.appendChild(warning);
  }

  function hideWarning() {
    if (warning) {
      warning.parentNode.removeChild(warning);
      warning = null;
    }
  }

  // Everything else is hidden, not only covered: nothing can be read, reached by Tab, or found by a screen reader.
  function others(hidden) {
    Array.prototype.forEach.call(document.body.children, function (child) {
      if (child !== cover) {
        child.classList.toggle("idle-hidden", hidden);
      }
    });
  }

  // The log-in has ended. What was typed is sent, so that the server keeps it until after the next one (leaving.js).
  function logInAgain() {
    if (document.dispatchEvent(new CustomEvent("clinic.session-ended", { cancelable: true }))) {
      location.reload();
    }
  }

  function logOut() {
    var button = element("button", "Log out instead", { type: "button", "class": "button-plain" });
    button.addEventListener("click", function () { document.getElementById("logout-form").submit(); });
    return button;
  }

  function lock() {
    if (cover) {
      return;
    }
    hideWarning();
    var title = document.title;
    var focused = document.activeElement;
    cover = element("main", "", { "class": "idle-cover" });
    var form = element("form", "", {});
    var problem = element("p", "", { role: "alert", "class": "error-message" });
    var field = element("input", "", { type: "password", id: "idle-password", autocomplete: "current-password" });
    var button = element("button", "Unlock", { type: "submit", "class": "button" });
    form.appendChild(element("h1", "Locked"));
    form.appendChild(element("p", "You were inactive for a while. What you were writing is still here."));
    form.appendChild(problem);
    form.appendChild(element("label", "Password of " + ACCOUNT, { "for": "idle-password" }));
    form.appendChild(field);
    form.appendChild(button);
    cover.appendChild(form);
    cover.appendChild(logOut());
    document.body.appendChild(cover);
    document.title = "Locked";
    others(true);
    field.focus();
    post("lock/", "", function () {});
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      post("unlock/", "password=" + encodeURIComponent(field.value), function (status) {
        field.value = "";
        if (status === 204) {
          others(false);
          cover.parentNode.removeChild(cover);
          cover = null;
          document.title = title;
          pinged = Date.now();
          alive();
          if (focused && focused.focus) {
            focused.focus();
          }
        } else if (status === 401) {
          logInAgain();
        } else {
          problem.textContent = status ? "This is not the password of " + ACCOUNT + ", or there were too many attempts." : "The site does not respond.";
          field.focus();
        }
      });
    });
  }

  ["keydown", "pointerdown", "mousemove", "touchstart", "scroll"].forEach(function (kind) {
    document.addEventListener(kind, alive, { passive: true });
  });
  window.setInterval(function () {
    var idle = Date.now() - lastSeen();
    if (idle > IDLE) {
      lock();
    } else if (idle > IDLE - WARNING) {
      showWarning();
    } else {
      hideWarning();
    }
  }, 1000);
}());
