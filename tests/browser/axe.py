"""axe-core, run on a page as it stands: in light and dark colours, on a phone and on a desktop.

For the four the page is not opened anew, nor axe loaded again: both take longer than the examination.

To measure the contrast of a text takes axe longer than all its other rules. It depends on the styles of the text and of
what it stands in, whichever page that is on. So what could be read once is not measured again.
"""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTRAST, LINKS = "color-contrast", "link-in-text-block"
AA, AAA = (CONTRAST,), (CONTRAST, "color-contrast-enhanced")  # the second says nothing of what the first refuses
# Without preload: axe would copy style sheets into style elements, which our policy rightly refuses.
HOW = {"resultTypes": ["violations"], "preload": False}
JUDGED = {**HOW, "resultTypes": ["violations", "passes"], "elementRef": True}
SCHEMES = {
    "light": {**HOW, "runOnly": RULES, "rules": {CONTRAST: {"enabled": False}}},
    "dark": {**HOW, "runOnly": {"type": "rule", "values": [LINKS]}},
}
WIDTHS = (390, 1280)
# Two rules ask for one of two things, and by itself axe always looks at both: whether a link in a text is told by its
# colour or by its style, and whether a target is large or far enough from the next. That took half of all its time.
SETTLE = """() => {
  const {checks} = axe._audit;
  const style = checks["link-in-text-block-style"], colour = checks["link-in-text-block"];
  const size = checks["target-size"], distance = checks["target-offset"];
  const before = {colour: colour.evaluate, size: size.evaluate, distance: distance.evaluate};
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
# The styles of texts whose contrast was found to suffice.
READ: dict[tuple[str, ...], set[str]] = {AA: set(), AAA: set()}
# Animations are finished first: colours would fade over from one scheme to the other.
EXAMINE = """async options => {
  // What a bar at the foot covers is uncovered by scrolling.
  const bars = document.querySelectorAll(".call-bar, .record-bar, .save-bar, .submit-row, .autosave");
  bars.forEach(bar => { bar.style.position = "static"; });
  document.getAnimations().forEach(animation => animation.finish());
  const found = await axe.run(document, options);
  return found.violations.map(({id, help, nodes}) => `${id}: ${help} at ${nodes.map(node => node.target.join(" "))}`);
}"""
# The texts whose styles are not known yet. One that does not stand on the painted boxes of its ancestors, or not on
# them alone, is always measured: what lies under it is no part of its styles. Like axe, this looks at the middle of
# each line.
UNREAD = """list => {
  const known = new Set(list);
  const images = "img, svg, video, canvas, iframe, object";
  const paint = element => {
    const style = getComputedStyle(element);
    const plain = style.backgroundColor === "rgba(0, 0, 0, 0)" && style.backgroundImage === "none";
    return plain ? "" : `${style.backgroundColor} ${style.backgroundImage} ${style.backgroundClip}`;
  };
  const painted = new Set(Array.from(document.querySelectorAll("body *")).filter(element =>
    element.matches(images) || paint(element)));
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
  const isField = element => element.matches("input, textarea, select, button");
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
    return !isCut && !isAbove && element.checkVisibility({visibilityProperty: true});
  };
  const texts = Array.from(document.querySelectorAll("body, body *"))
    .filter(element => isField(element) || Array.from(element.childNodes).some(says)).filter(isInSight);
  // Each with what to remember once it is found to suffice: its styles, if nothing else counts.
  window.unread = new Map(texts.map(element => [element, standsOnItsAncestors(element) ? styles(element) : null])
    .filter(([, found]) => !known.has(found)));
  return window.unread.size;
}"""
# What is wrong, and the styles in which axe has found a ratio that suffices. One text of each is measured first, and
# the others unless that has settled it: a text that axe can't judge, such as a single letter, a disabled button or a
# text over a picture, says nothing of others in its styles.
MEASURE = """async options => {
  const found = {wrong: [], read: []};
  const isMeasured = node => node.any.some(check => check.data && check.data.contrastRatio);
  const judge = async texts => {
    const {violations, passes} = await axe.run({include: texts}, options);
    for (const {id, help, nodes} of violations) {
      found.wrong.push(`${id}: ${help} at ${nodes.map(node => node.target.join(" ")).join(", ")}`);
    }
    const passed = options.runOnly.values.map(rule => new Set(passes.filter(({id}) => id === rule)
      .flatMap(({nodes}) => nodes.filter(isMeasured).map(({element}) => element))));
    const good = texts.filter(text => window.unread.get(text) && passed.every(those => those.has(text)));
    found.read.push(...good.map(text => window.unread.get(text)));
  };
  const one = new Set(new Map(Array.from(window.unread, ([text, styles]) => [styles || text, text])).values());
  await judge(Array.from(one));
  const others = Array.from(window.unread.keys()).filter(text =>
    !one.has(text) && !found.read.includes(window.unread.get(text)));
  if (others.length) { await judge(others); }
  return found;
}"""


def violations(page: Page, *, enhanced: bool = False) -> list[str]:
    """`enhanced`: text has the contrast of AAA, 7 to 1."""
    page.wait_for_load_state("load")
    page.evaluate(AXE_SCRIPT)
    page.evaluate(SETTLE)
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme, options in SCHEMES.items():
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            lines = page.evaluate(EXAMINE, options) + illegible(page, AAA if enhanced else AA)
            found += [f"{line} ({scheme}, {width} px)" for line in lines]
    page.emulate_media(color_scheme="light")
    return found


def illegible(page: Page, rules: tuple[str, ...]) -> list[str]:
    """Texts whose contrast does not suffice."""
    if not page.evaluate(UNREAD, list(READ[rules])):
        return []
    found = page.evaluate(MEASURE, {**JUDGED, "runOnly": {"type": "rule", "values": rules}})
    if not found["wrong"]:
        READ[rules].update(found["read"])
    return list(found["wrong"])
