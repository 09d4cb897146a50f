"""Whoever writes pages hits everything, with a thumb or a mouse: in each list, and in what the editor opens."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.asking import button
from tests.browser.axe import violations
from tests.browser.desk import begin_article
from tests.browser.editor import PHONE, dialog, suggestions, text_field
from tests.browser.places import address
from tests.browser.profiles import Desk, Visits
from tests.browser.sites import Site
from tests.browser.targets import too_small

State = Callable[[Page], str]  # opens something; what axe then examines
WHOLE_PAGE, BLOCK, CHOOSER, PICKER = "", ".is-open", ".block-chooser[open]", ".picker[open]"
LISTS = ("term", "topic", "person", "picture", "redirect", "reference")
SMALL_ONES = """() => {
  document.querySelector("main h1").insertAdjacentHTML("afterend", "<p><button class='planted'>x</button></p>");
  document.querySelector(".planted").style.cssText = "all: unset; width: 20px; height: 20px; display: block";
}"""


def add(page: Page, kind: str) -> None:
    button(page, "Add a block").click()
    page.keyboard.type(kind)
    page.keyboard.press("Enter")


def leave(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)


def chooser(page: Page) -> str:
    button(page, "Add a block").click()
    expect(dialog(page)).to_be_visible()
    return CHOOSER


def nothing_of_that_name(page: Page) -> str:
    page.keyboard.type("no such block")
    expect(dialog(page).get_by_text("There is no block of that name.")).to_be_visible()
    return CHOOSER


def suggested(page: Page) -> str:
    leave(page)
    add(page, "Text")
    expect(text_field(page)).to_be_focused()
    page.keyboard.type("It was tried. [@young 2013")
    expect(suggestions(page).first).to_be_visible()
    return WHOLE_PAGE


def more_of_a_block(page: Page) -> str:
    page.keyboard.press("Enter")
    page.locator(".is-open .block-controls").get_by_text("More", exact=True).click()
    expect(page.get_by_text("Duplicate", exact=True)).to_be_visible()
    return BLOCK


def study_picker(page: Page) -> str:
    page.locator(".is-open .block-controls").get_by_text("More", exact=True).click()
    button(page, "Cite a study").click()
    expect(dialog(page).get_by_role("option").first).to_be_visible()
    return PICKER


def new_study_refused(page: Page) -> str:
    page.get_by_role("option", name="Add a new study…").click()
    button(page, "Add it").click()
    expect(dialog(page).get_by_text("Fill this in.").first).to_be_visible()
    return PICKER


def saved(page: Page) -> str:
    leave(page)
    button(page, "Save draft").click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    return WHOLE_PAGE


def table(page: Page) -> str:
    add(page, "Table")
    page.locator(".is-open").get_by_role("textbox", name="Row 1, column 1").click()
    button(page, "Delete row 1").click()
    expect(button(page, "Undo: row 1 deleted")).to_be_visible()
    return BLOCK


def claim(page: Page) -> str:
    add(page, "Evidence claim")
    page.get_by_role("button", name="Choose a study").first.click()
    expect(page.get_by_role("combobox", name="Find")).to_be_focused()
    page.keyboard.type("younger 2013")
    expect(dialog(page).get_by_role("option").first).to_contain_text("Younger")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Remove Younger 2013")).to_be_visible()
    return BLOCK


def drawings(page: Page) -> str:
    add(page, "Figure")
    page.get_by_role("button", name="Drawing").first.click()
    expect(dialog(page).get_by_role("option").first).to_be_visible()
    return PICKER


def new_picture(page: Page) -> str:
    leave(page)
    page.get_by_role("button", name="Picture Choose").click()
    page.get_by_role("option", name="Add a new picture…").click()
    expect(dialog(page).get_by_label("Text alternative")).to_be_visible()
    return PICKER


def author(page: Page) -> str:
    leave(page)
    page.get_by_text("Topic, address and author").click()
    page.get_by_role("button", name="Author Choose…").click()
    expect(dialog(page).get_by_role("option").first).to_be_visible()
    return PICKER


def deleted(page: Page) -> str:
    leave(page)
    add(page, "Steps")
    page.locator(".is-open").get_by_role("button", name="Delete: Steps").click()
    expect(button(page, "Undo: bring Steps back")).to_be_visible()
    return WHOLE_PAGE


# Each begins where the one before it has ended.
STATES: tuple[State, ...] = (
    chooser, nothing_of_that_name, suggested, more_of_a_block, study_picker, new_study_refused, saved, table, claim,
    drawings, new_picture, author, deleted,
)  # fmt: skip


def test_everything_that_the_editor_opens_is_hit_and_has_no_barrier(at_the_desk: Desk) -> None:
    """On one page, one after the other, on a phone and on a desktop."""
    page = at_the_desk(viewport=PHONE, expected=(409, 422))
    begin_article(page, "With targets")
    wrong = {}
    for state in STATES:
        page.set_viewport_size(PHONE)
        opened = state(page)
        wrong[state.__name__] = too_small(page) + violations(page, within=opened)
    assert {state: found for state, found in wrong.items() if found} == {}


@pytest.mark.parametrize("name", LISTS)
def test_everything_in_a_list_and_in_the_form_of_a_new_one_is_hit(at_the_desk: Desk, name: str) -> None:
    page = at_the_desk(viewport=PHONE)
    for path in (f"/admin/education/{name}/", f"/admin/education/{name}/add/"):
        address(path)(page)
        assert too_small(page) == []


def test_what_is_small_is_found(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto("/")
    page.evaluate(SMALL_ONES)
    found = [line for line in too_small(page) if "planted" in line]
    assert [line.rpartition("(")[2] for line in found] == ["below 44 px)", "below 24 px)"]
