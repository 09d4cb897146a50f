"""What the browser keeps of a request that is being written."""

from playwright.sync_api import expect

from tests.browser.asking import FORM, begin, button, check_answers, on_to, open_form, part, reference, take_time
from tests.browser.profiles import Visits
from tests.browser.sites import Site

# As if staff had taken this question, or this time to call, off the form meanwhile.
TAKEN_OFF = """() => {
  const kept = JSON.parse(sessionStorage.getItem("clinic.tab"));
  kept.answers["screening_taken_off"] = "yes";
  sessionStorage.setItem("clinic.tab", JSON.stringify(kept));
}"""


def test_an_answer_whose_question_is_no_longer_on_the_form_goes_along(visit: Visits, site: Site) -> None:
    page = visit(site)
    open_form(page)
    page.get_by_label("Full name").fill("Kit Kept")
    page.evaluate(TAKEN_OFF)
    page.goto(FORM)
    expect(page.get_by_label("Full name")).to_have_value("Kit Kept")
    expect(page.locator('#consultation input[name="screening_taken_off"]')).to_have_value("yes")
    page.reload()
    expect(page.locator('#consultation input[name="screening_taken_off"]')).to_have_count(1)


def test_answers_are_kept_on_the_phone_by_choice_and_erased_on_sending(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto(FORM)
    keep = page.get_by_label("Keep my answers on this device until I send")
    expect(keep).not_to_be_checked()
    page.get_by_label("Full name").fill("Kim Keeper")
    assert page.evaluate("localStorage.length") == 0
    keep.check()
    page.get_by_label("Telephone number", exact=True).fill("555 0142")
    page.goto("/")
    page.goto(FORM)
    expect(page.get_by_label("Full name")).to_have_value("Kim Keeper")
    expect(keep).to_be_checked()
    keep.uncheck()
    assert page.evaluate("localStorage.length") == 0
    keep.check()
    on_to(page, "Your agreement")
    page.get_by_label("I agree that the clinic keeps these answers").check()
    take_time(page)
    button(page, "Check your answers").click()
    button(page, "Send request").click()
    reference(page)
    assert page.evaluate("localStorage.length") == 0


def test_keeping_answers_is_offered_in_the_first_part_only(visit: Visits, site: Site) -> None:
    page = visit(site)
    begin(page, "Mona Month")
    on_to(page, "About you")
    page.get_by_label("Month").fill("Smarch")  # told by the server only
    page.get_by_label("Day", exact=True).fill("1")
    page.get_by_label("Year").fill("1980")
    on_to(page, "Your agreement")
    expect(part(page).get_by_role("button", name="Check your answers")).to_be_visible()
    button(page, "Check your answers").click()
    expect(page.get_by_role("heading", name="About you")).to_be_visible()
    expect(page.get_by_label("Keep my answers on this device until I send")).to_be_hidden()


def test_keeping_answers_is_offered_before_the_button_that_goes_on(visit: Visits, site: Site) -> None:
    page = visit(site)
    open_form(page)
    offered = page.get_by_label("Keep my answers on this device until I send")
    places = [where.bounding_box() for where in (offered, button(page, "Continue"))]
    assert [place and place["y"] for place in places] == sorted(place["y"] for place in places if place)
    offered.focus()
    page.keyboard.press("Tab")
    expect(button(page, "Continue")).to_be_focused()


def test_answers_older_than_a_day_are_erased_on_any_page(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto("/")
    page.evaluate("localStorage.setItem('clinic.answers', JSON.stringify({at: Date.now() - 25 * 3600e3, answers: {}}))")
    page.goto("/a-z/")
    assert page.evaluate("localStorage.length") == 0


def test_kept_questions_that_were_left_out_are_offered_once_more_before_sending(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto("/my-questions/")
    page.get_by_label("A question of your own").fill("May I drive?")
    button(page, "Add").click()
    check_answers(page, "Lea Leftout")
    expect(page.get_by_text("You kept a question while reading. It is not in this request.")).to_be_visible()
    assert "May I drive?" not in page.content()
    button(page, "Add my questions").click()
    expect(page.get_by_label("Questions you would like to ask us")).to_have_value("May I drive?")
    expect(page.get_by_label("Bring my questions (1)")).to_be_checked()
    on_to(page, "Your agreement")
    button(page, "Check your answers").click()
    expect(page.get_by_role("definition").filter(has_text="May I drive?")).to_be_visible()
    expect(button(page, "Add my questions")).to_have_count(0)


def test_an_email_with_the_link_is_offered_only_to_whoever_gave_an_address(visit: Visits, site: Site) -> None:
    page = visit(site)
    begin(page, "Ana Ruiz")
    on_to(page, "Your agreement")
    offer = page.get_by_label("E-mail me a link to my receipt")
    expect(page.get_by_label("I agree that the clinic keeps")).to_be_visible()
    expect(offer).to_be_hidden()
    for _ in range(3):
        button(page, "Back").click()
    page.get_by_label("E-mail address").fill("ana@example.org")
    on_to(page, "Your agreement")
    offer.check()
