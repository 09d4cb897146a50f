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
SCHEMES = {
    "light": {**HOW, "runOnly": RULES, "rules": {CONTRAST: {"enabled": False}}},
    "dark": {**HOW, "runOnly": {"type": "rule", "values": [LINKS]}},
}
WIDTHS = (390, 1280)
# The styles of texts whose contrast was found to suffice.
READ: dict[tuple[str, ...], set[str]] = {AA: set(), AAA: set()}
# Animations are finished first: colours would fade over from one scheme to the other.
EXAMINE = """async options => {
  // What the bar at the foot of a phone covers is uncovered by scrolling.
  document.querySelectorAll(".call-bar, .record-bar").forEach(bar => { bar.style.position = "static"; });
  document.getAnimations().forEach(animation => animation.finish());
  const found = await axe.run(document, options);
  return found.violations.map(({id, help, nodes}) => `${id}: ${help} at ${nodes.map(node => node.target.join(" "))}`);
}"""
# The texts whose styles are not known yet, and those styles. What is placed over other parts of the page is always
# measured: what lies under it is no part of its styles.
UNREAD = """list => {
  const known = new Set(list);
  const layers = new Map([[null, ""]]);
  const under = element => {
    if (!layers.has(element)) {
      const style = getComputedStyle(element);
      const placed = style.position === "static" || style.position === "relative" ? "" : "placed";
      const plain = style.backgroundColor === "rgba(0, 0, 0, 0)" && style.backgroundImage === "none";
      const drawn = plain ? "" : `${style.backgroundColor} ${style.backgroundImage} ${style.backgroundClip}`;
      const seen = [style.opacity, style.filter, style.mixBlendMode, style.zIndex, style.transform].join(" ");
      const own = [placed, drawn, seen === "1 none normal auto none" ? "" : seen].join("");
      layers.set(element, own ? `${under(element.parentElement)} / ${own}` : under(element.parentElement));
    }
    return layers.get(element);
  };
  const styles = element => {
    const style = getComputedStyle(element);
    return [style.color, style.fontSize, style.fontWeight, style.textShadow, style.webkitTextStroke].join(" ")
      + under(element);
  };
  const says = node => node.nodeType === Node.TEXT_NODE && node.data.trim();
  const texts = Array.from(document.querySelectorAll("body, body *")).filter(element =>
    element.matches("input, textarea, select, button") || Array.from(element.childNodes).some(says));
  const unread = texts.map(element => [element, styles(element)]).filter(([, found]) => !known.has(found));
  window.unread = unread.map(([element]) => element);
  return Array.from(new Set(unread.map(([, found]) => found)));
}"""
MEASURE = """async options => {
  const found = await axe.run({include: window.unread}, options);
  return found.violations.map(({id, help, nodes}) => `${id}: ${help} at ${nodes.map(node => node.target.join(" "))}`);
}"""


def violations(page: Page, *, enhanced: bool = False) -> list[str]:
    """`enhanced`: text has the contrast of AAA, 7 to 1."""
    page.wait_for_load_state("load")
    page.evaluate(AXE_SCRIPT)
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
    styles = page.evaluate(UNREAD, list(READ[rules]))
    if not styles:
        return []
    found: list[str] = page.evaluate(MEASURE, {**HOW, "runOnly": {"type": "rule", "values": rules}})
    if not found:
        READ[rules].update(one for one in styles if "placed" not in one)
    return found
