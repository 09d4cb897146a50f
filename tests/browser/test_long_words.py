"""Words without a space, and letters of twice the size, on a phone: nothing scrolls sideways."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import asking
from tests.browser.asking import FORM, button, fill_shortest, heading, on_to, part
from tests.browser.fitting import too_wide
from tests.browser.profiles import Desk, Visits
from tests.browser.sites import Site
from tests.server import until

PHONE = {"width": 390, "height": 844}
NAME = "Hubert Wolfeschlegelsteinhausenbergerdorffwelche"
EMAIL = f"{'very-long-address-' * 4}name@{'sub-domain.' * 5}example.org"
LINK = f"https://example.org/{'a-page-of-mine/' * 12}"
BORN = {"Month": "May", "Day": "14", "Year": "1979"}  # all three: an empty one is told as well
QUEUE = "/admin/education/consultationrequest/"


def test_long_words_fit_the_record_and_the_queue(visit: Visits, site: Site, at_the_desk: Desk) -> None:
    page = visit(site, viewport=PHONE)
    page.goto(FORM)
    fill_shortest(page, NAME)
    page.get_by_label("E-mail address").evaluate("(field, words) => { field.value = words; }", EMAIL)
    page.get_by_label("Your main reason for asking").evaluate("(field, words) => { field.value = words; }", LINK)
    button(page, "Check your answers").click()
    expect(heading(page, "Check your answers")).to_be_visible()
    assert too_wide(page) <= 0
    button(page, "Send request").click()
    sent = asking.reference(page)
    assert until(site.has_worked_off_everything)
    desk = at_the_desk(viewport=PHONE)
    desk.goto(f"{QUEUE}?status=")
    for status in ("new", "suspect"):
        desk.goto(f"{QUEUE}?status={status}")
        assert too_wide(desk) <= 0
        if desk.get_by_role("link", name=sent, exact=True).count():
            break
    desk.get_by_role("link", name=sent, exact=True).click()
    expect(desk.get_by_text(LINK)).to_be_visible()
    assert too_wide(desk) <= 0
    desk.get_by_role("textbox", name="Note").fill(LINK)
    button(desk, "Add note").click()
    expect(desk.get_by_role("article").get_by_text(LINK)).to_be_visible()
    assert too_wide(desk) <= 0
    desk.set_viewport_size({"width": 1280, "height": 720})
    assert too_wide(desk) <= 0


def twice_as_large(page: Page) -> None:
    """As with a doubled letter size in the browser's settings."""
    page.evaluate("document.documentElement.style.fontSize = '225%'")


def test_letters_of_twice_the_size_fit_every_part_of_the_form(visit: Visits, site: Site) -> None:
    page = visit(site, viewport=PHONE)
    page.goto(FORM)
    page.get_by_label("Full name").fill("Lara Large")
    page.get_by_label("Telephone number", exact=True).fill("555 0142")
    twice_as_large(page)
    for title in ("How to reach you", "About you", "Your health", "Your agreement"):
        on_to(page, title)
        assert too_wide(page) <= 0, title
    page.get_by_label("I agree that the clinic keeps these answers").check()
    button(page, "Check your answers").click()
    expect(heading(page, "Check your answers")).to_be_visible()
    twice_as_large(page)
    assert too_wide(page) <= 0


@pytest.mark.parametrize(
    ("part_before", "label", "wrong", "right", "said"),
    [
        ("How to reach you", "E-mail address", "maria@", "maria@example.org", "Enter an e-mail address such as"),
        ("How to reach you", "E-mail address", "maria", "Maria <maria@example.org>", "Enter an e-mail address such as"),
        ("How to reach you", "Telephone number", "555", "555 0142", "Enter the whole telephone number"),
        ("About you", "Day", "32", "14", "Enter the day as a number from 1 to 31"),
        ("About you", "Month", "13", "March", "Enter the month as a name or a number"),
        ("About you", "Year", "19", "1980", "Enter the year with four digits"),
    ],
)
def test_a_value_of_the_wrong_form_is_told_at_continue_of_its_own_part(
    visit: Visits, site: Site, part_before: str, label: str, wrong: str, right: str, said: str
) -> None:
    page = visit(site)
    page.goto(FORM)
    page.get_by_label("Full name").fill("Fay Format")
    page.get_by_label("Telephone number", exact=True).fill("555 0142")
    on_to(page, part_before)
    if label in BORN:
        for box, value in BORN.items():
            page.get_by_label(box, exact=True).fill(value)
    field = page.get_by_label(label, exact=True)
    field.fill(wrong)
    part(page).get_by_role("button", name="Continue").click()
    expect(page.get_by_text(said).first).to_be_visible()
    expect(field).to_be_focused()
    field.fill(right)
    part(page).get_by_role("button", name="Continue").click()
    expect(field).to_be_hidden()


def test_taking_back_my_questions_leaves_what_was_typed_after_them(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto("/my-questions/")
    page.get_by_label("A question of your own").fill("May I drive?")
    button(page, "Add").click()
    page.goto(FORM)
    page.get_by_label("Full name").fill("Una Untick")
    page.get_by_label("Telephone number", exact=True).fill("555 0142")
    on_to(page, "Your health")
    bring = page.get_by_label("Bring my questions (1)")
    questions = page.get_by_label("Questions you would like to ask us")
    bring.check()
    questions.press("Control+End")
    questions.type("\nDo I have to travel?")
    bring.uncheck()
    expect(questions).to_have_value("Do I have to travel?")


def test_boxes_before_questions_are_on_paper_only(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto("/fibromyalgia-and-chronic-pain/fibromyalgia/")
    drawn = "() => getComputedStyle(document.querySelector('.questions li'), '::before').content"
    assert page.evaluate(drawn) == "none"
    page.emulate_media(media="print")
    assert page.evaluate(drawn) == '""'
    page.emulate_media(media="null")


def test_the_browser_finds_an_icon_where_it_looks_by_itself(visit: Visits, site: Site) -> None:
    answer = visit(site).request.get("/favicon.ico")
    assert answer.ok
    assert answer.headers["content-type"] == "image/png"
