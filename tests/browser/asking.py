"""What a patient does with the request form."""

import re
import secrets
import time
from datetime import timedelta
from hashlib import sha256
from unittest.mock import patch
from urllib.parse import urlencode

from django.core.signing import TimestampSigner
from playwright.sync_api import Locator, Page, expect

from education.consultations.public.tokens import FORM_SALT
from tests.browser.sites import Site
from tests.faults import asking as over_the_wire

FORM = over_the_wire.FORM


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def heading(page: Page, name: str) -> Locator:
    return page.get_by_role("heading", name=name, level=1)


def on_to(page: Page, part: str) -> None:
    """With scripts the form shows one part at a time: press Continue until this one shows."""
    wanted = page.get_by_role("heading", name=part)
    for _ in range(page.locator(".form-part:has(.part-actions)").count()):
        if wanted.is_visible():
            return
        button(page, "Continue").click()
    told = page.locator(".error-message:visible").all_inner_texts()
    assert not _scripts(page) or wanted.is_visible(), f"Continue does not lead on to “{part}”; the form says {told}"


def for_whom(page: Page, who: str) -> Locator:
    """“Me” is an answer to two questions."""
    return page.get_by_role("group", name="Who is the consultation for?").get_by_label(who, exact=True)


def part(page: Page) -> Locator:
    """The part that shows."""
    return page.locator(".form-part:visible")


def open_form(page: Page) -> None:
    """Without scripts the first page moves to an address of its own, to which Back leads."""
    page.goto(FORM)
    if page.locator(".part-actions").count() == 0:
        page.wait_for_url(f"**{FORM}*.*/")


def begin(page: Page, name: str) -> None:
    """On the form page, with a name and one way to be reached typed in."""
    open_form(page)
    page.get_by_label("Full name").fill(name)
    page.get_by_label("Telephone number", exact=True).fill("555 0142")


def fill_shortest(page: Page, name: str = "Ana Ruiz") -> None:
    """On the form page: a name, one way to be reached, consent."""
    page.get_by_label("Full name").fill(name)
    page.get_by_label("Telephone number", exact=True).fill("+1 555 0142")
    on_to(page, "Your agreement")
    page.get_by_label("I agree that the clinic keeps these answers").check()


# Counted from the answer that brought the form: the time that it took to fill it in counts too.
HAS_TAKEN_TIME = "() => performance.now() - performance.getEntriesByType('navigation')[0].responseStart > 3050"


def take_time(page: Page) -> None:
    """Nobody fills in a form within three seconds; who does may be a robot."""
    page.wait_for_function(HAS_TAKEN_TIME)


def check_answers(page: Page, name: str = "Ana Ruiz") -> None:
    """From nowhere to the check page."""
    open_form(page)
    fill_shortest(page, name)
    take_time(page)
    button(page, "Check your answers").click()
    expect(heading(page, "Check your answers")).to_be_visible()


def send(page: Page, name: str = "Ana Ruiz") -> str:
    """The whole way; the reference on the receipt."""
    check_answers(page, name)
    button(page, "Send request").click()
    return reference(page)


def sent(site: Site, name: str) -> str:
    """A request that staff find among the new ones, however it was sent; its reference as shown."""
    token = form_token(site, timedelta(minutes=1))
    typed = over_the_wire.ANSWERS | {"full_name": name, "email": "", "phone": "+1 555 0142", "token": token}
    done = over_the_wire.call(site.run.port, "POST", FORM, urlencode(typed))
    assert done.status == 303, done.body
    digest = sha256(done.location.split("/")[2].encode()).hexdigest()
    ((found,),) = site.rows("SELECT reference FROM education_consultationrequest WHERE receipt_hash = ?", digest)
    return f"{found[:4]} {found[4:]}"


def form_token(site: Site, ago: timedelta) -> str:
    """As the site made it when the form was opened, that long ago."""
    (secret,) = site.data_dir.rglob("secret_key")
    opened = time.time() - ago.total_seconds()
    with patch("django.core.signing.time.time", return_value=opened):
        nonce = f"{int(opened * 1000)}.{secrets.token_urlsafe(18)}"
        return TimestampSigner(key=secret.read_text().strip(), salt=FORM_SALT).sign(nonce)


def reference(page: Page) -> str:
    """As the receipt shows it: in two groups of four."""
    expect(heading(page, "We have your request")).to_be_visible()
    shown = page.get_by_text("Your reference", exact=True).locator("xpath=following-sibling::p").first.inner_text()
    assert re.fullmatch(r"\w{4} \w{4}", shown), shown
    return shown


def stored(shown: str) -> str:
    """The reference as the database holds it."""
    return shown.replace(" ", "")


def error_state(page: Page) -> None:
    """What the server says to an empty form: with scripts the page would say it sooner."""
    open_form(page)
    if _scripts(page):
        page.locator("#consultation").evaluate("form => form.submit()")
    else:
        button(page, "Check your answers").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _scripts(page: Page) -> bool:
    return page.locator(".part-actions").count() > 0
