"""Between form and receipt: each POST ends in a redirect, and each address shows again what was typed."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from education.consultations.models import ConsultationRequest, KeptAnswers
from education.consultations.public import kept
from tests.consultations.asking import FORM, SHORTEST, WHOLE, Page, check, open_form, press, send, within_the_form
from tests.each import of_each
from tests.screens import plain_words

URGENT = WHOLE | {"screening_self_harm": "yes"}


def posted(client: Client, typed: dict[str, str]) -> Any:
    return client.post(FORM, open_form(client).values() | typed)


def typed_on(page: Any) -> dict[str, str]:
    left_out = ("token", "action", "stop_read")
    return {name: value for name, value in Page(page).values().items() if name not in left_out}


@of_each([(WHOLE, "check/"), (URGENT, "stop/"), (WHOLE | {"email": "maria@"}, ""), ({}, "")])
def test_each_post_leads_to_an_address_that_can_be_loaded_again(
    case: tuple[dict[str, str], str], client: Client
) -> None:
    typed, step = case
    sent = posted(client, typed)
    assert sent.status_code == 303
    assert sent.headers["Location"].startswith(FORM)
    assert sent.headers["Location"].rpartition("/")[0].endswith(step.rstrip("/"))
    for _ in range(2):
        page = client.get(sent.headers["Location"])
        assert page.status_code == 200
        assert typed_on(page).items() >= typed.items()
        assert "no-store" in page.headers["Cache-Control"]
        assert page.headers["Referrer-Policy"] == "strict-origin"


def test_change_and_remove_and_going_on_lead_to_addresses_too(client: Client) -> None:
    checked = Page(check(client, WHOLE)).values()
    for pressed in ({"action": "edit"}, {"remove": "questions:0"}):
        assert client.post(FORM, checked | pressed).status_code == 303
    assert "questions" not in typed_on(press(client, checked | {"remove": "questions:0"}))
    stop = Page(press(client, open_form(client).values() | URGENT)).values()
    assert client.post(FORM, stop | {"stop_read": "self_harm"}).headers["Location"].endswith("/check/")


def test_going_on_from_the_stop_page_without_the_tick_leads_to_the_error(client: Client) -> None:
    stop = Page(press(client, open_form(client).values() | URGENT)).values()
    for action, leads_on in (("check", "check/"), ("stop", "")):
        untold = client.post(FORM, stop | {"action": action})
        assert untold.headers["Location"].endswith("/stop/#error-summary")
        page = Page(within_the_form(client, untold))
        assert "autofocus" in page.by_id("error-summary")
        assert page.all("a", href="#stop-read")
        assert page.by_id("stop-read")["aria-describedby"] == "stop-read_error"
        assert page.by_id("consultation-stop")["action"] == FORM + ("" if leads_on else "#part-health")


def test_without_scripts_the_first_page_moves_to_an_address_of_its_own_and_back_leads_to_what_was_typed(
    client: Client,
) -> None:
    page = Page(client.get(FORM))
    (refresh,) = page.all("meta", **{"http-equiv": "refresh"})
    own = refresh["content"].partition("url=")[2]
    opened = Page(client.get(own))
    assert not opened.all("meta", **{"http-equiv": "refresh"})
    press(client, opened.values() | WHOLE)
    back = client.get(own)
    assert typed_on(back) == WHOLE
    assert "What you typed is still here" in back.content.decode()


def test_a_check_page_whose_answers_are_no_longer_valid_leads_to_the_form(client: Client) -> None:
    checked = posted(client, WHOLE).headers["Location"]
    client.post(FORM, open_form(client).values() | WHOLE | {"token": checked.split("/")[2], "full_name": ""})
    page = within_the_form(client, client.get(checked))
    assert "Enter the full name" in page.content.decode()
    assert typed_on(page)["main_reason"] == WHOLE["main_reason"]


def test_after_sending_back_says_that_it_is_sent_and_leads_to_the_receipt(client: Client) -> None:
    checked = posted(client, WHOLE).headers["Location"]
    receipt = client.post(FORM, Page(client.get(checked)).values()).headers["Location"]
    for address in (checked, checked.removesuffix("check/")):
        page = client.get(address)
        assert "You have sent this request" in page.content.decode()
        assert Page(page).all("a", href=receipt)
        assert "Ana" not in page.content.decode()


def test_what_was_typed_is_kept_for_an_hour_and_nobody_can_read_it_meanwhile(client: Client) -> None:
    checked = posted(client, WHOLE).headers["Location"]
    row = KeptAnswers.objects.get()
    nonce = checked.split("/")[2].split(":")[0]
    assert nonce not in row.key
    assert b"Ana" not in bytes(row.locked)
    assert kept.find("another nonce") is None
    assert kept.delete_old(timezone.now() + timedelta(minutes=59)) == 0
    assert kept.find(nonce, now=timezone.now() + timedelta(minutes=61)) is None
    assert kept.delete_old(timezone.now() + timedelta(minutes=61)) == 1
    assert client.get(checked).headers["Location"] == checked.removesuffix("check/")


def test_a_form_whose_hour_is_over_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    address = posted(client, {}).headers["Location"]
    KeptAnswers.objects.all().delete()
    monkeypatch.setattr(kept, "KEPT_FOR", timedelta(seconds=-1))
    page = client.get(address)
    assert "for one hour, and that hour is over" in page.content.decode()
    assert "If not, fill in the form again." in page.content.decode()
    assert Page(page).by_id("consultation")


@pytest.mark.parametrize("came_from", ["cross-site", "same-site", "none"])
def test_an_address_that_somebody_was_sent_opens_no_form_that_the_sender_could_read(
    client: Client, came_from: str
) -> None:
    address = posted(client, WHOLE).headers["Location"]
    page = client.get(address, headers={"Sec-Fetch-Site": came_from})
    assert "Did you start this form yourself?" in page.content.decode()
    assert "Ana" not in page.content.decode()
    assert typed_on(client.get(address, headers={"Sec-Fetch-Site": "same-origin"})) == WHOLE


@pytest.mark.parametrize("step", ["", "check/", "stop/"])
def test_an_address_that_was_made_up_is_a_plain_404(client: Client, step: str) -> None:
    page = client.get(f"{FORM}made-up/{step}")
    assert page.status_code == 404
    assert "This link leads to no form" in page.content.decode()


def test_what_is_too_long_or_too_often_is_not_kept_but_shown_at_once(client: Client, settings: Any) -> None:
    long = posted(client, SHORTEST | {"questions": "x" * 300_000})
    assert long.status_code == 200
    assert "Shorten it to 5,000" in long.content.decode()
    settings.INTAKE_LIMIT_PER_HOUR = 1
    form = open_form(client).values() | SHORTEST
    statuses = [client.post(FORM, form).status_code for _ in range(10 * kept.STEPS_PER_REQUEST + 1)]
    assert statuses[0] == 303
    assert statuses[-1] == 200


def test_a_pause_that_begins_meanwhile_keeps_the_answers_at_their_address(client: Client, settings: Any) -> None:
    checked = posted(client, WHOLE).headers["Location"]
    settings.TRIAL = False
    settings.SEAL_KEY_DIR = settings.SEAL_KEY_DIR.with_name("empty")
    page = client.get(checked.removesuffix("check/"))
    assert page.status_code == 503
    assert typed_on(page) == WHOLE


def test_sent_from_two_pages_of_one_form_it_is_one_request(client: Client) -> None:
    """As when Back is pressed while the answer is on its way."""
    checked = posted(client, WHOLE)
    page = Page(client.get(checked.headers["Location"])).values()
    first = client.post(FORM, page)
    again = press(client, page | {"action": "check"})
    second = client.post(FORM, Page(again).values())
    assert first.headers["Location"] == second.headers["Location"]
    assert ConsultationRequest.objects.count() == 1
    assert send(client, SHORTEST).headers["Location"] != first.headers["Location"]


def test_the_check_page_speaks_of_the_patient_to_whoever_asks_for_someone_else(client: Client) -> None:
    asked = plain_words(check(client, WHOLE).content.decode())
    for_herself = {name: value for name, value in WHOLE.items() if name != "asking_for" and "proxy" not in name}
    told = plain_words(check(client, for_herself).content.decode())
    for theirs, yours in (
        ("About the patient", "About you"),
        ("The patient’s health", "Your health"),
        ("Conditions the patient lives with", "Conditions you live with"),
        ("Medicines the patient takes", "Medicines you take"),
    ):
        assert (theirs in asked, yours in asked) == (True, False)
        assert (theirs in told, yours in told) == (False, True)
    question = "In the last four weeks, have you taken an opioid medicine?"
    assert f"About the patient: {question}" in asked
    assert question in told
    assert "About the patient" not in told
