"""From a draft to a page: in a practice of two, by a lone physician, and by keyboard alone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.utils.text import slugify
from playwright.sync_api import Page, expect

from tests.browser.asking import button, heading
from tests.browser.desk import log_in, pk_of, say_who_signs, state_of, write_summary
from tests.browser.furnish import REWRITTEN
from tests.browser.keys import press
from tests.browser.profiles import Visits
from tests.browser.sites import Site
from tests.server import until

RAYNAUDS, UVEITIS, VASCULITIS, VITILIGO = REWRITTEN
OWN_WORDS = "I wrote some of these words. I have read them again as a reviewer, and they are right"
PHONE = {"viewport": {"width": 390, "height": 800}}


def public(title: str) -> str:
    return f"/autoimmune-conditions/{slugify(title)}/"


def go(page: Page, site: Site, title: str, screen: str) -> None:
    page.goto(f"/admin/education/article/{pk_of(site, slugify(title))}/{screen}/")


def sign(page: Page, title: str, kind: str = "Sign the whole page") -> None:
    button(page, kind).click()
    expect(page.get_by_text(f"You signed “{title}”.")).to_be_visible()


@pytest.fixture
def two_must_read(site: Site) -> Iterator[None]:
    """While this test runs, the clinic asks for a second person to sign."""
    setting = "UPDATE education_clinicprofile SET second_person_signs = ?"
    site.change(setting, True)
    yield
    site.change(setting, False)


@pytest.mark.usefixtures("two_must_read")
def test_a_practice_of_two_writes_reviews_plans_restores_and_withdraws(visit: Visits, site: Site) -> None:
    erin = log_in(visit(site, expected=(409, 422)), "erin")
    cora = log_in(visit(site, expected=(409, 422), **PHONE), "cora")
    patient = visit(site, expected=(410,))
    submitted_and_sent_back(erin, cora, site)
    mended_signed_and_one_word_changed(erin, cora, site)
    planned_and_published_by_itself(erin, patient, site)
    restored_and_withdrawn(erin, patient, site)


def submitted_and_sent_back(erin: Page, cora: Page, site: Site) -> None:
    go(erin, site, RAYNAUDS, "change")
    write_summary(erin, "Raynaud’s, in our words.")
    erin.get_by_label("A note for the clinician").fill("A plainer summary.")
    button(erin, "Send for review").click()
    expect(erin.get_by_text("It waits for a clinician now.")).to_be_visible()
    cora.reload()
    cora.get_by_role("link", name="Begin, or go on where you left off").click()
    cora.get_by_role("link", name=RAYNAUDS, exact=True).click()
    say_who_signs(cora, "Dr Cora Cole")
    expect(cora.get_by_text("A plainer summary.")).to_be_visible()
    cora.get_by_text("Send it back…").click()
    cora.get_by_label("What has to change?").fill("Say how common it is.")
    button(cora, "Send back").click()


def mended_signed_and_one_word_changed(erin: Page, cora: Page, site: Site) -> None:
    """One word more closes the gate, and to sign that change is one tap."""
    go(erin, site, RAYNAUDS, "review")
    expect(erin.get_by_text("Say how common it is.")).to_be_visible()
    go(erin, site, RAYNAUDS, "change")
    write_summary(erin, "About 2 in 100 people have it.")
    button(erin, "Send for review").click()
    go(cora, site, RAYNAUDS, "sign")
    sign(cora, RAYNAUDS)
    go(erin, site, RAYNAUDS, "change")
    write_summary(erin, "About 2 in 100 adults have it.")
    expect(erin.get_by_text("A clinician signed exactly these words: not yet")).to_be_visible()
    expect(button(erin, "Publish now")).to_have_count(0)
    button(erin, "Send for review").click()
    go(cora, site, RAYNAUDS, "sign")
    expect(cora.get_by_text("What changed since you last signed")).to_be_visible()
    sign(cora, RAYNAUDS, "Sign this change")


def planned_and_published_by_itself(erin: Page, patient: Page, site: Site) -> None:
    """Planned for tomorrow. Once its time has come, the worker publishes it."""
    go(erin, site, RAYNAUDS, "review")
    tomorrow = datetime.now() + timedelta(days=1)
    erin.get_by_text("Publish at a time…").click()
    erin.get_by_label("On").first.fill(f"{tomorrow:%Y-%m-%d}")
    erin.get_by_label("At", exact=True).first.fill(f"{tomorrow:%H:%M}")
    button(erin, "Publish at a time").click()
    expect(erin.get_by_text("It will be published at its time.")).to_be_visible()
    patient.goto(public(RAYNAUDS))
    expect(patient.get_by_text("About 2 in 100 adults have it.")).to_have_count(0)
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
    site.change("UPDATE education_article SET publish_at = ? WHERE slug = ?", now, slugify(RAYNAUDS))
    assert until(lambda: state_of(site, slugify(RAYNAUDS)) == "published")
    patient.reload()
    expect(patient.get_by_text("About 2 in 100 adults have it.")).to_be_visible()
    expect(patient.get_by_text("Reviewed by Dr Cora Cole, MD on")).to_be_visible()


def restored_and_withdrawn(erin: Page, patient: Page, site: Site) -> None:
    go(erin, site, RAYNAUDS, "editions")
    button(erin, "Copy edition 1 into the draft").click()
    go(erin, site, RAYNAUDS, "compare")
    expect(erin.get_by_text("About 2 in 100 adults have it.")).to_be_visible()
    go(erin, site, RAYNAUDS, "review")
    erin.get_by_text("Withdraw…").click()
    erin.get_by_label("Why is it taken down?").fill("We are writing it anew.")
    button(erin, "Withdraw").click()
    expect(erin.get_by_text("Patients can’t read it any more.")).to_be_visible()
    patient.goto(public(RAYNAUDS))
    expect(heading(patient, "We took this page down")).to_be_visible()
    expect(patient.get_by_text("We are writing it anew.")).to_be_visible()


@pytest.mark.usefixtures("two_must_read")
def test_a_clinician_may_not_sign_own_words_where_a_second_person_must(visit: Visits, site: Site) -> None:
    lars = log_in(visit(site), "lars")
    go(lars, site, UVEITIS, "change")
    write_summary(lars, "By Lars.")
    lars.get_by_role("link", name="Read and sign it").click()
    say_who_signs(lars, "Dr Lars Lone")
    expect(lars.get_by_text("Your clinic asks a second person to sign them")).to_be_visible()
    expect(button(lars, "Sign the whole page")).to_have_count(0)


def test_a_lone_physician_corrects_signs_and_publishes_on_a_phone(visit: Visits, site: Site) -> None:
    lena = log_in(visit(site, expected=(409,), **PHONE), "lena")
    go(lena, site, VASCULITIS, "sign")
    say_who_signs(lena, "Dr Lena Lone")
    lena.get_by_text("Correct a passage…").click()
    lena.get_by_role("link", name="Title and summary").click()
    lena.get_by_label("Summary").fill("Corrected by its own physician.")
    button(lena, "Save the correction").click()
    lena.get_by_role("link", name="To the signature", exact=True).click()
    button(lena, "Sign the whole page").click()
    mistakes = lena.get_by_role("alert").filter(has_text="Confirm that you have read them again as a reviewer.")
    expect(mistakes).to_be_focused()
    expect(mistakes).to_be_in_viewport()
    lena.get_by_label("I wrote some of these words.").check()
    sign(lena, VASCULITIS)
    button(lena, "Publish now").click()
    expect(lena.get_by_text("Patients read it now.")).to_be_visible()
    patient = visit(site, **PHONE)
    patient.goto(public(VASCULITIS))
    expect(patient.get_by_text("Written and reviewed by the same clinician.")).to_be_visible()


def test_a_page_is_sent_signed_and_published_by_keyboard_alone(visit: Visits, site: Site) -> None:
    lisa = log_in(visit(site), "lisa")
    go(lisa, site, VITILIGO, "sign")
    say_who_signs(lisa, "Dr Lisa Lone")
    go(lisa, site, VITILIGO, "change")
    write_summary(lisa, "By keyboard.")
    press(lisa, button(lisa, "Send for review"))
    expect(lisa.get_by_text("It waits for a clinician now.")).to_be_visible()
    press(lisa, lisa.get_by_role("link", name="Read and sign it", exact=True).first)
    expect(heading(lisa, "Read and sign")).to_be_visible()
    press(lisa, lisa.get_by_role("link", name="Go to the signature", exact=True))
    press(lisa, lisa.get_by_role("checkbox", name=OWN_WORDS, exact=True), "Space")
    press(lisa, button(lisa, "Sign the whole page"))
    expect(lisa.get_by_text(f"You signed “{VITILIGO}”.")).to_be_visible()
    press(lisa, button(lisa, "Publish now"))
    expect(lisa.get_by_text("Patients read it now.")).to_be_visible()
