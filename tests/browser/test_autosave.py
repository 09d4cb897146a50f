"""Nothing typed is lost, as editors live it: two at once, and one whose session ends while they write. By keyboard."""

import re
from functools import partial

import pytest
from django.utils.text import slugify
from playwright.sync_api import Locator, Page, expect

from tests.browser.asking import button
from tests.browser.desk import begin_article, begin_with_text, log_in, pk_of
from tests.browser.editor import PHONE, WIDE, put_away
from tests.browser.fitting import too_wide
from tests.browser.furnish import BEGINNING, DRAFTS, STAFF
from tests.browser.keys import press, tab_to
from tests.browser.profiles import Desk, Visits
from tests.browser.sites import Site

KEPT = re.compile(r"^Autosaved at ([\d:]+ [ap]\.m|noon|midnight)\. Not in the draft yet\.$")
BY_TWO, WITHOUT_A_SESSION, WITH_A_WORD, WITHOUT_A_WORD = DRAFTS
NO_PAGE_BESIDE = {"width": 1000, "height": 800}  # it would ask for itself while the session ends
# At each place to which the form can be scrolled: whatever else lies over the middle of the line in the bar.
COVERED = """() => {
  const line = document.getElementById("autosave");
  const found = [];
  for (let top = 0; top < document.documentElement.scrollHeight; top += 20) {
    window.scrollTo(0, top);
    const box = line.getBoundingClientRect();
    const there = document.elementFromPoint(box.left + 40, (box.top + box.bottom) / 2);
    if (there && !there.closest(".save-bar")) { found.push(there.outerHTML.slice(0, 100)); }
  }
  return found;
}"""
TO_SAVE = ("Save draft", "Save, then review and publish…")
UNSAVED = "SELECT count(*) FROM education_unsavedwriting WHERE article_id = ?"


def line(page: Page) -> Locator:
    return page.locator("#autosave")


def body_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Body").first


def open_draft(page: Page, site: Site, title: str) -> str:
    """Its form, ready to be written in; its address."""
    page.goto(f"/admin/education/article/{pk_of(site, slugify(title))}/change/")
    expect(body_of(page)).to_have_text(BEGINNING)
    return page.url


def write(page: Page, words: str) -> None:
    """At the end of the text. The editor moves its caret 20 ms after it gets the focus; a later timer comes after."""
    tab_to(page, body_of(page))
    page.evaluate("() => new Promise(done => setTimeout(done, 50))")
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def unsaved(site: Site, address: str) -> int:
    """How much of this page's form is kept and not saved."""
    (found,) = site.rows(UNSAVED, re.findall(r"\d+", address)[-1])
    return int(found[0])


def test_what_warns_of_the_lock_is_not_covered_by_the_buttons_that_save(at_the_desk: Desk, site: Site) -> None:
    """Its button lay below theirs."""
    page = at_the_desk(alone=True)
    page.clock.install()
    open_draft(page, site, WITHOUT_A_WORD)
    page.clock.fast_forward("14:30")
    button(page, "Keep it open").click()
    expect(button(page, "Keep it open")).to_have_count(0)


def test_what_the_bar_says_is_covered_by_nothing(at_the_desk: Desk) -> None:
    """The buttons of rich text that pass behind it lay over it, and over the reason why nothing was kept."""
    page = at_the_desk(viewport={"width": 1280, "height": 700})
    begin_with_text(page, "Covered by nothing", "Words.")
    expect(line(page)).to_have_text(KEPT)
    covered = page.evaluate(COVERED)
    assert covered == [], "not seen while the bar lies over them"


def test_on_a_phone_the_draft_is_saved_from_wherever_one_is(at_the_desk: Desk) -> None:
    page = at_the_desk(viewport=PHONE)
    begin_article(page, "Saved in between")
    page.evaluate("() => window.scrollTo(0, 0)")
    expect(button(page, "Save draft")).to_be_in_viewport()
    boxes = [box for name in ("Save draft", "See the page") if (box := button(page, name).bounding_box())]
    assert len(boxes) == 2
    assert boxes[0]["x"] + boxes[0]["width"] < boxes[1]["x"]
    assert min(box["height"] for box in boxes) >= 44
    assert too_wide(page) <= 0
    button(page, "Save draft").click()  # the only one of that name, at the end of the form too
    expect(page.get_by_text("was added successfully")).to_be_visible()
    expect(page.locator(".still-missing")).to_be_visible()
    page.get_by_label("Summary", exact=True).fill("Words.")
    expect(line(page)).to_have_text(KEPT)
    expect(page.locator(".still-missing")).to_be_hidden()  # it is about the saved draft, and room is scarce


