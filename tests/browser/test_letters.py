"""The list from A to Z of a site with very many pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import keys
from tests.browser.axe import violations
from tests.browser.fitting import HARD_TO_TAP, SMALL_PHONE, assert_fits, too_wide
from tests.browser.profiles import Profiles, Visits
from tests.browser.sites import Site, start
from tests.server import Launcher, copied, manage

FURNISH = "from tests.browser.furnish import show_many_names; show_many_names()"


@pytest.fixture
def large_site(launcher: Launcher, prepared: Path, profiles: Profiles, tmp_path: Path) -> Iterator[Site]:
    folder = copied(prepared, tmp_path / "many")
    manage(folder, "shell", "--no-imports", "-c", FURNISH)
    site = start(launcher, folder, tmp_path.name)
    yield site
    profiles.close(site)
    site.stop()


@pytest.fixture
def page(large_site: Site, visit: Visits) -> Page:
    return visit(large_site, viewport=SMALL_PHONE)


def assert_can_be_used(page: Page) -> None:
    page.set_viewport_size(SMALL_PHONE)
    assert too_wide(page) <= 0
    assert page.evaluate(HARD_TO_TAP) == []
    assert violations(page, enhanced=True) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    assert_fits(page)
    page.set_viewport_size(SMALL_PHONE)


def test_by_keyboard_alone_from_the_letters_to_a_page(page: Page) -> None:
    page.goto("/a-z/")
    assert_can_be_used(page)
    keys.press(page, page.get_by_role("link", name="P", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("All pages, A to Z: P")
    expect(page.get_by_role("link", name="P", exact=True)).to_have_attribute("aria-current", "page")
    assert_can_be_used(page)
    keys.press(page, page.get_by_role("link", name="Pa…"))
    keys.press(page, page.get_by_role("link", name="Pain …"))
    expect(page.get_by_role("heading", level=1)).to_have_text("All pages, A to Z: Pain")
    assert_can_be_used(page)
    keys.press(page, page.get_by_role("link", name="pain a 0", exact=True))
    page.wait_for_url("**/privacy/")
