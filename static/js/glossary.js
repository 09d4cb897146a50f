/* Explains a word beside the text. Without this script the word is a link to the glossary. */
(function () {
  "use strict";

  var box = null;
  var opener = null;

  function part(tag, words, className) {
    var element = document.createElement(tag);
    element.textContent = words;
    if (className) element.className = className;
    return element;
  }

  function close(backToWord) {
    if (!box) return;
    var word = opener;
    box.parentNode.removeChild(box);
    word.setAttribute("aria-expanded", "false");
    word.removeAttribute("aria-controls");
    box = opener = null;
    if (backToWord) word.focus();
  }

  function place() {
    if (!box) return;
    var lines = opener.getClientRects();
    var line = lines[lines.length - 1];
    var frame = opener.closest(".prose").getBoundingClientRect();
    var parent = box.offsetParent;
    var origin = parent.getBoundingClientRect();
    var left = Math.max(frame.left, Math.min(line.left, frame.right - box.offsetWidth));
    box.style.top = line.bottom - origin.top - parent.clientTop + 9 + "px";
    box.style.left = left - origin.left - parent.clientLeft + "px";
  }

  // The term itself, in the text: with a capital, and without the places where it may be hyphenated.
  function asName(words) {
    var plain = words.replace(/\u00ad/g, "");
    return plain.charAt(0).toUpperCase() + plain.slice(1);
  }

  function open(word) {
    var name = part("p", word.getAttribute("data-term") || asName(word.textContent), "term-name");
    var more = part("a", "All words explained");
    var done = part("button", "Close", "button-plain");
    close(false);
    box = document.createElement("div");
    box.className = "term-box";
    box.id = "term-box";
    box.tabIndex = -1;
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-labelledby", "term-name");
    box.setAttribute("aria-describedby", "term-words");
    name.id = "term-name";
    var words = part("p", word.getAttribute("data-definition"));
    words.id = "term-words";
    more.href = word.getAttribute("href");
    done.type = "button";
    done.addEventListener("click", function () {
      close(true);
    });
    var ends = part("p", "", "term-ends");
    [done, more].forEach(function (child) {
      ends.appendChild(child);
    });
    [name, words, ends].forEach(function (child) {
      box.appendChild(child);
    });
    // Right after the word's own block, so that Tab leads from the box to what follows it.
    var block = word.closest("p, li, dd, td") || word;
    if (block.tagName === "P") block.parentNode.insertBefore(box, block.nextSibling);
    else block.appendChild(box);
    opener = word;
    word.setAttribute("aria-expanded", "true");
    word.setAttribute("aria-controls", "term-box");
    place();
    box.focus();
  }

  function toggle(event) {
    var word = event.currentTarget;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button > 0) return;
    event.preventDefault();
    if (opener === word) close(true);
    else open(word);
  }

  function pressed(event) {
    if (event.key === " " || event.key === "Spacebar") toggle(event);
  }

  Array.prototype.forEach.call(document.querySelectorAll(".prose a.term"), function (word) {
    word.setAttribute("role", "button");
    word.setAttribute("aria-expanded", "false");
    word.setAttribute("aria-haspopup", "dialog");
    word.addEventListener("click", toggle);
    word.addEventListener("keydown", pressed);
  });

  document.addEventListener("keydown", function (event) {
    if (box && (event.key === "Escape" || event.key === "Esc")) close(true);
  });
  document.addEventListener("click", function (event) {
    if (box && !box.contains(event.target) && !opener.contains(event.target)) close(false);
  });
  document.addEventListener("focusin", function (event) {
    if (box && !box.contains(event.target) && event.target !== opener) close(false);
  });
  window.addEventListener("resize", place);
})();
