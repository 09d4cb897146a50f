"""Staff: from the set-up link to a published change and an opened request."""

from playwright.sync_api import Page, expect

from tests.browser import asking
from tests.browser.asking import button, heading
from tests.browser.axe import violations
from tests.browser.desk import say_who_signs
from tests.browser.editor import PHONE
from tests.browser.furnish import CLINIC
from tests.browser.places import LDN
from tests.browser.profiles import DESKTOP, Desk, Visits
from tests.browser.sites import Site
from tests.cast import PASSWORD
from tests.server import until

NAME = "Nadia Novice"


def set_up(page: Page, site: Site) -> None:
    page.goto(site.setup_link)
    page.get_by_label("Username").fill("nadia")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    button(page, "Make the account").click()
    expect(heading(page, "Desk")).to_be_visible()


def change_a_word(page: Page) -> None:
    """As the desk invites to: one word of a page, signed by its own clinician and published."""
    page.get_by_role("link", name="Change a word in it, sign it and publish it").click()
    page.locator(".block-toggle").first.click()
    first = page.locator(".is-open .tiptap")
    expect(first).to_be_focused()
    page.keyboard.press("Control+Home")
    page.keyboard.type("Welcome. ")
    expect(first).to_contain_text("Welcome. You may have lived with pain")
    button(page, "Save, then review and publish…").click()
    page.get_by_role("link", name="Read and sign it").click()
    say_who_signs(page, NAME)
    page.get_by_label("Written by, as patients read it").select_option(index=1)
    page.get_by_label("I stand by these grades").check()
    page.get_by_label("I have checked these studies").check()
    page.get_by_label("I wrote some of these words.").check()
    button(page, "Sign the whole page").click()
    button(page, "Publish now").click()
    expect(page.get_by_text("Patients read it now.")).to_be_visible()
    page.get_by_role("link", name=LDN).click()
    expect(page.get_by_text("Welcome. You may have")).to_be_visible()
    expect(page.get_by_text("Written and reviewed by the same clinician.")).to_be_visible()


def open_request(page: Page, reference: str) -> None:
    page.goto("/admin/")
    page.get_by_role("link", name="waits for a first answer").click()
    page.get_by_role("link", name=reference).click()
    expect(heading(page, f"Request {reference}")).to_be_visible()
    expect(page.get_by_role("heading", name=NAME, level=2)).to_be_visible()
    expect(page.get_by_role("link", name="+1 555 0142")).to_be_visible()


def test_from_the_set_up_link_to_a_published_change_and_a_request(new_site: Site, visit: Visits) -> None:
    page, reader = visit(new_site, expected=(404,)), visit(new_site)
    for path in ("/", asking.FORM, new_site.setup_link):
        page.goto(path)
        assert violations(page) == [], "before anything is filled in"
    page.set_viewport_size(DESKTOP)
    reference = asking.send(reader, NAME)
    set_up(page, new_site)
    change_a_word(page)
    open_request(page, reference)
    opened = new_site.rows("SELECT actor, about FROM education_auditevent WHERE verb = 'request_opened'")
    assert opened == [("nadia", f"request:{asking.stored(reference)}")]
    reader.goto(LDN)
    expect(reader.get_by_text("Welcome. You may have")).to_be_visible()
    page.goto(new_site.setup_link)
    expect(heading(page, "This link no longer works")).to_be_visible()


def test_working_through_a_request(site: Site, at_the_desk: Desk) -> None:
    reference = asking.sent(site, "Wanda Works")
    page = at_the_desk()
    page.goto("/admin/education/consultationrequest/")
    page.get_by_role("link", name=reference).click()
    button(page, "Claim").click()
    expect(page.get_by_text("it is yours now")).to_be_visible()
    page.get_by_role("textbox", name="Note").fill("Called, nobody answered.")
    button(page, "Add note").click()
    expect(page.get_by_role("article").get_by_text("Called, nobody answered.")).to_be_visible()
    button(page, "Contacted").click()
    page.get_by_text("Close it or mark it as spam…").click()
    button(page, "Close").click()
    expect(page.get_by_role("alert").get_by_role("link", name="Choose a reason first.")).to_be_visible()
    assert page.title().startswith("Error:")
    page.get_by_label("Why is it closed?").select_option("Answered, no appointment wanted")
    button(page, "Close").click()
    button(page, "Reopen").click()
    expect(page.get_by_text("it waits in the queue again")).to_be_visible()


def test_the_queue_is_searched_by_a_name(site: Site, at_the_desk: Desk) -> None:
    reference = asking.sent(site, "Quentin Quillfeather")
    assert until(site.has_worked_off_everything), "only then can it be found"
    page = at_the_desk()
    page.goto("/admin/education/consultationrequest/")
    box = page.get_by_role("searchbox")
    box.fill("quillfeather")
    box.press("Enter")
    expect(page.get_by_role("link", name=reference)).to_be_visible()
    assert "quillfeather" not in page.url.lower()


def test_log_in_and_out(visit: Visits, site: Site) -> None:
    page = visit(site)
    page.goto("/")
    page.get_by_role("contentinfo").get_by_role("link", name="Staff").click()
    page.get_by_label("Username").fill("sam")
    page.get_by_label("Password", exact=True).fill("not the right words")
    button(page, "Log in").click()
    expect(page.get_by_text("don’t belong together")).to_be_visible()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    button(page, "Log in").click()
    expect(heading(page, "Desk")).to_be_visible()
    button(page, "Log out").click()
    page.goto("/admin/")
    expect(heading(page, "Staff log-in")).to_be_visible()


def test_keys_save_and_are_listed_on_the_screen(site: Site, at_the_desk: Desk) -> None:
    page = at_the_desk()
    page.goto("/admin/education/plainword/add/")
    page.get_by_label("Phrase").fill("in lieu of")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()  # it was typed
    page.get_by_label("Phrase").fill("in lieu of")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("heading", name="in lieu of", level=1)).to_be_visible()
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_label("Find a request")).to_be_focused()


def test_an_accent_color_is_shown_on_light_and_dark_screens_as_soon_as_it_is_chosen(
    site: Site, at_the_desk: Desk
) -> None:
    page = at_the_desk()
    page.goto("/admin/education/clinicprofile/1/change/")
    expect(button(page, "See the colors before saving")).to_be_hidden()
    page.get_by_label("Accent color").fill("#1d3557")
    expect(page.get_by_text("Links and buttons have this color.")).to_be_visible()
    for theme, color in (("light", "rgb(29, 53, 87)"), ("dark", "rgb(164, 181, 206)")):
        expect(page.locator(f".theme-{theme} .button")).to_have_css("background-color", color)
    page.get_by_label("Accent color").fill("#ffd700")
    expect(page.get_by_text("Too light to read: links, and the words on buttons, would fade")).to_be_visible()
    assert site.rows("SELECT accent FROM education_clinicprofile") == [(CLINIC["accent"],)]


def test_on_a_phone_the_form_of_a_question_names_each_field_once(at_the_desk: Desk) -> None:
    """What names a column where rows stand below each other named the fields of the form, too."""
    page = at_the_desk(viewport=PHONE)
    page.goto("/admin/education/screeningquestion/")
    said = "rows => rows.map(row => getComputedStyle(row, '::before').content)"
    assert set(page.locator("td.field-order").evaluate_all(said)) == {'"Order: "'}
    page.locator("#result_list tbody a").first.click()
    expect(page.get_by_label("Order", exact=True)).to_be_visible()
    assert set(page.locator(".form-row").evaluate_all(said)) == {"none"}
