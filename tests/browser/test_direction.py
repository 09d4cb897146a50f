"""An article in a language that is written from right to left: its words and marks turn round, the site does not."""

from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.fitting import too_wide
from tests.browser.profiles import Visits
from tests.browser.sites import Site
from tests.server import manage

PAGE = "/autoimmune-conditions/arabic/"
# Its first letters are Latin: a browser that guesses would have the whole page run from left to right.
PUBLISH = """
from tests import cast
words = ["LDN كلمات بسيطة", "كلمات أخرى"]
blocks = [
    cast.text("<h2>LDN</h2><p>LDN كلمات بسيطة.</p>"), cast.care("emergency", "اتصل"),
    cast.known(title="LDN 1", known=words, not_known=words), cast.do_dont(title="LDN 2", dos=words, donts=words),
    cast.steps("LDN 3", *words), cast.questions("LDN 4", *words),
]
cast.live(cast.complete("arabic", kind="guide", language="ar", title="LDN كلمات", summary="LDN كلمات.", blocks=blocks))
"""
# The marks of cards and lists, each with the side on which it stands and that on which its words leave it room.
SIDES = """() => [".care h2", ".is-known li", ".not-known li", ".dos li", ".donts li", ".step-list li"].map(name => {
  const element = document.querySelector(name);
  const mark = getComputedStyle(element, "::before"), words = getComputedStyle(element);
  const side = parseFloat(mark.right) < parseFloat(mark.left) ? "right" : "left";
  return [name, side, parseFloat(words.paddingRight) > parseFloat(words.paddingLeft) ? "right" : "left"];
})"""


def test_an_article_from_right_to_left_turns_round(visit: Visits, site: Site) -> None:
    manage(site.data_dir, "shell", "--no-imports", "-c", PUBLISH)
    page = visit(site, viewport={"width": 390, "height": 844})
    page.goto(PAGE)
    expect(page.get_by_role("heading", level=1)).to_have_css("direction", "rtl")
    assert [row[1:] for row in page.evaluate(SIDES)] == [["right", "right"]] * 6
    assert too_wide(page) <= 0
    assert violations(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    assert too_wide(page) <= 0
    left, right = _edges(page, ".prose")
    for wide in (".prose > .known", ".prose > .do-dont"):
        beginning, end = _edges(page, wide)
        assert beginning >= left - 1, "it runs into the contents"
        assert end > right + 300, wide
    expect(page.locator(".site-footer")).to_have_css("direction", "ltr")


def _edges(page: Page, part: str) -> tuple[float, float]:
    box = page.locator(part).bounding_box()
    assert box
    return box["x"], box["x"] + box["width"]
