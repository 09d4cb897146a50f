"""A word is explained beside the text: by pointer, by keyboard, and without any script by a plain link."""

import re

from playwright.sync_api import Page, expect

from tests.browser.places import FIBROMYALGIA
from tests.browser.profiles import Visits
from tests.browser.sites import Site


def first_term(page: Page) -> str:
    """What it is called: the words of the text themselves, with a capital, where no other name is given."""
    word = page.locator(".term").first
    words = word.inner_text()
    return word.get_attribute("data-term") or words[:1].upper() + words[1:]


def test_a_box_opens_by_keyboard_and_closes_with_escape(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto(FIBROMYALGIA)
    word = page.locator(".term").first
    expect(word).to_have_role("button")
    expect(word).to_have_attribute("aria-expanded", "false")
    for key in ("Enter", "Space"):
        word.focus()
        page.keyboard.press(key)
        box = page.get_by_role("dialog", name=first_term(page))
        expect(box).to_be_focused()
        expect(box).to_contain_text(str(word.get_attribute("data-definition")))
        expect(word).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("Escape")
        expect(box).to_have_count(0)
        expect(word).to_be_focused()
        expect(word).to_have_attribute("aria-expanded", "false")


def test_the_box_is_called_by_the_term_whatever_its_form_in_the_text(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto(FIBROMYALGIA)
    for words, name in (("inactive pill", "Placebo"), ("opioids", "Opioid"), ("naltrexone", "Naltrexone")):
        page.locator(".term").filter(has_text=re.compile(f"^{words}$")).click()
        box = page.get_by_role("dialog", name=name, exact=True)
        expect(box.locator(".term-name")).to_have_text(name)
        page.keyboard.press("Escape")


def test_tab_moves_through_the_box_and_on_into_the_text(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto(FIBROMYALGIA)
    page.locator(".term").first.focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("dialog")
    page.keyboard.press("Tab")
    expect(box.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Tab")
    expect(box.get_by_role("link", name="All words explained")).to_be_focused()
    page.keyboard.press("Tab")
    expect(box).to_have_count(0)
    assert page.evaluate("document.activeElement.closest('.prose') !== null")


def test_a_box_is_closed_by_its_button_by_its_word_and_by_a_click_elsewhere(visit: Visits, site: Site) -> None:
    page = visit(site, viewport={"width": 390, "height": 844})
    page.goto(FIBROMYALGIA)
    word, box = page.locator(".term").first, page.get_by_role("dialog")
    word.click()
    box.get_by_role("button", name="Close").click()
    expect(word).to_be_focused()
    word.click()
    word.click()
    expect(box).to_have_count(0)
    word.click()
    page.get_by_role("heading", level=1).click()
    expect(box).to_have_count(0)


def test_every_box_stays_on_the_screen_and_one_is_open_at_a_time(visit: Visits, site: Site) -> None:
    page = visit(site, viewport={"width": 320, "height": 640})
    page.goto(FIBROMYALGIA)
    words = page.locator(".term")
    assert words.count() > 5
    for word in words.all():
        word.click()
        expect(page.get_by_role("dialog")).to_have_count(1)
        frame = page.get_by_role("dialog").bounding_box()
        assert frame is not None
        assert frame["x"] >= 0
        assert frame["x"] + frame["width"] <= 320
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.keyboard.press("Escape")


def test_without_script_the_word_is_a_link(visit: Visits, site: Site) -> None:
    page = visit(site, java_script_enabled=False)
    page.goto(FIBROMYALGIA)
    name = first_term(page)
    page.locator(".term").first.click()
    expect(page.get_by_role("heading", name="Words explained", level=1)).to_be_visible()
    expect(page.get_by_text(name, exact=True).first).to_be_in_viewport()


def test_the_two_ends_of_the_box_are_level_and_the_frame_keeps_clear_of_the_line(visit: Visits, site: Site) -> None:
    page = visit(site, viewport={"width": 390, "height": 844})
    page.goto(FIBROMYALGIA)
    word, box = page.locator(".term").first, page.get_by_role("dialog")
    word.click()
    middle = "one => { const {top, bottom} = one.getBoundingClientRect(); return Math.round((top + bottom) / 2); }"
    close, more = (box.get_by_role("button", name="Close"), box.get_by_role("link", name="All words explained"))
    assert close.evaluate(middle) == more.evaluate(middle)
    line, frame = word.bounding_box(), box.bounding_box()
    assert line
    assert frame
    assert frame["y"] - (line["y"] + line["height"]) >= 8
