/* On an article: marks in the contents where one is, ends them after a whole entry, and opens what is folded when a link
   leads into it. */
(function () {
  "use strict";

  function reveal() {
    var target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    var folded = target && target.closest("details:not([open])");
    if (!folded) return;
    folded.open = true;
    target.scrollIntoView();
  }

  window.addEventListener("hashchange", reveal);
  reveal();

  // Nothing can be opened on paper.
  window.addEventListener("beforeprint", function () {
    Array.prototype.forEach.call(document.querySelectorAll(".prose details"), function (folded) {
      folded.open = true;
    });
  });

  var links = document.querySelectorAll(".contents ol a");
  if (!links.length) return;
  var list = links[0].closest("ol");

  // Where the list scrolls beside the page, its last line would be cut off. The button below it stays where it is.
  function endAfterWholeEntry() {
    list.style.maxHeight = list.style.marginBottom = "";
    var room = list.clientHeight;
    if (list.scrollHeight <= room) return;
    var whole = 0;
    Array.prototype.forEach.call(list.children, function (entry) {
      var end = entry.offsetTop + entry.offsetHeight - list.offsetTop;
      if (end <= room) whole = end;
    });
    list.style.maxHeight = whole + "px";
    list.style.marginBottom = room - whole + "px";
  }

  window.addEventListener("resize", endAfterWholeEntry);
  endAfterWholeEntry();

  if (!("IntersectionObserver" in window)) return;
  var headings = Array.prototype.map.call(links, function (link) {
    return document.getElementById(link.hash.slice(1));
  });

  var LINE = 0.12; // of the window: what is above it has been reached

  function mark() {
    var at = -1;
    headings.forEach(function (heading, number) {
      if (heading && heading.getBoundingClientRect().top < window.innerHeight * LINE) at = number;
    });
    Array.prototype.forEach.call(links, function (link, number) {
      if (number === at) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  }

  // Told only when a heading passes the line, so that scrolling costs nothing in between. The margin reaches
  // far above the window: a heading can go from there to below the line within one frame.
  var watch = new IntersectionObserver(mark, { rootMargin: "1000000px 0px -88% 0px" });
  headings.forEach(function (heading) {
    if (heading) watch.observe(heading);
  });
})();
