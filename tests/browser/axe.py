"""axe-core, run on a page as it stands: in light and dark colours, on a phone and on a desktop.

For the four the page is not opened anew, nor axe loaded again: both take longer than the examination. Each is one run
of axe, with all its rules.

To measure the contrast of a text takes axe longer than all its other rules. It depends on the styles of the text and of
what it stands in, whichever page that is on. So what could be read once is not measured again; nor is a link told from
its text again, where both have the same styles. In dark colours nothing else is asked of axe, and often nothing at all.
"""

from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LINKS = "link-in-text-block"
AA, AAA = ("color-contrast",), ("color-contrast", "color-contrast-enhanced")  # below AA the second says nothing
# Without preload: axe would copy style sheets into style elements, which our policy rightly refuses.
HOW = {"resultTypes": ["violations"], "preload": False}
WIDTHS = (390, 1280)
# In an order in which colours and widths change as seldom as can be: each time all of the page is painted anew.
STATES: tuple[tuple[int, Literal["light", "dark"]], ...] = (
    *((390, "light"), (390, "dark")),
    *((1280, "dark"), (1280, "light")),
)
# Two rules ask for one of two things, and by itself axe always looks at both: whether a link in a text is told by its
# colour or by its style, and whether a target is large or far enough from the next. That took half of all its time.
SETTLE = """() => {
  const {checks} = axe._audit;
  const style = checks["link-in-text-block-style"], colour = checks["link-in-text-block"];
  const size = checks["target-size"], distance = checks["target-offset"];
  const before = {colour: colour.evaluate, size: size.evaluate, distance: distance.evaluate};
  axe.configure({noHtml: true}); // or it would write down the HTML of whatever it looks at
  let large = null; // the last target, if it was
  colour.evaluate = function (...link) {
    return style.evaluate.apply(this, link) === true || before.colour.apply(this, link);
  };
  size.evaluate = function (...target) {
    const found = before.size.apply(this, target);
    large = found === true ? target[0] : null;
    return found;
  };
  distance.evaluate = function (...target) {
    return target[0] === large || before.distance.apply(this, target);
  };
}"""
# The styles of texts whose contrast was found to suffice, and those of links that were told from their texts.
READ: dict[tuple[str, ...], set[str]] = {AA: set(), AAA: set(), (LINKS,): set()}
# Only what is unread is measured, in the same run as all other rules: for each run axe makes a grid of the page anew,
# which takes a quarter of its time. Of texts of the same styles the first that suffices settles it for those after it.
# One that axe can't judge, such as a single letter, a disabled button or a text over a picture, says nothing of others.
MEASURE_UNREAD = """([rules, list, links]) => {
  window.known = new Set(list);
  window.knownLinks = new Set(links);
  window.sufficient = rules.map(() => new Set());
  window.told = new Set();
  const inText = axe._audit.rules.find(each => each.id === "link-in-text-block"), {matches} = inText;
  inText.matches = function (element, ...more) {
    const found = matches.call(this, element, ...more);
    if (found && window.links.has(element)) { window.told.add(window.links.get(element)[0]); }
    return found;
  };
  rules.forEach((id, number) => {
    const rule = axe._audit.rules.find(each => each.id === id), check = axe._audit.checks[id];
    const {matches} = rule, {evaluate} = check;
    rule.matches = function (element, ...more) {
      return window.unread.has(element) && matches.call(this, element, ...more);
    };
    check.evaluate = function (element, ...more) {
      const styles = window.unread.get(element), sufficient = window.sufficient[number];
      if (sufficient.has(styles)) { return true; }
      let ratio;
      const noticing = {...this, data: data => { ratio = data && data.contrastRatio; this.data(data); }};
      const found = evaluate.call(noticing, element, ...more);
      if (styles && ratio && found === true) { sufficient.add(styles); }
      return found;
    };
  });
}"""
BARS = ".call-bar, .record-bar, .save-bar, .save-facts, .submit-row, .autosave"
# What a bar at the foot covers is uncovered by scrolling. And animations are finished first: colours would fade over
# from one scheme to the other.
HOLD_STILL = """bars => {
  document.querySelectorAll(bars).forEach(bar => { bar.style.position = "static"; });
  document.getAnimations().forEach(animation => animation.finish());
}"""
LET_GO = "bars => { document.querySelectorAll(bars).forEach(bar => { bar.style.position = ''; }); }"
# The texts whose styles are not known yet. One that does not stand on the painted boxes of its ancestors, or not on
# them alone, is always measured: what lies under it is no part of its styles. Like axe, this looks at the middle of
# each line.
UNREAD = """() => {
  const images = "img, svg, video, canvas, iframe, object";
  const paint = element => {
    const style = getComputedStyle(element);
    const plain = style.backgroundColor === "rgba(0, 0, 0, 0)" && style.backgroundImage === "none";
    return plain ? "" : `${style.backgroundColor} ${style.backgroundImage} ${style.backgroundClip}`;
  };
  const painted = new Set(Array.from(document.querySelectorAll("body *")).filter(element =>
    (element.matches(images) || paint(element)) && element.checkVisibility({visibilityProperty: true})));
  const strip = y => Math.floor(y / 50);
  const strips = new Map();  // of the page, each with the boxes that reach into it
  for (const element of painted) {
    for (const {left, top, right, bottom} of element.getClientRects()) {
      for (let number = strip(top); number <= strip(bottom); number += 1) {
        if (!strips.has(number)) { strips.set(number, []); }
        strips.get(number).push({element, left, top, right, bottom});
      }
    }
  }
  const layers = new Map([[null, {styles: "", boxes: 0}]]);
  const under = element => {
    if (!layers.has(element)) {
      const style = getComputedStyle(element);
      const place = style.zIndex === "auto" ? "auto" : `${style.position} ${style.zIndex}`;
      const seen = [style.opacity, style.filter, style.mixBlendMode, place, style.transform].join(" ");
      const own = paint(element) + (seen === "1 none normal auto none" ? "" : seen);
      const {styles, boxes} = under(element.parentElement);
      layers.set(element, {styles: own ? `${styles} / ${own}` : styles, boxes: boxes + painted.has(element)});
    }
    return layers.get(element);
  };
  const says = node => node.nodeType === Node.TEXT_NODE && node.data.trim();
  const isField = element => element.matches("textarea, select, input")
    && !["hidden", "range", "color", "checkbox", "radio", "image"].includes(element.type);
  const lines = element => Array.from(element.childNodes).filter(says).flatMap(node => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return Array.from(range.getClientRects());
  });
  const standsOnItsAncestors = element => {
    const rows = isField(element) ? [...lines(element), ...element.getClientRects()] : lines(element);
    return rows.every(({left, right, top, bottom}) => {
      const x = (left + right) / 2, y = (top + bottom) / 2;
      const there = (strips.get(strip(y)) || []).filter(box =>
        box.left <= x && x <= box.right && box.top <= y && y <= box.bottom);
      return there.length === under(element).boxes && there.every(box => box.element.contains(element));
    });
  };
  const styles = element => {
    const style = getComputedStyle(element);
    const own = [style.webkitTextFillColor, style.fontSize, style.fontWeight, style.textShadow, style.webkitTextStroke];
    return own.join(" ") + under(element).styles;
  };
  // Not for readers who see it; or above the page, as a link that shows once it has the focus.
  const isInSight = element => {
    const {position, clip, overflow} = getComputedStyle(element);
    const isCut = `${position} ${clip} ${overflow}` === "absolute rect(0px, 0px, 0px, 0px) hidden";
    const isAbove = lines(element).length && lines(element).every(line => line.bottom + window.scrollY <= 0);
    return !isCut && !isAbove && !element.matches(":disabled") && element.checkVisibility({visibilityProperty: true});
  };
  const texts = Array.from(document.querySelectorAll("body, body *"))
    .filter(element => isField(element) || Array.from(element.childNodes).some(says)).filter(isInSight);
  // Each with what to remember once it is found to suffice: its styles, if nothing else counts.
  window.unread = new Map(texts.map(element => [element, standsOnItsAncestors(element) ? styles(element) : null])
    .filter(([, found]) => !window.known.has(found)));
  const block = element => {
    const parent = element.parentElement;
    return /^(inline|contents)/.test(getComputedStyle(parent).display) ? block(parent) : parent;
  };
  // The blocks that have words of their own, not only in links.
  const sentences = new Set(texts.filter(element => !element.closest("a") && !isField(element))
    .map(element => /^(inline|contents)/.test(getComputedStyle(element).display) ? block(element) : element));
  const look = element => {
    const style = getComputedStyle(element);
    return ["color", "font", "text-decoration", "border", "outline", "box-shadow", "text-shadow", "display"]
      .map(name => style.getPropertyValue(name)).join(" ") + under(element).styles;
  };
  // Each with what axe's answer depends on: its styles and those of its text. If axe does not ask about it, as about
  // one in a text that is shorter than its links, then on the text, too.
  window.links = new Map(Array.from(document.querySelectorAll("a[href]:not([role]), [role=link]")).filter(isInSight)
    .filter(link => sentences.has(block(link)))
    .map(link => [link, `${look(link)} in ${look(block(link))}`, block(link).innerHTML])
    .map(([link, both, text]) => [link, [both, both + text]])
    .filter(([, found]) => !found.some(each => window.knownLinks.has(each))));
  return window.unread.size + window.links.size;
}"""
# What is wrong; if nothing is, the styles in which every text that was measured suffices, and those of links.
EXAMINE = """async ({within, ...options}) => {
  window.sufficient.forEach(styles => styles.clear());
  window.told.clear();
  const {violations} = await axe.run(within || document, options);
  const wrong = violations.map(({id, help, nodes}) =>
    `${id}: ${help} at ${nodes.map(node => node.target.join(" "))}`);
  const [first, ...others] = window.sufficient;
  const read = wrong.length ? [] : Array.from(first).filter(styles => others.every(those => those.has(styles)));
  if (!within) {
    window.links.forEach(([both, text]) => { if (!window.told.has(both)) { window.told.add(text); } });
  }
  const links = wrong.length ? [] : Array.from(window.told);
  read.forEach(styles => window.known.add(styles));
  links.forEach(styles => window.knownLinks.add(styles));
  return {wrong, read, links};
}"""


