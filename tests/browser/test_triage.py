"""Staff at work on requests: few taps, a request by telephone, and a screen that locks and unlocks in place."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser import asking, desk, keys
from tests.browser.asking import button, heading
from tests.browser.furnish import STAFF
from tests.browser.profiles import Desk
from tests.browser.sites import Site
from tests.cast import PASSWORD
from tests.server import until

# Whoever scrolls is there: the page hears of it when it is drawn next. No clock of a test decides when that is.
DRAWN = "() => new Promise(done => new IntersectionObserver(() => done()).observe(document.body))"
QUEUE = "/admin/education/consultationrequest/"
COUNT_TAPS = """
document.addEventListener("click", () => { sessionStorage.taps = Number(sessionStorage.taps || 0) + 1; }, true);
"""


def taps(page: Page) -> int:
    return int(page.evaluate("Number(sessionStorage.taps || 0)"))


def test_from_the_queue_to_closed_in_fewer_than_eight_taps(site: Site, at_the_desk: Desk) -> None:
    reference = asking.sent(site, "Tessa Taps")
    page = at_the_desk(viewport={"width": 390, "height": 844}, alone=True)
    page.context.add_init_script(COUNT_TAPS)
    page.goto(QUEUE)
    page.get_by_role("link", name=reference).click()
    button(page, "Claim").click()
    button(page, "No answer").click()
    expect(page.get_by_text("next try").first).to_be_visible()
    button(page, "Contacted").click()
    page.get_by_text("Close it or mark it as spam…").click()
    page.get_by_label("Why is it closed?").select_option("Answered, no appointment wanted")
    button(page, "Close").click()
    expect(button(page, "Reopen")).to_be_visible()
    assert 0 < taps(page) < 8


def test_the_record_shows_the_telephone_number_and_the_next_step_above_the_answers(
    site: Site, at_the_desk: Desk
) -> None:
    reference = asking.sent(site, "Nell Number")
    page = at_the_desk(viewport={"width": 390, "height": 844})
    page.goto(QUEUE)
    page.get_by_role("link", name=reference).click()
    number = page.get_by_role("link", name="+1 555 0142", exact=True)
    expect(number).to_have_attribute("href", "tel:+15550142")
    expect(number).to_be_in_viewport()
    expect(page.get_by_role("link", name="Call +1 555 0142")).to_be_in_viewport()  # from wherever one reads
    assert number.bounding_box()["y"] < button(page, "Claim").bounding_box()["y"]  # type: ignore[index]


def test_what_can_be_pressed_is_in_the_first_view_and_stays_there(site: Site, at_the_desk: Desk) -> None:
    """Also with a message about the last press above it, and however far down one reads."""
    reference = asking.sent(site, "Vera Verbs")
    page = at_the_desk(viewport={"width": 1280, "height": 800})
    page.goto(QUEUE)
    page.get_by_role("link", name=reference).click()
    verbs = page.locator(".record-buttons .button-row > .button")

    def in_view() -> list[str]:
        for verb in verbs.all():
            expect(verb).to_be_in_viewport(ratio=1)
        return verbs.all_inner_texts()

    assert in_view()[:2] == ["Claim", "Contacted"]
    button(page, "No answer").click()
    expect(page.get_by_text("next try").first).to_be_visible()
    assert "No answer" in in_view()
    page.locator("#record-history").scroll_into_view_if_needed()
    assert "No answer" in in_view()
    page.locator("summary", has_text="Close it").focus()
    expect(page.locator("summary", has_text="Close it")).to_be_in_viewport(ratio=1)


def test_a_request_taken_by_telephone(site: Site, at_the_desk: Desk) -> None:
    page = at_the_desk()
    page.goto(QUEUE)
    page.get_by_role("link", name="Take a request by telephone").click()
    expect(page.get_by_label("Full name")).to_be_focused()
    page.keyboard.type("Tilda Telephone")
    page.get_by_label("Telephone number", exact=True).fill("+1 555 0199")
    button(page, "Enter this request").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(1)
    expect(page.get_by_label("Full name")).to_have_value("Tilda Telephone")
    page.get_by_label("I agree that the clinic keeps these answers").check()
    button(page, "Enter this request").click()
    expect(page.get_by_text("Tell the caller this reference.")).to_be_visible()
    expect(page.get_by_text("taken by sam")).to_be_visible()


def test_when_a_request_is_due_takes_one_line_on_the_desk(at_the_desk: Desk) -> None:
    page = at_the_desk(viewport={"width": 1280, "height": 900})
    page.goto("/admin/")
    heights = page.locator(".next-to-answer td:last-child").evaluate_all("""cells => cells.map(cell => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      return range.getBoundingClientRect().height;
    })""")
    assert heights
    assert max(heights) < 30, heights  # what a flag asks may take two lines


def test_the_first_line_of_an_error_stands_as_near_to_the_second_as_the_others(at_the_desk: Desk) -> None:
    page = at_the_desk(viewport={"width": 390, "height": 844}, alone=True)
    page.goto("/admin/education/replytemplate/add/")
    button(page, "Save").first.click()
    error = page.locator(".error-summary li").first
    error.evaluate("li => li.append(' And on it goes, for as long as three lines of a telephone'.repeat(2))")
    tops = error.evaluate("""li => {
      const range = document.createRange();
      range.selectNodeContents(li.lastChild);
      const tops = [...range.getClientRects()].map(line => line.top);
      range.selectNodeContents(li.querySelector("a").firstChild);
      return [range.getClientRects()[0].top, ...tops];
    }""")
    lines = sorted({round(top) for top in tops})
    apart = [below - above for above, below in pairwise(lines) if below - above > 2]
    assert len(apart) >= 2
    assert max(apart) - min(apart) <= 2, lines


def test_what_was_typed_of_a_caller_is_not_left_unasked(site: Site, at_the_desk: Desk) -> None:
    page = at_the_desk()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    def leave() -> list[str]:
        """To the desk, and what was asked on the way."""
        page.get_by_role("navigation").get_by_role("link", name="Desk").first.click()
        expect(heading(page, "Desk")).to_be_visible()
        said, asked[:] = asked[:], []
        return said

    page.goto(f"{QUEUE}add/")
    assert leave() == [], "nothing was typed"
    page.goto(f"{QUEUE}add/")
    keys.type_into(page, page.get_by_label("Full name"), "Ina Interrupted")
    assert leave() == ["beforeunload"]
    page.goto(f"{QUEUE}add/")
    keys.type_into(page, page.get_by_label("Full name"), "Ina Interrupted")
    button(page, "Enter this request").click()  # refused: it lacks a number and an agreement
    expect(page.get_by_role("alert").get_by_role("link").first).to_be_visible()
    assert asked == [], "sending is no leaving"
    assert leave() == ["beforeunload"], "a refused form was not sent"
    page.goto(f"{QUEUE}add/")
    keys.type_into(page, page.get_by_label("Full name"), "Ina Interrupted")
    keys.type_into(page, page.get_by_label("Telephone number", exact=True), "+1 555 0143")
    page.get_by_label("I agree that the clinic keeps these answers").check()
    button(page, "Enter this request").click()
    expect(page.get_by_text("Tell the caller this reference.")).to_be_visible()
    record = page.url
    keys.type_into(page, page.get_by_role("textbox", name="Note"), "Half a note")
    assert leave() == ["beforeunload"]
    page.goto(record)
    keys.type_into(page, page.get_by_role("textbox", name="Note"), "A whole note")
    button(page, "Add note").click()
    expect(page.get_by_role("article").get_by_text("A whole note")).to_be_visible()
    assert asked == []


@pytest.fixture
def own_session(site: Site) -> Iterator[None]:
    """A lock shuts the whole session: the other tests keep theirs."""
    usual, site.logged_in = site.logged_in, None
    yield
    site.logged_in = usual


@pytest.mark.usefixtures("own_session")
def test_the_idle_lock_hides_the_page_and_keeps_a_half_written_note(site: Site, at_the_desk: Desk) -> None:
    reference = asking.sent(site, "Ida Idle")
    page = at_the_desk(expected=(403,), alone=True)
    page.goto(QUEUE)
    record = page.get_by_role("link", name=reference).get_attribute("href")
    page.clock.install()
    page.goto(str(record))
    page.get_by_role("textbox", name="Note").fill("Half a note")  # scrolls to it
    page.evaluate(DRAWN)
    page.clock.fast_forward("14:30")
    expect(button(page, "Keep it open")).to_be_visible()
    page.clock.fast_forward("01:00")
    expect(heading(page, "Locked")).to_be_visible()
    expect(page.get_by_role("heading", name="Ida Idle")).to_have_count(0)  # hidden from every reader
    assert page.title() == "Locked"
    assert until(lambda: page.request.get(QUEUE).status == 403), "the whole session is locked"
    page.get_by_label("Password of sam").fill("not this one at all")
    button(page, "Unlock").click()
    expect(page.get_by_text("This is not the password of sam")).to_be_visible()
    page.get_by_label("Password of sam").fill(PASSWORD)
    button(page, "Unlock").click()
    expect(page.get_by_role("textbox", name="Note")).to_have_value("Half a note")
    button(page, "Add note").click()
    expect(page.get_by_role("article").get_by_text("Half a note")).to_be_visible()


@pytest.mark.usefixtures("own_session")
def test_a_note_outlives_a_log_in_that_ended_behind_a_locked_page(site: Site, at_the_desk: Desk) -> None:
    """As after ten hours, or after “Log out everywhere else”."""
    reference = asking.sent(site, "Enda Ended")
    page = at_the_desk(expected=(401, 403), alone=True)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(QUEUE)
    record = str(page.get_by_role("link", name=reference).get_attribute("href"))
    page.clock.install()
    page.goto(record)
    keys.type_into(page, page.get_by_role("textbox", name="Note"), "Half a note")
    with page.expect_response("**/accounts/clock/lock/"):  # an answer that came later would bring the cookie back
        page.clock.fast_forward("16:00")
    page.get_by_label("Password of sam").fill(PASSWORD)
    page.context.clear_cookies(name="sessionid")
    button(page, "Unlock").click()
    expect(heading(page, "Staff log-in")).to_be_visible()
    desk.log_in_here(page, STAFF)
    expect(heading(page, "Not sent yet")).to_be_visible()
    button(page, "Send it now").click()
    expect(page.get_by_role("article").get_by_text("Half a note")).to_be_visible()
    assert asked == [], "nobody is asked whether to leave what is kept"


def test_print_prints_at_once(site: Site, at_the_desk: Desk) -> None:
    reference = asking.sent(site, "Priya Printed")
    page = at_the_desk(alone=True)
    page.context.add_init_script("window.print = () => { document.title = 'printed'; };")
    page.goto(QUEUE)
    page.get_by_role("link", name=reference).click()
    with page.expect_popup() as opened:
        button(page, "Print").click()
    expect(opened.value).to_have_title("printed")


def test_copying_for_the_chart(site: Site, at_the_desk: Desk) -> None:
    reference = asking.sent(site, "Chloe Chart")
    page = at_the_desk()
    page.goto(QUEUE)
    page.get_by_role("link", name=reference).click()
    button(page, "Copy for the chart").click()
    expect(page.get_by_role("textbox")).to_have_value(re.compile("Chloe Chart"))
    button(page, "Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()


def test_without_scripts_nothing_is_offered_that_only_scripts_can_do(site: Site, at_the_desk: Desk) -> None:
    reference = asking.sent(site, "Noel Noscript")
    page = at_the_desk(java_script_enabled=False)
    page.goto(QUEUE)
    page.get_by_role("link", name=reference).click()
    button(page, "Copy for the chart").click()
    expect(page.get_by_role("textbox")).to_have_value(re.compile("Noel Noscript"))
    expect(button(page, "Copy")).to_be_hidden()


def test_paper_is_white_though_the_screen_is_dark(at_the_desk: Desk) -> None:
    page = at_the_desk()
    page.goto(QUEUE)
    page.emulate_media(color_scheme="dark")
    expect(page.locator("h1")).not_to_have_css("color", "rgb(0, 0, 0)")
    for theme in ("auto", "dark"):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        page.emulate_media(color_scheme="dark", media="print")
        expect(page.locator("h1")).to_have_css("color", "rgb(0, 0, 0)")
