"""Every kind of page, and how a browser gets there."""

import re
from collections.abc import Callable
from urllib.parse import quote

from playwright.sync_api import Page, expect

from tests.browser import asking
from tests.browser.asking import button, heading
from tests.browser.desk import confirm_if_asked
from tests.browser.furnish import EVERY_BLOCK

Way = Callable[[Page], None]
LDN = "/low-dose-naltrexone/ldn-for-autoimmune-diseases-and-fibromyalgia/"
FIBROMYALGIA = "/fibromyalgia-and-chronic-pain/fibromyalgia/"
PROSE = "Low-dose naltrexone for autoimmune"  # a long page, which advice has much to say about
DECISIONS = [
    f"/low-dose-naltrexone/ldn-decision-{condition}/"
    for condition in ("fibromyalgia", "crohns-disease", "multiple-sclerosis")
]
MISSING = "/autoimmune-conditions/no-such-page/"


def address(path: str) -> Way:
    def go(page: Page) -> None:
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()

    return go


def protected(path: str) -> Way:
    """Where the password is asked for again, once the log-in is some minutes ago."""

    def go(page: Page) -> None:
        address(path)(page)
        confirm_if_asked(page)
        expect(page).to_have_url(re.compile(re.escape(path)))

    return go


def explained(page: Page) -> None:
    page.goto(FIBROMYALGIA)
    page.locator("a.term").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def for_someone_else(page: Page) -> None:
    page.goto(asking.FORM)
    asking.for_whom(page, "Someone else").check()
    expect(page.get_by_label("Your own name")).to_be_visible()


def receipt(page: Page) -> None:
    asking.send(page)


def stopped(page: Page) -> None:
    """An urgent answer: with scripts the page comes at once, without them before anything else is said."""
    page.goto(asking.FORM)
    page.get_by_label("Full name").fill("Ursa Urgent")
    page.get_by_label("Telephone number", exact=True).fill("555 0142")
    asking.on_to(page, "Your health")
    at_once = page.locator(".part-actions").count() > 0
    page.get_by_role("group", name="Are you thinking of harming yourself?").get_by_label("Yes").click()
    if not at_once:
        button(page, "Check your answers").click()
    expect(heading(page, "You may need help now")).to_be_visible()


def health_part(page: Page) -> None:
    page.goto(asking.FORM)
    page.get_by_label("Full name").fill("Hana Health")
    page.get_by_label("Telephone number", exact=True).fill("555 0142")
    asking.on_to(page, "Your health")


def withdrawing(page: Page) -> None:
    asking.send(page)
    page.get_by_text("Withdraw my request").click()
    button(page, "Withdraw and destroy my answers").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_be_visible()


def chart(page: Page) -> None:
    page.goto("/admin/education/consultationrequest/")
    page.get_by_role("table").get_by_role("row").nth(1).get_by_role("link").first.click()
    button(page, "Copy for the chart").click()
    expect(button(page, "Copy")).to_be_visible()


def record(page: Page) -> None:
    """The first of the example requests, with a note, and what else can be done with it opened."""
    page.goto("/admin/education/consultationrequest/")
    page.get_by_role("table").get_by_role("row").nth(1).get_by_role("link").first.click()
    if page.get_by_role("article").count() == 0:
        page.get_by_role("textbox", name="Note").fill("Rang at ten; nobody there.")
        button(page, "Add note").click()
    expect(page.get_by_role("article")).not_to_have_count(0)
    for more in ("Make the note a task…", "Call back at a set time…", "Close it or mark it as spam…"):
        page.get_by_text(more).click()
    expect(button(page, "Assign the task")).to_be_visible()


def note_error(page: Page) -> None:
    page.goto("/admin/education/consultationrequest/")
    page.get_by_role("table").get_by_role("row").nth(1).get_by_role("link").first.click()
    button(page, "Add note").click()
    expect(page.get_by_role("alert").get_by_role("link", name="Write the note first.")).to_be_visible()


