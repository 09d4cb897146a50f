"""axe-core finds nothing on any page: light and dark, on a phone and on a desk."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Desk, Visits
from tests.browser.places import PUBLIC, STAFF, address
from tests.browser.sites import Site

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]  # all that the dark scheme can change
# Without preload: axe would copy style sheets into style elements, which our policy rightly refuses.
HOW = {"resultTypes": ["violations"], "preload": False}
LOOKS = {"light": {**HOW, "runOnly": RULES}, "dark": {**HOW, "runOnly": {"type": "rule", "values": COLOURS}}}
WIDTHS = (390, 1280)
axe = Axe()


def look() -> dict[str, Any]:
    return {"viewport": {"width": WIDTHS[0], "height": 900}, "expected": (404, 409, 410, 422)}


def assert_nothing_found(page: Page) -> None:
    """On the page as it stands: to open it anew for each look would take longer than to look."""
    page.wait_for_load_state("load")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in LOOKS:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.evaluate("document.getAnimations().forEach(one => one.finish())")  # colours would fade over
            _assert_nothing_found(page, scheme, width)


def _assert_nothing_found(page: Page, scheme: str, width: int) -> None:
    found = axe.run(page, options=LOOKS[scheme]).response["violations"]
    lines = [f"{rule['id']}: {rule['help']} at {[node['target'] for node in rule['nodes']]}" for rule in found]
    assert not lines, "\n".join([f"{page.url} ({scheme}, {width} px)", *lines])


@pytest.mark.parametrize("place", PUBLIC)
def test_public_pages(visit: Visits, site: Site, place: str) -> None:
    page = visit(site, **look())
    PUBLIC[place](page)
    assert_nothing_found(page)


@pytest.mark.parametrize("place", STAFF)
def test_staff_pages(at_the_desk: Desk, place: str) -> None:
    page = at_the_desk(**look())
    STAFF[place](page)
    assert_nothing_found(page)


@pytest.mark.parametrize("path", ["/", "/request-a-consultation/", "set-up"])
def test_before_anything_is_filled_in(visit: Visits, untouched_site: Site, path: str) -> None:
    page = visit(untouched_site, **look())
    address(untouched_site.setup_link if path == "set-up" else path)(page)
    assert_nothing_found(page)


def test_axe_would_find_something(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto("/")
    page.evaluate("document.querySelector('h1').remove(); document.documentElement.removeAttribute('lang')")
    with pytest.raises(AssertionError, match="html-has-lang"):
        assert_nothing_found(page)
