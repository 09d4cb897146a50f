"""What a list can be narrowed to takes one row: on a phone behind a word, which opens without a script too."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.profiles import Desk

PHONE = {"width": 390, "height": 844}
ARTICLES, QUEUE = "/admin/education/article/", "/admin/education/consultationrequest/"
TOPS = """all => new Set(all.filter(one => one.checkVisibility())
  .map(one => Math.round(one.getBoundingClientRect().top))).size"""


def rows(chips: Locator) -> int:
    return int(chips.evaluate_all(TOPS))


def chips_of_queue(page: Page) -> Locator:
    return page.locator(".filter-row > ul a, .filter-row > details > summary")


def test_the_chips_of_the_queue_take_one_row(at_the_desk: Desk) -> None:
    page = at_the_desk()
    page.goto(QUEUE)
    found = {}
    for width in (390, 1024, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        expect(page.get_by_role("link", name="Overdue")).to_be_visible()
        found[width] = rows(chips_of_queue(page))
    assert found == {390: 1, 1024: 1, 1280: 1}


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_phone_the_menu_shows_all_places_at_once(at_the_desk: Desk, scripts: bool) -> None:
    page = at_the_desk(viewport=PHONE, java_script_enabled=scripts)
    page.goto("/admin/")
    last = page.locator(".staff-nav a").last
    expect(last).not_to_be_in_viewport(ratio=1)
    page.locator(".staff-menu summary").click()
    expect(page.get_by_role("link", name="Your account").first).to_be_visible()
    expect(last).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_phone_the_filters_of_articles_stand_behind_a_word(at_the_desk: Desk, scripts: bool) -> None:
    page = at_the_desk(viewport=PHONE, java_script_enabled=scripts)
    page.goto(ARTICLES)
    word = page.locator(".filters-fold summary")
    expect(page.get_by_text("Topic", exact=True).first).to_be_hidden()
    word.click()
    page.locator(".filter", has_text="State").locator("summary").click()
    page.get_by_role("link", name="Published, not signed").click()
    expect(word).to_contain_text("1")
    expect(page.get_by_text("State: Published, not signed")).to_be_visible()
    page.get_by_role("link", name="Clear the filters").click()
    expect(page.get_by_role("link", name="Clear the filters")).to_be_hidden()
    expect(word).to_have_text("Filter")


def test_on_a_phone_what_can_be_done_with_rows_shows_once_one_is_checked(at_the_desk: Desk) -> None:
    page = at_the_desk(viewport=PHONE)
    page.goto(ARTICLES)
    expect(page.get_by_label("With the rows that are checked")).to_be_hidden()
    page.locator(".action-select").nth(20).check()
    expect(page.get_by_label("With the rows that are checked")).to_be_in_viewport()


@pytest.mark.parametrize("path", [QUEUE, ARTICLES])
def test_the_open_filters_have_no_barrier(at_the_desk: Desk, path: str) -> None:
    page = at_the_desk(viewport=PHONE)
    page.goto(path)
    page.locator(".filters-fold summary").click()
    page.locator(".filter summary").first.click()
    assert violations(page) == []


def test_escape_closes_the_menu_of_a_filter_and_goes_back_to_its_word(at_the_desk: Desk) -> None:
    page = at_the_desk(viewport={"width": 1280, "height": 800})
    page.goto(QUEUE)
    word = page.locator(".filter > summary", has_text="Flag")
    word.press("Enter")
    choice = page.locator(".filter[open] a").first
    choice.focus()
    page.keyboard.press("Escape")
    expect(choice).to_be_hidden()
    expect(word).to_be_focused()


def test_escape_closes_the_menu_of_a_phone(at_the_desk: Desk) -> None:
    page = at_the_desk(viewport=PHONE)
    page.goto("/admin/")
    word = page.locator(".staff-menu summary")
    word.click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Public site")).to_be_hidden()
    expect(word).to_be_focused()


def test_a_yes_in_a_list_says_on_a_phone_what_it_is_about(at_the_desk: Desk) -> None:
    page = at_the_desk(viewport=PHONE)
    page.goto("/admin/education/replytemplate/")
    expect(page.get_by_text("Offered: Yes").first).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.get_by_role("cell", name="Yes", exact=True).first).to_be_visible()
