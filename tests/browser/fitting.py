"""Whether a page fits its window, and its words their boxes."""

from playwright.sync_api import Page, ViewportSize

SMALL_PHONE: ViewportSize = {"width": 320, "height": 640}
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Words that a box of fixed size would cut off.
CUT_OFF = """() => Array.from(document.querySelectorAll("body *")).filter(element => {
  const style = getComputedStyle(element);
  const hides = style.overflowX !== "visible" && style.overflowX !== "auto" && style.overflowX !== "scroll";
  const cut = element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
  const meant = element.closest(".visually-hidden, .trap, input, textarea, select, svg") || element.clientWidth < 2;
  return hides && cut && !meant && element.innerText;
}).map(element => element.outerHTML.slice(0, 120))"""
# Controls that stand out of the window to a side, or under something else, once they are scrolled to.
OUT_OF_REACH = """() => Array.from(document.querySelectorAll("main :is(a, button, input, textarea, summary)"))
  .filter(control => control.checkVisibility() && !control.closest(".trap"))
  .filter(control => {
    control.scrollIntoView({block: "center", behavior: "instant"});
    const box = control.getClientRects()[0];
    const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const reached = control.contains(there) || Array.from(control.labels || []).some(label => label.contains(there));
    return box.left < 0 || box.right > window.innerWidth || !reached;
  }).map(control => control.outerHTML.slice(0, 120))"""
# What patients tap, other than links within a sentence, and what is less than 44 pixels high or wide.
HARD_TO_TAP = """() => Array.from(document.querySelectorAll(
  "button, .button, summary, nav a, .quick, .brand, .card a, .rule-list a, input:not([type=hidden]), select, textarea"))
  .filter(target => target.checkVisibility() && !target.closest(".trap, .breadcrumb"))
  .filter(target => {
    const around = [target, target.closest(".card"), ...(target.labels || [])].filter(Boolean);
    const boxes = around.map(element => element.getBoundingClientRect());
    return Math.max(...boxes.map(box => box.height)) < 43.5 || Math.max(...boxes.map(box => box.width)) < 43.5;
  }).map(target => target.outerHTML.slice(0, 120))"""

# Words in what is tapped that stand on two lines, with part of the word on each.
BROKEN = """() => Array.from(document.querySelectorAll("label, legend, .button, summary, nav a, h1, h2, h3"))
  .filter(element => element.checkVisibility() && !element.closest(".trap"))
  .flatMap(element => {
    const range = document.createRange();
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const broken = [];
    while (walker.nextNode()) {
      const text = walker.currentNode;
      for (const word of text.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        if (new Set(Array.from(range.getClientRects(), box => Math.round(box.top))).size > 1) { broken.push(word[0]); }
      }
    }
    return broken;
  })"""
# Words beside a compound that is held together, where the page lays out each of the two as a box of its own.
TORN = """() => Array.from(document.querySelectorAll("span.nowrap"), held => held.parentElement).filter(parent =>
  /flex|grid/.test(getComputedStyle(parent).display)
  && Array.from(parent.childNodes).some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())
).map(parent => parent.outerHTML.slice(0, 120))"""
# What the bar at the foot of a phone covers once it has the focus.
COVERED = """() => {
  const bar = document.querySelector(".call-bar");
  const stops = "main :is(a[href], button, input:not([type=hidden]), select, textarea, summary)";
  return !bar ? [] : Array.from(document.querySelectorAll(stops))
    .filter(stop => stop.checkVisibility() && !bar.contains(stop) && !stop.closest(".trap"))
    .filter(stop => {
      stop.focus();
      return stop.getBoundingClientRect().bottom > bar.getBoundingClientRect().top + 1;
    }).map(stop => stop.outerHTML.slice(0, 120));
}"""

# Words in letters smaller than any that somebody should have to read.
TINY = """() => Array.from(document.querySelectorAll("body *")).filter(element =>
  Array.from(element.childNodes).some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())
  && parseFloat(getComputedStyle(element).fontSize) < 15
  && element.checkVisibility({visibilityProperty: true})
  && !element.closest(".visually-hidden, .material-icons, select, textarea, svg")
).map(element => element.outerHTML.slice(0, 120))"""


def too_wide(page: Page) -> int:
    """By how many pixels it is wider than its window; 0 or less when it fits."""
    return int(page.evaluate(TOO_WIDE))


def assert_fits(page: Page) -> None:
    assert too_wide(page) <= 0
    assert page.evaluate(CUT_OFF) == []


def assert_is_in_reach(page: Page) -> None:
    assert page.evaluate(OUT_OF_REACH) == []