def violations(page: Page, *, enhanced: bool = False, within: str = "") -> list[str]:
    """`enhanced`: text has the contrast of AAA, 7 to 1. `within`: only this part of the page, where the test has
    examined the rest before."""
    contrast = AAA if enhanced else AA
    page.wait_for_load_state("load")
    page.evaluate(AXE_SCRIPT)
    page.evaluate(SETTLE)
    page.evaluate(MEASURE_UNREAD, [contrast, list(READ[contrast]), list(READ[LINKS,])])
    found = []
    for width, scheme in STATES:
        size: ViewportSize = {"width": width, "height": 900}
        if page.viewport_size != size:
            page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        lines = examined(page, contrast, every_rule=scheme == "light", within=within)
        found += [f"{line} ({scheme}, {width} px)" for line in lines]
    page.evaluate(LET_GO, BARS)
    return found


def examined(page: Page, contrast: tuple[str, ...], *, every_rule: bool = False, within: str = "") -> list[str]:
    """What is wrong with the page as it stands: with its colours, unless `every_rule` is asked about."""
    rules: dict[str, Any] = {"runOnly": {"type": "rule", "values": (LINKS, *contrast)}}
    if every_rule:  # those of AAA are off by themselves, whatever is asked for
        rules = {"runOnly": RULES, "rules": {rule: {"enabled": True} for rule in contrast}}
    page.evaluate(HOLD_STILL, BARS)
    if not page.evaluate(UNREAD) and not every_rule:
        return []
    found = page.evaluate(EXAMINE, {**HOW, **rules, "within": within})
    READ[contrast].update(found["read"])
    READ[LINKS,].update(found["links"])
    return list(found["wrong"])
