"""axe-core finds nothing on any page: light and dark, on a phone and on a desk."""

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
each_width = pytest.mark.parametrize("width", [390, 1280], ids=["phone", "desk"])


def look(width: int) -> dict[str, Any]:
    return {"viewport": {"width": width, "height": 900}, "expected": (404, 409, 410, 422)}


def assert_nothing_found(page: Page) -> None:
    """In both schemes, on the page as it stands: to open it again would take longer than to look."""
    page.wait_for_load_state("load")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.evaluate("document.getAnimations().forEach(one => one.finish())")  # colours would fade over
        _assert_nothing_found(page, scheme)


def _assert_nothing_found(page: Page, scheme: str) -> None:
    found = axe.run(page, options=OPTIONS).response["violations"]
    lines = [f"{rule['id']}: {rule['help']} at {[node['target'] for node in rule['nodes']]}" for rule in found]
    assert not lines, "\n".join([f"{page.url} ({scheme})", *lines])


@each_width
@pytest.mark.parametrize("place", PUBLIC)
def test_public_pages(visit: Visits, site: Site, place: str, width: int) -> None:
    page = visit(site, **look(width))
    PUBLIC[place](page)
    assert_nothing_found(page)


@each_width
@pytest.mark.parametrize("place", STAFF)
def test_staff_pages(at_the_desk: Desk, place: str, width: int) -> None:
    page = at_the_desk(**look(width))
    STAFF[place](page)
    assert_nothing_found(page)


@each_width
@pytest.mark.parametrize("path", ["/", "/request-a-consultation/", "set-up"])
def test_before_anything_is_filled_in(visit: Visits, untouched_site: Site, path: str, width: int) -> None:
    page = visit(untouched_site, **look(width))
    address(untouched_site.setup_link if path == "set-up" else path)(page)
    assert_nothing_found(page)


def test_axe_would_find_something(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto("/")
    page.evaluate("document.querySelector('h1').remove(); document.documentElement.removeAttribute('lang')")
    with pytest.raises(AssertionError, match="html-has-lang"):
        assert_nothing_found(page)
