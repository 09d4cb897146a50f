"""axe-core finds nothing on any page: in the dark on a phone, and in the light on a desk.

Colours hang on the first and places on the second, so these two see as much as all four would.
"""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Desk, Visits
from tests.browser.places import PUBLIC, STAFF, address
from tests.browser.sites import Site

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Without preload: axe would copy style sheets into style elements, which our policy rightly refuses.
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"], "preload": False}
axe = Axe()
each_look = pytest.mark.parametrize(("scheme", "width"), [("dark", 390), ("light", 1280)], ids=["phone", "desk"])


def look(scheme: str, width: int) -> dict[str, Any]:
    return {"color_scheme": scheme, "viewport": {"width": width, "height": 900}, "expected": (404, 409, 410, 422)}


def assert_nothing_found(page: Page) -> None:
    page.wait_for_load_state("load")
    found = axe.run(page, options=OPTIONS).response["violations"]
    lines = [f"{rule['id']}: {rule['help']} at {[node['target'] for node in rule['nodes']]}" for rule in found]
    assert not lines, "\n".join([page.url, *lines])


@each_look
@pytest.mark.parametrize("place", PUBLIC)
def test_public_pages(visit: Visits, site: Site, place: str, scheme: str, width: int) -> None:
    page = visit(site, **look(scheme, width))
    PUBLIC[place](page)
    assert_nothing_found(page)


@each_look
@pytest.mark.parametrize("place", STAFF)
def test_staff_pages(at_the_desk: Desk, place: str, scheme: str, width: int) -> None:
    page = at_the_desk(**look(scheme, width))
    STAFF[place](page)
    assert_nothing_found(page)


@each_look
@pytest.mark.parametrize("path", ["/", "/request-a-consultation/", "set-up"])
def test_before_anything_is_filled_in(visit: Visits, untouched_site: Site, path: str, scheme: str, width: int) -> None:
    page = visit(untouched_site, **look(scheme, width))
    address(untouched_site.setup_link if path == "set-up" else path)(page)
    assert_nothing_found(page)


def test_axe_would_find_something(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto("/")
    page.evaluate("document.querySelector('h1').remove(); document.documentElement.removeAttribute('lang')")
    with pytest.raises(AssertionError, match="html-has-lang"):
        assert_nothing_found(page)