def search_requests(page: Page) -> None:
    page.goto("/admin/education/consultationrequest/")
    page.get_by_role("searchbox").fill("nobody of this name")
    button(page, "Search").click()
    expect(page.get_by_role("heading", name="0 found")).to_be_visible()


def article(screen: str, title: str = EVERY_BLOCK) -> Way:
    """A screen of this page in the admin, such as "change", "preview", "review" or "sign"."""

    def go(page: Page) -> None:
        listed = page.request.get(f"/admin/education/article/?q={quote(title)}").text()
        plain = re.sub("</?span[^>]*>", "", listed)  # which hold a compound such as "low-dose" together
        found = re.search(rf'"(/admin/education/article/\d+/)change/[^>]*>\s*{re.escape(title)}', plain)
        assert found, title
        page.goto(f"{found[1]}{screen}/")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        if screen == "change":
            button(page, "Open all").click()
            expect(page.get_by_role("textbox", name="Body").first).to_be_visible()

    return go


def judging(page: Page) -> None:
    """Advice with the questions of PEMAT-P unfolded."""
    article("advice", PROSE)(page)
    page.get_by_text("Answer them one by one").click()
    expect(page.get_by_role("button", name="Save answers").first).to_be_visible()


def refused_to_send_back(page: Page) -> None:
    article("review", "Gout")(page)
    page.get_by_text("Send back…").click()
    button(page, "Send back").click()
    expect(page.get_by_text("Error: Write a note first")).to_be_visible()


def refused_task(page: Page) -> None:
    article("task", "Gout")(page)
    button(page, "Assign the task").click()
    expect(page.get_by_text("Write what is to be done.")).to_be_visible()


def correcting(page: Page) -> None:
    article("sign", "Gout")(page)
    page.get_by_role("link", name="Correct this passage").first.click()
    expect(heading(page, "Correct a passage")).to_be_visible()


def unsaved_writing(page: Page) -> None:
    """A page that offers what was typed into its form and not saved."""
    page.goto("/admin/education/article/")
    page.get_by_role("link", name="Accessibility").click()
    expect(button(page, "Open all")).to_be_visible()
    offer = page.get_by_role("heading", name="You have unsaved writing here")
    if not offer.is_visible():
        page.get_by_label("Summary", exact=True).fill("Half a thought.")
        expect(page.get_by_text("Not in the draft yet.")).to_be_visible()
        page.reload()
    expect(offer).to_be_visible()


def refused_save(page: Page) -> None:
    """A save that would have overwritten somebody else's words: as if the form had been opened long ago."""
    page.goto("/admin/education/article/")
    page.get_by_role("link", name="Privacy").click()
    expect(button(page, "Open all")).to_be_visible()
    page.evaluate("() => { document.querySelector('[name=draft_base]').value = 'long ago'; }")
    page.get_by_label("Title", exact=True).fill("A title that is not saved")
    button(page, "Save draft").click()
    expect(page.get_by_role("heading", name="changed the draft while you were writing")).to_be_visible()


