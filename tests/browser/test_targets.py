"""Whoever writes pages or answers requests hits everything, with a thumb or a mouse: on each screen, in each dialog."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.asking import button
from tests.browser.axe import violations
from tests.browser.desk import add_block, begin_article, begin_with_text
from tests.browser.editor import PHONE, dialog, suggestions
from tests.browser.fitting import too_wide
from tests.browser.places import STAFF, address
from tests.browser.profiles import Desk, Visits
from tests.browser.sites import Site
from tests.browser.targets import too_small

State = Callable[[Page], None]
SCREENS = (
    "desk", "queue", "record", "record with errors", "for the chart", "by telephone", "articles", "new article",
    "find and replace", "article", "unsaved writing", "refused save", "editions", "draft compared",
    "advice", "plain words", "new plain word", "new term", "new bulletin", "bulletins", "references",
    "studies from a file", "review", "review of an unready page", "review with errors", "assign a task",
)  # fmt: skip
LISTS = ("term", "topic", "person", "picture", "redirect", "reference")
SMALL_ONES = """() => {
  document.querySelector("main h1").insertAdjacentHTML("afterend", "<p><button class='planted'>x</button></p>");
  document.querySelector(".planted").style.cssText = "all: unset; width: 20px; height: 20px; display: block";
}"""


def chooser(page: Page) -> None:
    begin_article(page, "With targets")
    button(page, "Add a block").click()
    expect(dialog(page)).to_be_visible()


def nothing_of_that_name(page: Page) -> None:
    chooser(page)
    page.keyboard.type("no such block")
    expect(dialog(page).get_by_text("There is no block of that name.")).to_be_visible()


def suggested(page: Page) -> None:
    begin_with_text(page, "With suggestions", "It was tried. [@young 2013")
    expect(suggestions(page).first).to_be_visible()


def more_of_a_block(page: Page) -> None:
    begin_with_text(page, "With more", "Some words.")
    page.locator(".is-open .block-controls").get_by_text("More", exact=True).click()
    expect(page.get_by_text("Duplicate", exact=True)).to_be_visible()


def table(page: Page) -> None:
    begin_article(page, "With a table")
    add_block(page, "Table")
    page.locator(".is-open").get_by_role("textbox", name="Row 1, column 1").click()
    button(page, "Delete row 1").click()
    expect(button(page, "Undo: row 1 deleted")).to_be_visible()


def claim(page: Page) -> None:
    begin_article(page, "With a claim")
    add_block(page, "Evidence claim")
    page.get_by_role("button", name="Choose a study").first.click()
    expect(page.get_by_role("combobox", name="Find")).to_be_focused()
    page.keyboard.type("younger 2013")
    expect(dialog(page).get_by_role("option").first).to_contain_text("Younger")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Remove Younger 2013")).to_be_visible()


def study_picker(page: Page) -> None:
    begin_with_text(page, "With a study", "It was tried. ")
    button(page, "Cite a study").click()
    expect(dialog(page).get_by_role("option").first).to_be_visible()


def new_study_refused(page: Page) -> None:
    study_picker(page)
    page.get_by_role("option", name="Add a new study…").click()
    button(page, "Add it").click()
    expect(dialog(page).get_by_text("Fill this in.").first).to_be_visible()


def drawings(page: Page) -> None:
    begin_article(page, "With a drawing")
    add_block(page, "Figure")
    page.get_by_role("button", name="Drawing").first.click()
    expect(dialog(page).get_by_role("option").first).to_be_visible()


def new_picture(page: Page) -> None:
    begin_article(page, "With a picture")
    add_block(page, "Figure")
    page.get_by_role("button", name="Picture: Choose").click()
    page.get_by_role("option", name="Add a new picture…").click()
    expect(dialog(page).get_by_label("Text alternative")).to_be_visible()


def author(page: Page) -> None:
    begin_article(page, "With an author")
    page.get_by_text("Where it lives").click()
    page.get_by_role("button", name="Author: Choose…").click()
    expect(dialog(page).get_by_role("option").first).to_be_visible()


def deleted(page: Page) -> None:
    begin_article(page, "With a block less")
    add_block(page, "Steps")
    page.locator(".is-open").get_by_role("button", name="Delete: Steps").click()
    expect(button(page, "Undo: bring Steps back")).to_be_visible()


def saved(page: Page) -> None:
    begin_with_text(page, "With targets and saved", "Some words.")
    button(page, "Save").click()
    expect(page.get_by_text("was added successfully")).to_be_visible()


STATES = (
    chooser, nothing_of_that_name, suggested, more_of_a_block, table, claim, study_picker, new_study_refused, drawings,
    new_picture, author, deleted, saved,
)  # fmt: skip


@pytest.mark.parametrize("screen", SCREENS)
def test_everything_on_a_screen_is_hit_and_fits_a_phone(at_the_desk: Desk, screen: str) -> None:
    page = at_the_desk(viewport=PHONE, expected=(404, 409, 422))
    STAFF[screen](page)
    assert too_wide(page) <= 0
    assert too_small(page) == []


@pytest.mark.parametrize("name", LISTS)
def test_everything_in_a_list_and_in_the_form_of_a_new_one_is_hit(at_the_desk: Desk, name: str) -> None:
    page = at_the_desk(viewport=PHONE)
    for path in (f"/admin/education/{name}/", f"/admin/education/{name}/add/"):
        address(path)(page)
        assert too_small(page) == []


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_everything_that_the_editor_opens_is_hit_and_has_no_barrier(at_the_desk: Desk, state: State) -> None:
    page = at_the_desk(viewport=PHONE, expected=(409, 422))
    state(page)
    assert too_small(page) == []
    assert violations(page) == []


def test_what_is_small_is_found(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto("/")
    page.evaluate(SMALL_ONES)
    found = [line for line in too_small(page) if "planted" in line]
    assert [line.rpartition("(")[2] for line in found] == ["below 44 px)", "below 24 px)"]
