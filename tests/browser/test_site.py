"""The words of the site in a browser: the page beside the form, and that nothing typed is lost."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.asking import button
from tests.browser.axe import violations
from tests.browser.editor import put_away
from tests.browser.profiles import Desk

HOME, FRAME = (f"/admin/education/siteplace/page/{name}/" for name in ("home", "frame"))
AUTOSAVED = re.compile("^Autosaved at")
PHONE = {"width": 390, "height": 844}
OTHER, MORE = "Here for you when it hurts", "Here for you when it hurts most"


def headline(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Headline", exact=True)


def test_the_page_beside_follows_and_words_outlive_a_closed_window_and_a_log_out(at_the_desk: Desk) -> None:
    page = at_the_desk()
    page.goto(HOME)
    headline(page).fill(OTHER)
    beside = page.frame_locator(".live-preview iframe:not(.is-coming)")
    expect(beside.get_by_role("heading", level=1)).to_have_text(OTHER)
    expect(page.locator("#autosave")).to_have_text(AUTOSAVED)
    beside.get_by_text("One tap leads to the study").click()
    expect(page.get_by_label("What the second promise means")).to_be_focused()
    assert violations(page) == []
    with page.expect_popup() as opened:
        button(page, "See the page").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text(OTHER)
    opened.value.close()
    said = page.locator("#autosave")
    said.evaluate("line => { line.textContent = ''; }")  # or it would say the same for a minute
    headline(page).fill(MORE)
    put_away(page)
    expect(said).to_have_text(AUTOSAVED)

    page.goto("/admin/")  # as if the window had been closed
    page.goto(HOME)
    expect(headline(page)).to_have_value("Living with pain or an autoimmune condition?")
    page.get_by_role("link", name="Continue with them").click()
    expect(headline(page)).to_have_value(MORE)
    page.locator("#box-heading").get_by_role("button", name="As built in").click()
    expect(headline(page)).to_have_value("Living with pain or an autoimmune condition?")

    page.context.clear_cookies(name="sessionid")
    headline(page).fill(OTHER)
    put_away(page)
    expect(page.locator("#autosave")).to_contain_text("you have been logged out")
    button(page, "Save").click()  # goes nowhere: nothing would have been saved
    expect(headline(page)).to_have_value(OTHER)


def test_what_is_saved_is_there_the_next_time(at_the_desk: Desk) -> None:
    page = at_the_desk()
    page.goto(HOME)
    built_in = headline(page).input_value()
    headline(page).fill(OTHER)
    button(page, "Save").click()
    expect(page).not_to_have_url(re.compile(HOME))  # but that of the words that wait for a signature
    page.goto(HOME)
    expect(headline(page)).to_have_value(OTHER)
    page.locator("#box-heading").get_by_role("button", name="As built in").click()  # nor do other tests find it
    button(page, "Save").click()
    expect(page.locator(".messagelist")).to_be_visible()
    page.goto(HOME)
    expect(headline(page)).to_have_value(built_in)


def test_on_a_phone_the_words_are_saved_without_scrolling_to_the_end(at_the_desk: Desk) -> None:
    page = at_the_desk(viewport=PHONE)
    page.goto(HOME)
    expect(headline(page)).not_to_be_in_viewport()
    save = page.get_by_role("button", name="Save", exact=True).and_(page.locator(":visible")).first
    expect(save).to_be_in_viewport(ratio=1)
    assert page.evaluate("scrollY") == 0
    save.click()
    expect(page.locator(".messagelist")).to_be_visible()


def to_the_top_and_back(page: Page, rows: Locator, title: str) -> None:
    """The second row, which keeps the focus: at the top, nothing is offered that can't be done."""
    down = page.get_by_role("button", name=f"Move down: {title}").first
    expect(page.get_by_text(f"{title} is now number 2 of")).to_be_visible()
    expect(down).to_be_focused()
    page.get_by_role("button", name=f"Move up: {title}").first.press("Enter")
    expect(down).to_be_focused()
    expect(rows.nth(0).get_by_role("button")).to_have_count(1)
    page.keyboard.press("Enter")


def test_the_menu_is_arranged_by_keyboard_and_dragging_and_the_page_beside_follows(at_the_desk: Desk) -> None:
    page = at_the_desk()
    page.goto(FRAME)
    rows = page.locator("[data-list=menu] > li")
    first, second = (titles := rows.locator(".site-list-title")).nth(0).inner_text(), titles.nth(1).inner_text()
    shown = page.frame_locator(".live-preview iframe:not(.is-coming)").locator(".topics-nav a")
    expect(shown.nth(0)).to_have_text(first)
    page.get_by_role("button", name=f"Move down: {first}").first.press("Enter")
    expect(shown.nth(0)).to_have_text(second)
    to_the_top_and_back(page, rows, first)
    expect(shown.nth(0)).to_have_text(second)
    rows.nth(0).get_by_role("checkbox").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(shown.nth(0)).to_have_text(first)
    rows.nth(1).locator(".site-list-page").drag_to(rows.nth(0), target_position={"x": 5, "y": 2})
    expect(shown.nth(0)).to_have_text(second)

    page.get_by_role("button", name="Add a page to: Pages in the menu").press("Enter")
    page.get_by_role("combobox", name="Find").fill("contact")
    page.get_by_role("option", name="Contact").click()
    expect(rows.last.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("Find us")
    expect(shown.last).to_have_text("Find us")
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    put_away(page)
    expect(page.locator("#autosave")).to_have_text(AUTOSAVED)

    page.goto(FRAME)  # as if the window had been closed
    expect(titles.nth(0)).to_have_text(first)
    page.get_by_role("link", name="Continue with them").click()
    expect(titles.nth(0)).to_have_text(second)
    expect(rows.last.get_by_role("textbox")).to_have_value("Find us")
    page.locator("#box-menu").get_by_role("button", name="As built in").click()
    expect(titles.nth(0)).to_have_text(first)
    button(page, "Save").first.click()  # nothing else: other tests find what is built in
    expect(page.locator(".messagelist")).to_contain_text("Nothing was changed.")


def test_what_is_built_in_is_offered_as_soon_as_a_list_is_changed(at_the_desk: Desk) -> None:
    page = at_the_desk()
    page.goto(FRAME)
    first = page.locator("[data-list=menu] > li").first
    back = page.locator("#box-menu").get_by_role("button", name="As built in")
    expect(back).to_be_hidden()
    first.get_by_role("checkbox").uncheck()
    expect(back).to_be_visible()
    back.click()
    expect(first.get_by_role("checkbox")).to_be_checked()
    expect(back).to_be_hidden()
    button(page, "Save").click()  # nothing else: what was typed is kept no longer
    expect(page.locator(".messagelist")).to_contain_text("Nothing was changed.")


def test_beside_the_words_of_the_site_the_narrow_rail_cuts_off_no_name(at_the_desk: Desk) -> None:
    page = at_the_desk(viewport={"width": 1280, "height": 900})
    page.goto(HOME)
    places = page.locator(".staff-nav a")
    expect(places.first).to_be_visible()
    assert places.evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth).length") == 0