def log_in_error(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Username").fill("nobody")
    page.get_by_label("Password", exact=True).fill("nothing of the kind")
    button(page, "Log in").click()
    expect(heading(page, "Staff log-in")).to_be_visible()
    expect(page.get_by_role("heading", name="Please check this")).to_be_visible()


PUBLIC: dict[str, Way] = {
    "home": address("/"),
    "topic": address("/low-dose-naltrexone/"),
    "LDN": address(LDN),
    "autoimmune": address("/autoimmune-conditions/overview/"),
    "fibromyalgia": address(FIBROMYALGIA),
    "A to Z": address("/a-z/"),
    "search": address("/search/"),
    "search with results": address("/search/?q=naltrexone"),
    "search with ways to parts": address("/search/?q=naltrexone+sleep"),
    "search without results": address("/search/?q=xyzzyplugh"),
    "reference": address("/references/younger-2013/"),
    "history": address(f"{FIBROMYALGIA}history/"),
    "editions compared": address(f"{FIBROMYALGIA}history/?from=1&to=3"),
    "a word explained": explained,
    "glossary": address("/glossary/"),
    "author": address("/people/starter-library/"),
    "people": address("/people/"),
    "contact": address("/contact/"),
    "about this clinic": address("/about-this-clinic/"),
    "published in a hurry": address("/autoimmune-conditions/recall/"),
    "withdrawn": address("/autoimmune-conditions/gone/"),
    "privacy": address("/privacy/"),
    "accessibility": address("/accessibility/"),
    "not found": address(MISSING),
    "form": address(asking.FORM),
    "form for someone else": for_someone_else,
    "form with errors": asking.error_state,
    "form, third part": health_part,
    "stop page": stopped,
    "check answers": asking.check_answers,
    "receipt": receipt,
    "receipt, withdrawing": withdrawing,
    "my questions": address("/my-questions/"),
    "no such receipt": address("/my-request/unknown/"),
    "log-in": address("/accounts/login/"),
    "log-in with errors": log_in_error,
}
STAFF: dict[str, Way] = {
    "desk": address("/admin/"),
    "queue": address("/admin/education/consultationrequest/"),
    "queue after a search": search_requests,
    "record": record,
    "record with errors": note_error,
    "for the chart": chart,
    "by telephone": address("/admin/education/consultationrequest/add/"),
    "screening questions": address("/admin/education/screeningquestion/"),
    "audit trail": address("/admin/education/auditevent/?q=request"),
    "articles": address("/admin/education/article/"),
    "new article": address("/admin/education/article/add/"),
    "find and replace": address("/admin/education/article/find-and-replace/?find=pain&put=aches"),
    "article": article("change"),
    "unsaved writing": unsaved_writing,
    "refused save": refused_save,
    "preview": article("preview"),
    "editions": article("editions"),
    "draft compared": article("compare"),
    "advice": article("advice", PROSE),
    "advice, judging": judging,
    "plain words": address("/admin/education/plainword/?q=effect"),
    "new plain word": address("/admin/education/plainword/add/"),
    "new term": address("/admin/education/term/add/"),
    "new bulletin": address("/admin/education/bulletin/add/"),
    "bulletins": address("/admin/education/bulletin/"),
    "references": address("/admin/education/reference/?q=younger"),  # a few of many rows, which are alike
    "studies from a file": address("/admin/education/reference/import/"),
    "review": article("review", "Gout"),
    "review of an unready page": article("review", "Unready"),
    "review of a planned page": article("review", "Planned page"),
    "review with errors": refused_to_send_back,
    "assign a task": refused_task,
    "sign what changed": article("sign", "Gout"),
    "sign a whole page": article("sign"),
    "correct a passage": correcting,
    "review run": address("/admin/education/article/review-run/"),
    "who signs": address("/admin/education/article/who-signs/"),
    "review board": address("/admin/review-board/"),
    "words waiting": address("/admin/words-waiting/"),
    "site": address("/admin/education/siteplace/"),
    "words of the site": address("/admin/education/siteplace/page/mail/"),
    "earlier words of the site": address("/admin/education/siteplace/passage/home.heading/"),
    "clinic profile": address("/admin/education/clinicprofile/1/change/"),
    "a color that nobody could read": address("/admin/education/clinicprofile/colors/?accent=%23ffd700"),
    "people": address("/admin/education/user/"),
    "new staff account": protected("/admin/education/user/add/"),
    "person": protected("/admin/education/user/1/change/"),
    "account": address("/accounts/2fa/"),
    "authenticator app": protected("/accounts/2fa/totp/activate/"),
    "new passkey": protected("/accounts/2fa/webauthn/add/"),
    "sessions": address("/accounts/sessions/"),
    "password": protected("/accounts/password/change/"),
    "confirm": address("/accounts/reauthenticate/"),
}