def test_what_is_saved_stands_beside_the_buttons_where_three_panes_do(at_the_desk: Desk) -> None:
    """Buttons and words took two or three rows, a sixth of the screen."""
    page = at_the_desk(viewport=WIDE)
    begin_with_text(page, "Beside the buttons", "Words.")
    button(page, "Save draft").click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    page.get_by_label("Summary", exact=True).fill("More words.")
    expect(line(page)).to_have_text(KEPT)
    boxes = [found.bounding_box() for found in (line(page), *map(partial(button, page), TO_SAVE))]
    said, *buttons = filter(None, boxes)
    assert len({box["y"] for box in buttons}) == 1
    assert said["x"] + said["width"] <= buttons[0]["x"]
    assert page.locator(".save-bar").evaluate("bar => bar.offsetHeight") < 90


def test_a_button_that_is_pressed_twice_saves_once(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk()
    begin_article(page, "Pressed twice")
    posts: list[str] = []
    page.on("request", lambda sent: posts.append(sent.url) if sent.is_navigation_request() else None)
    button(page, "Save draft").dblclick()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    assert len([url for url in posts if url.endswith("/add/")]) == 1
    assert site.rows("SELECT count(*) FROM education_article WHERE title = 'Pressed twice'") == [(1,)]


def test_two_editors_at_once_lose_nothing(visit: Visits, at_the_desk: Desk, site: Site) -> None:
    one, other = at_the_desk(expected=(409,)), visit(site)
    log_in(other, "olga")
    address = open_draft(one, site, BY_TWO)
    open_draft(other, site, BY_TWO)
    write(one, " One went on here.")
    write(other, " The other went on here.")
    expect(line(one)).to_have_text(KEPT)
    press(other, button(other, "Save draft"))
    expect(other.get_by_text("was changed successfully")).to_be_visible()

    write(one, " And here.")
    put_away(one)
    expect(line(one)).to_contain_text("olga changed this draft meanwhile")
    press(one, button(one, "Save draft"))
    expect(one.get_by_role("heading", name="olga changed the draft while you were writing")).to_be_focused()
    panel = one.get_by_role("region", name="olga changed the draft while you were writing")
    expect(panel.locator(".comparison ins").first).to_contain_text("The other went on here.")
    expect(panel.locator(".comparison del").last).to_contain_text("The other")  # its place is taken by “One”
    expect(body_of(one)).to_have_text("It began like this. One went on here. And here.")
    press(one, panel.get_by_role("button", name="Save mine instead of theirs"))
    expect(one.get_by_text("was changed successfully")).to_be_visible()

    one.get_by_role("link", name="What was done here").click()
    earlier = one.get_by_role("region", name="Earlier drafts").get_by_role("row")
    press(one, earlier.nth(1).get_by_role("button", name="Copy it into the draft"))
    expect(body_of(one)).to_have_text("It began like this. The other went on here.")
    assert unsaved(site, address) == 0


def test_a_session_that_ends_while_somebody_writes(at_the_desk: Desk, site: Site) -> None:
    page = at_the_desk(expected=(400, 403, 409))  # a session or a token that the new log-in took away
    address = open_draft(page, site, WITHOUT_A_SESSION)
    write(page, " It went on.")
    put_away(page)
    expect(line(page)).to_have_text(KEPT)
    page.context.clear_cookies(name="sessionid")
    page.keyboard.type(" And on.")
    put_away(page)
    expect(line(page)).to_contain_text("you have been logged out")
    press(page, button(page, "Save draft"))  # goes nowhere: nothing would have been saved
    expect(body_of(page)).to_have_text("It began like this. It went on. And on.")
    assert page.url.partition("#")[0] == address

    tab = page.context.new_page()
    log_in(tab, STAFF)
    expect(line(page)).to_have_text(KEPT)
    tab.reload()
    tab.get_by_role("link", name=WITHOUT_A_SESSION).first.click()
    press(tab, button(tab, "Continue with it"))
    expect(body_of(tab)).to_have_text("It began like this. It went on. And on.")

    write(page, " Left behind.")
    put_away(page)
    expect(line(page)).to_contain_text("you have other unsaved writing for this page")
    page.close(run_before_unload=False)
    press(tab, button(tab, "Save draft"))
    expect(tab.get_by_text("was changed successfully")).to_be_visible()
    expect(body_of(tab)).to_have_text("It began like this. It went on. And on.")
    assert unsaved(site, address) == 0


@pytest.mark.parametrize("typed", [True, False])
def test_leaving_with_text_that_could_not_be_kept_warns(at_the_desk: Desk, site: Site, typed: bool) -> None:
    page = at_the_desk(alone=True, viewport=NO_PAGE_BESIDE)
    open_draft(page, site, WITH_A_WORD if typed else WITHOUT_A_WORD)
    page.context.clear_cookies(name="sessionid")
    if typed:
        write(page, " It went on.")
        put_away(page)
        expect(line(page)).to_contain_text("you have been logged out")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/")
    assert asked == (["beforeunload"] if typed else [])
