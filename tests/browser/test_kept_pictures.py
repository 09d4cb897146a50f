"""Six screens look as they did when somebody last looked at them: nothing has moved, is missing or changed its color.

After a change that was meant, look at the new pictures and accept them: `make accept-pictures`, and for the one screen
that Django 6 lays out in another way than Django 5 also `make accept-pictures DJANGO=6.1`.

Other machines draw letters a little differently. So every word is set in the font that the site brings along, and each
picture is made a quarter of its size before it is compared: the edges of letters are gone then, a moved part is not.
"""

import os
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import django
import pytest
from PIL import Image
from pixelmatch.contrib.PIL import pixelmatch
from playwright.sync_api import Page

from tests.browser.asking import FORM
from tests.browser.places import LDN
from tests.browser.profiles import Desk, Visits
from tests.browser.sites import Site

FOLDER = Path(__file__).parent / "pictures"
ACCEPT = "ACCEPT_PICTURES" in os.environ
SMALLER = 4
THRESHOLD = 0.15  # how far two colors may be apart, as pixelmatch counts it: from 0 to 1
ALLOWED = 0.002  # the share of pixels that may differ all the same
# Font, dates and counts are the same on each machine, on each day, and after each other test.
STEADY = r"""async () => {
  document.documentElement.style.setProperty("--sans", "Literata");
  document.documentElement.style.textRendering = "geometricPrecision";  // else hinting decides where a line breaks
  await document.fonts.load("600 16px Literata");
  await document.fonts.ready;
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    words.currentNode.data = words.currentNode.data.replace(/[A-Z][a-z]+ \d{1,2}, \d{4}/g, "January 10, 2026");
  }
  document.querySelectorAll(".staff-nav .count").forEach(count => { count.textContent = "1"; });
}"""
STYLED = "([part, style]) => { document.querySelector(part).style.cssText = style; }"


class Screen(NamedTuple):
    name: str
    path: str
    width: int
    scheme: str
    staff: bool = False
    height: int = 844
    by_django: bool = False  # a form that Django's admin lays out: from 6 on, the help of a field stands above it

    @property
    def kept(self) -> Path:
        laid_out = "-on-django-6" if self.by_django and django.VERSION >= (6,) else ""
        return FOLDER / f"{self.name.replace(' ', '-')}{laid_out}.png"


SCREENS = (
    Screen("home", "/", 390, "dark"),
    Screen("article", LDN, 1280, "light"),
    Screen("form", FORM, 1280, "light", height=1500),
    Screen("log-in", "/accounts/login/", 390, "light"),
    Screen("by telephone", "/admin/education/consultationrequest/add/", 1280, "light", staff=True),
    Screen("profile", "/admin/education/clinicprofile/1/change/", 1280, "dark", staff=True, by_django=True),
)


def shown(page: Page, screen: Screen) -> Page:
    page.emulate_media(color_scheme=screen.scheme)  # type: ignore[arg-type]
    page.goto(screen.path)
    page.wait_for_load_state("networkidle")
    page.evaluate(STEADY)
    return page


def picture_of(page: Page) -> Image.Image:
    drawn = Image.open(BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")
    return drawn.resize((drawn.width // SMALLER, drawn.height // SMALLER), Image.Resampling.BOX)


def share_that_differs(one: Image.Image, other: Image.Image, drawn: Image.Image | None = None) -> float:
    if one.size != other.size:
        return 1
    return pixelmatch(one, other, drawn, threshold=THRESHOLD, includeAA=True) / (one.width * one.height)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_screen_looks_as_it_did(visit: Visits, at_the_desk: Desk, site: Site, screen: Screen, tmp_path: Path) -> None:
    size = {"width": screen.width, "height": screen.height}
    page = shown(at_the_desk(viewport=size) if screen.staff else visit(site, viewport=size), screen)
    now = picture_of(page)
    if ACCEPT:
        now.quantize(128, dither=Image.Dither.NONE).save(screen.kept, optimize=True)
    drawn = Image.new("RGBA", now.size)
    share = share_that_differs(Image.open(screen.kept).convert("RGB"), now, drawn)
    now.save(tmp_path / "now.png")
    drawn.save(tmp_path / "difference.png")
    assert share <= ALLOWED, (
        f"{share:.2%} of it differ from {screen.kept.name}: look at {tmp_path}, then make accept-pictures"
    )


NOTICED = {
    "moved": ("main h1", "position: relative; left: 24px"),
    "missing": ("main .lede", "visibility: hidden"),
    "another color": ("main .button", "background: #a00"),
}
NOT_NOTICED = {
    "letters drawn bolder": ("main", "-webkit-text-stroke: 0.2px"),
    "letters drawn between pixels": ("body", "transform: translate(0.4px, 0.4px)"),
}


def test_what_is_noticed(visit: Visits, site: Site) -> None:
    screen = SCREENS[0]
    page = shown(visit(site, viewport={"width": screen.width, "height": screen.height}), screen)
    before = picture_of(page)
    shares = {}
    for name, (part, style) in {**NOTICED, **NOT_NOTICED}.items():
        page.evaluate(STYLED, [part, style])
        shares[name] = share_that_differs(before, picture_of(page))
        page.evaluate(STYLED, [part, ""])
    assert all(shares[name] > 2 * ALLOWED for name in NOTICED), shares
    assert all(shares[name] < ALLOWED / 2 for name in NOT_NOTICED), shares
