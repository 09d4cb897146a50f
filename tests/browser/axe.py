"""axe-core, run on a page as it stands: in light and dark colours, on a phone and on a desktop.

For the four the page is not opened anew, nor axe loaded again: both take longer than the examination.
"""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AA, AAA, LINKS = (
    "color-contrast",
    "color-contrast-enhanced",
    "link-in-text-block",
)  # all that the dark scheme can change
# Without preload: axe would copy style sheets into style elements, which our policy rightly refuses.
HOW = {"resultTypes": ["violations"], "preload": False}
SCHEMES = {"light": {**HOW, "runOnly": RULES}, "dark": {**HOW, "runOnly": {"type": "rule", "values": [AA, LINKS]}}}
# Whatever has the contrast of AAA has that of AA: to measure both would take a third longer.
ENHANCED = {
    "light": {**HOW, "runOnly": RULES, "rules": {AA: {"enabled": False}, AAA: {"enabled": True}}},
    "dark": {**HOW, "runOnly": {"type": "rule", "values": [AAA, LINKS]}},
}
WIDTHS = (390, 1280)
# Animations are finished first: colours would fade over from one scheme to the other.
EXAMINE = """async options => {
  // What the bar at the foot of a phone covers is uncovered by scrolling.
  document.querySelectorAll(".call-bar, .record-bar").forEach(bar => { bar.style.position = "static"; });
  document.getAnimations().forEach(animation => animation.finish());
  const found = await axe.run(document, options);
  return found.violations.map(({id, help, nodes}) => `${id}: ${help} at ${nodes.map(node => node.target.join(" "))}`);
}"""


def violations(page: Page, *, enhanced: bool = False) -> list[str]:
    """`enhanced`: text has the contrast of AAA, 7 to 1."""
    page.wait_for_load_state("load")
    page.evaluate(AXE_SCRIPT)
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme, options in (ENHANCED if enhanced else SCHEMES).items():
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found += [f"{line} ({scheme}, {width} px)" for line in page.evaluate(EXAMINE, options)]
    page.emulate_media(color_scheme="light")
    return found
