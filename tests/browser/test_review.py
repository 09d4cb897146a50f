"""From a draft to a page: in a practice of two, by a lone physician, and by keyboard alone."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser import review
from tests.browser.asking import button, heading
from tests.browser.conftest import Visits
from tests.browser.places import FIBROMYALGIA
from tests.browser.sites import Site
from tests.server import manage, until

STAFF = """
from tests import cast
cast.clinic(name="Clinic by the Quillwater", second_person_signs={second})
cast.erin_the_editor()
cast.clara_the_clinician()
cast.staff("lena", "editor", "clinician")
"""
OWN_WORDS = "I wrote some of these words. I have read them again as a reviewer, and they are right"
PHONE = {"viewport": {"width": 390, "height": 800}}


def staffed(site: Site, *, second_person: bool) -> None:
    manage(site.data_dir, "shell", "--no-imports", "-c", STAFF.format(second=second_person))


def go(page: Page, site: Site, screen: str) -> None:
    page.goto(f"/admin/education/article/{review.pk_of(site, 'fibromyalgia')}/{screen}/")


def sign(page: Page, name: str = "Sign this change") -> None:
    button(page, name).click()
    expect(page.get_by_text("You signed “Fibromyalgia”.")).to_be_visible()


def test_a_practice_of_two_writes_reviews_plans_restores_and_withdraws(visit: Visits, new_site: Site) -> None:
    staffed(new_site, second_person=True)
    erin = review.log_in(visit(new_site, expected=(409, 422)), "erin")
    clara = review.log_in(visit(new_site, expected=(409, 422), **PHONE), "clara")
    patient = visit(new_site, expected=(410,))
    submitted_and_sent_back(erin, clara, new_site)
    mended_signed_and_one_word_changed(erin, clara, new_site)
    planned_and_published_by_itself(erin, patient, new_site)
    restored_and_withdrawn(erin, patient, new_site)


def submitted_and_sent_back(erin: Page, clara: Page, site: Site) -> None:
    go(erin, site, "change")
    review.write_summary(erin, "Fibromyalgia, in our words.")
    erin.get_by_label("A note for the clinician").fill("A plainer summary.")
    button(erin, "Send for review").click()
    expect(erin.get_by_text("It waits for a clinician now.")).to_be_visible()
    clara.reload()
    clara.get_by_role("link", name="Begin, or go on where you left off").click()
    clara.get_by_role("link", name="Fibromyalgia", exact=True).click()
    review.say_who_signs(clara, "Dr Clara Kline")
    expect(clara.get_by_text("A plainer summary.")).to_be_visible()
    clara.get_by_text("Send it back…").click()
    clara.get_by_label("What has to change?").fill("Say how common it is.")
    button(clara, "Send back").click()


def mended_signed_and_one_word_changed(erin: Page, clara: Page, site: Site) -> None:
    """One word more closes the gate, and to sign that change is one tap."""
    go(erin, site, "review")
    expect(erin.get_by_text("Say how common it is.")).to_be_visible()
    go(erin, site, "change")
    review.write_summary(erin, "About 2 in 100 people have it.")
    button(erin, "Send for review").click()
    go(clara, site, "sign")
    sign(clara, "Sign the whole page")
    go(erin, site, "change")
    review.write_summary(erin, "About 2 in 100 adults have it.")
    expect(erin.get_by_text("No clinician has signed exactly these words.")).to_be_visible()
    expect(button(erin, "Publish now")).to_have_count(0)
    button(erin, "Send for review").click()
    go(clara, site, "sign")
    expect(clara.get_by_text("What changed since you last signed")).to_be_visible()
    sign(clara)


def planned_and_published_by_itself(erin: Page, patient: Page, site: Site) -> None:
    """The worker publishes it within half a minute of its time."""
    go(erin, site, "review")
    soon = datetime.now() + timedelta(minutes=1)
    erin.get_by_text("Publish at a time…").click()
    erin.get_by_label("On").first.fill(f"{soon:%Y-%m-%d}")
    erin.get_by_label("At", exact=True).first.fill(f"{soon:%H:%M}")
    button(erin, "Publish at a time").click()
    expect(erin.get_by_text("It will be published at its time.")).to_be_visible()
    patient.goto(FIBROMYALGIA)
    expect(patient.get_by_text("About 2 in 100 adults have it.")).to_have_count(0)
    assert until(lambda: review.state_of(site, "fibromyalgia") == "published", 100)
    late = (datetime.now() - soon.replace(second=0, microsecond=0)).total_seconds()
    assert late < 30, f"{late:.0f} s after its minute"
    patient.reload()
    expect(patient.get_by_text("About 2 in 100 adults have it.")).to_be_visible()
    expect(patient.get_by_text("Reviewed by Dr Clara Kline, MD on")).to_be_visible()


def restored_and_withdrawn(erin: Page, patient: Page, site: Site) -> None:
    go(erin, site, "editions")
    button(erin, "Copy edition 1 into the draft").click()
    go(erin, site, "compare")
    expect(erin.get_by_text("About 2 in 100 adults have it.")).to_be_visible()
    go(erin, site, "review")
    erin.get_by_text("Withdraw…").click()
    erin.get_by_label("Why is it taken down?").fill("We are writing it anew.")
    button(erin, "Withdraw").click()
    expect(erin.get_by_text("Patients can’t read it any more.")).to_be_visible()
    patient.goto(FIBROMYALGIA)
    expect(heading(patient, "We took this page down")).to_be_visible()
    expect(patient.get_by_text("We are writing it anew.")).to_be_visible()


def test_a_clinician_may_not_sign_own_words_where_a_second_person_must(visit: Visits, new_site: Site) -> None:
    staffed(new_site, second_person=True)
    lena = review.log_in(visit(new_site), "lena")
    go(lena, new_site, "change")
    review.write_summary(lena, "By Lena.")
    lena.get_by_role("link", name="Read and sign it").click()
    review.say_who_signs(lena, "Dr Lena Lone")
    expect(lena.get_by_text("Your clinic asks a second person to sign them")).to_be_visible()
    expect(button(lena, "Sign the whole page")).to_have_count(0)


def test_a_lone_physician_corrects_signs_and_publishes_on_a_phone(visit: Visits, new_site: Site) -> None:
    staffed(new_site, second_person=False)
    lena = review.log_in(visit(new_site, expected=(409,), **PHONE), "lena")
    go(lena, new_site, "sign")
    review.say_who_signs(lena, "Dr Lena Lone")
    lena.get_by_text("Correct a passage…").click()
    lena.get_by_role("link", name="Title and summary").click()
    lena.get_by_label("Summary").fill("Corrected by its own physician.")
    button(lena, "Save the correction").click()
    button(lena, "Sign the whole page").click()
    expect(lena.get_by_text("Tick that you have read them again as a reviewer.")).to_be_visible()
    lena.get_by_label("I wrote some of these words.").check()
    sign(lena, "Sign the whole page")
    button(lena, "Publish now").click()
    expect(lena.get_by_text("Patients read it now.")).to_be_visible()
    patient = visit(new_site, **PHONE)
    patient.goto(FIBROMYALGIA)
    expect(patient.get_by_text("Written and reviewed by the same clinician.")).to_be_visible()


def reach(page: Page, name: str, *, role: str = "button", backwards: bool = False) -> None:
    """By Tab alone, until this has the focus."""
    target = page.get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]
    for _ in range(120):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"“{name}” can’t be reached by keyboard.")


def test_a_page_is_sent_signed_and_published_by_keyboard_alone(visit: Visits, new_site: Site) -> None:
    staffed(new_site, second_person=False)
    lena = review.log_in(visit(new_site), "lena")
    go(lena, new_site, "sign")
    review.say_who_signs(lena, "Dr Lena Lone")
    go(lena, new_site, "change")
    review.write_summary(lena, "By keyboard.")
    reach(lena, "Send for review")
    lena.keyboard.press("Enter")
    expect(lena.get_by_text("It waits for a clinician now.")).to_be_visible()
    reach(lena, "Read and sign it", role="link")
    lena.keyboard.press("Enter")
    expect(heading(lena, "Read and sign")).to_be_visible()
    reach(lena, "Go to the signature", role="link")
    lena.keyboard.press("Enter")
    reach(
        lena, "I wrote some of these words. I have read them again as a reviewer, and they are right", role="checkbox"
    )
    lena.keyboard.press("Space")
    reach(lena, "Sign the whole page")
    lena.keyboard.press("Enter")
    expect(lena.get_by_text("You signed “Fibromyalgia”.")).to_be_visible()
    reach(lena, "Publish now")
    lena.keyboard.press("Enter")
    expect(lena.get_by_text("Patients read it now.")).to_be_visible()
