"""From the form to the receipt, as a browser goes."""

import re
import time
from typing import Any

import pytest
from django.core import signing
from django.db import OperationalError
from django.test import Client

from education.consultations.models import ConsultationRequest, SealedAmendment
from education.consultations.public import actions, tokens
from education.consultations.triage.record import open_row
from education.core import sealing
from tests import cast
from tests.consultations.asking import FORM, SHORTEST, WHOLE, Page, check, open_form, press, send, sent_row
from tests.dialects import read_only
from tests.each import of_each
from tests.screens import plain_words

MEDICINES = "Do not stop any medicine because of this form. A clinician will talk with you about your answers."


def kept(response: Any) -> dict[str, str]:
    """What the page of a response would send, without its token and button."""
    return {name: value for name, value in Page(response).values().items() if name not in ("token", "action")}


def test_form_check_send_receipt(client: Client) -> None:
    checked = check(client, WHOLE)
    assert checked.status_code == 200
    assert "<h1>Check your answers</h1>" in checked.content.decode()
    assert ConsultationRequest.objects.count() == 0
    sent = press(client, Page(checked).values())
    assert sent.status_code == 303
    row = sent_row(sent)
    assert open_row(row).answers["main_reason"] == WHOLE["main_reason"]
    receipt = client.get(sent.headers["Location"]).content.decode()
    assert row.reference_shown in receipt
    assert "Waiting to be read" in receipt


def test_the_shortest_request_goes_through(client: Client) -> None:
    assert send(client, SHORTEST).status_code == 303


def test_the_check_page_carries_every_answer(client: Client) -> None:
    carried = Page(check(client, WHOLE)).values()
    assert {name: carried[name] for name in WHOLE} == WHOLE
    assert carried["action"] == "send"


def test_edit_brings_the_form_back_with_every_answer_and_no_error(client: Client) -> None:
    back = press(client, Page(check(client, WHOLE)).values() | {"action": "edit"})
    assert kept(back) == WHOLE
    assert "error-summary" not in Page(back).ids()


def test_no_page_sets_a_cookie_or_may_be_stored(client: Client) -> None:
    sent = send(client)
    for response in (client.get(FORM), check(client), check(client, {}), sent, client.get(sent.headers["Location"])):
        assert not response.cookies
        assert "no-store" in response.headers["Cache-Control"]
        assert "Cookie" not in response.headers.get("Vary", "")
    assert not client.cookies


def test_the_receipt_sends_no_referrer_and_is_not_indexed(client: Client) -> None:
    receipt = client.get(send(client).headers["Location"])
    assert receipt.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in receipt.headers["X-Robots-Tag"]
    assert Page(receipt).all("meta", name="robots")


def test_the_form_page_lets_old_browsers_send_their_origin(client: Client) -> None:
    assert client.get(FORM).headers["Referrer-Policy"] == "same-origin"


def test_the_receipt_says_what_happens_next_and_how_long_answers_are_kept(client: Client) -> None:
    words = client.get(send(client).headers["Location"]).content.decode()
    for said in ("two working days", "Call 112", "Kept until", "555 0100"):
        assert said in words
    assert "Ana" not in words


@pytest.mark.parametrize(
    ("status", "words"),
    [("claimed", "has taken it on"), ("contacted", "We have been in touch")],
)
def test_the_receipt_follows_the_status(client: Client, status: str, words: str) -> None:
    sent = send(client)
    ConsultationRequest.objects.update(status=status)
    assert words in client.get(sent.headers["Location"]).content.decode()


@pytest.mark.parametrize("token", ["x", "é", "a" * 500])
def test_an_unknown_receipt_is_a_plain_404(client: Client, token: str) -> None:
    response = client.get(f"/my-request/{token}/")
    assert response.status_code == 404
    assert "This link leads to no request" in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store"


def test_a_double_click_is_one_request_and_one_receipt(client: Client) -> None:
    page = Page(check(client)).values()
    first, second = press(client, page), press(client, page)
    assert first.headers["Location"] == second.headers["Location"]
    assert ConsultationRequest.objects.count() == 1
    assert SealedAmendment.objects.count() == 0


def test_back_and_resend_with_other_answers_is_an_amendment(client: Client) -> None:
    page = Page(check(client)).values()
    first = press(client, page)
    second = press(client, page | {"main_reason": "I forgot to say"})
    third = press(client, page | {"main_reason": "I forgot to say"})
    assert first.headers["Location"] == second.headers["Location"] == third.headers["Location"]
    assert ConsultationRequest.objects.count() == SealedAmendment.objects.count() == 1
    opened = open_row(sent_row(second))
    assert opened.answers["main_reason"] == "I forgot to say"
    assert [row["field"] for row in opened.amendments[0].asked] == ["main_reason"]


def test_forms_under_way_outlive_a_new_secret_while_the_old_one_is_a_fallback(client: Client, settings: Any) -> None:
    """One that was sent before leads to the same receipt, and one that was not has kept its answers."""
    sent, begun = Page(check(client)).values(), check(client, WHOLE)
    first = press(client, sent).headers["Location"]
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new one, after the old one had to go"
    assert client.get(first).status_code == 200
    assert press(client, sent | {"main_reason": "I forgot to say"}).headers["Location"] == first
    assert ConsultationRequest.objects.count() == 1
    assert WHOLE["main_reason"] in client.get(begun.request["PATH_INFO"]).content.decode()
    second = press(client, Page(begun).values())
    assert open_row(sent_row(second)).answers["full_name"] == WHOLE["full_name"]


def test_a_second_click_that_loses_the_race_finds_the_first(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both looked before either had stored: the unique column decides, and the loser looks again."""
    page = Page(check(client)).values()
    make, find, made = actions._new_request, actions._find_locked, []

    def make_twice(*args: Any) -> ConsultationRequest:
        made.append(make(*args))
        return make(*args)

    def find_too_early(token: str) -> ConsultationRequest | None:
        if len(made) > 1:
            return find(token)
        made[0].save(force_insert=True)
        return None

    monkeypatch.setattr(actions, "_new_request", make_twice)
    monkeypatch.setattr(actions, "_find_locked", find_too_early)
    assert press(client, page).status_code == 303
    assert len(made) == 2
    assert ConsultationRequest.objects.count() == 1


def test_a_taken_reference_is_drawn_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["AAAA2222", "AAAA2222", "AAAA3333"])
    monkeypatch.setattr(tokens, "new_reference", lambda: next(drawn))
    assert send(client).status_code == send(client).status_code == 303
    assert set(ConsultationRequest.objects.values_list("reference", flat=True)) == {"AAAA2222", "AAAA3333"}


def test_without_a_free_reference_the_answers_stay_on_the_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "new_reference", lambda: "AAAA2222")
    send(client)
    assert send(client).status_code == 503


def test_references_have_eight_characters_and_no_look_alikes() -> None:
    drawn = {tokens.new_reference() for _ in range(300)}
    assert {len(reference) for reference in drawn} == {8}
    assert not set("".join(drawn)) & set("01OILQZSGBU")


def test_a_page_older_than_a_day_shows_the_check_page_again_and_then_sends(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Page(check(client, WHOLE)).values()
    later = time.time() + tokens.FORM_TOKEN_MAX_AGE.total_seconds() + 60
    monkeypatch.setattr(signing.time, "time", lambda: later)
    stale = press(client, page)
    assert stale.status_code == 200
    assert "open for more than a day" in stale.content.decode()
    assert ConsultationRequest.objects.count() == 0
    again = press(client, Page(stale).values())
    assert again.status_code == 303
    assert open_row(sent_row(again)).answers["full_name"] == WHOLE["full_name"]
    token = tokens.read_form_token(page["token"])
    assert token
    assert tokens.receipt_token(token.nonce) in again.headers["Location"]


@of_each(["check", "send"], [None, "", "made-up", "made:up:token"])
def test_without_a_valid_token_nothing_is_stored_and_nothing_is_lost(
    action: str, token: str | None, client: Client
) -> None:
    typed = WHOLE | {"action": action} | ({} if token is None else {"token": token})
    response = press(client, typed)
    assert response.status_code == 400
    assert ConsultationRequest.objects.count() == 0
    assert kept(response) == WHOLE
    assert press(client, Page(response).values()).status_code == 200


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_a_form_of_another_website_gives_us_neither_its_answers_nor_its_token(
    client: Client, headers: dict[str, str]
) -> None:
    """Else a patient could send a request that whoever made the form can read the state of, and withdraw."""
    sent = Page(check(client, WHOLE)).values()
    response = press(client, sent, headers=headers)
    assert response.status_code == 403
    assert ConsultationRequest.objects.count() == 0
    assert kept(response) == kept(client.get(FORM))
    theirs = tokens.read_form_token(sent["token"])
    ours = tokens.read_form_token(Page(response).values()["token"])
    assert theirs
    assert ours
    assert ours.nonce != theirs.nonce
    assert "came from another website" in response.content.decode()


@pytest.mark.parametrize("error", [OperationalError("database is locked"), OSError(28, "No space left on device")])
def test_when_a_request_cannot_be_stored_the_answers_and_the_telephone_number_are_on_the_page(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise error

    page = Page(check(client, WHOLE)).values()
    with monkeypatch.context() as patched:
        patched.setattr(ConsultationRequest, "save", fail)
        response = press(client, page)
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert kept(response) == WHOLE
    summary = response.content.decode().partition('id="error-summary"')[2][:600]
    assert "555 0100" in summary
    assert type(error).__name__ in caplog.text
    assert "Ana" not in caplog.text
    again = press(client, Page(response).values())  # once: the page is still the one that sends
    assert again.headers["Location"].startswith("/my-request/")


def test_without_any_database_the_answers_stay_on_the_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(check(client, WHOLE)).values()

    def away(*args: Any, **kwargs: Any) -> None:
        raise OperationalError

    monkeypatch.setattr("django.db.models.sql.compiler.SQLCompiler.execute_sql", away)
    response = press(client, page)
    assert response.status_code == 503
    assert kept(response) == WHOLE


def test_a_read_only_database_keeps_the_answers_and_recovers_by_itself(client: Client) -> None:
    page = Page(check(client, WHOLE)).values()
    with read_only():
        response = press(client, page)
    assert response.status_code == 503
    assert kept(response) == WHOLE
    assert "555 0100" in response.content.decode().partition('id="error-summary"')[2][:900]
    assert press(client, Page(response).values() | {"action": "send"}).status_code == 303


def test_without_a_database_the_telephone_number_is_still_known(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Page(check(client, WHOLE)).values()

    def away(*args: Any, **kwargs: Any) -> None:
        raise OperationalError

    monkeypatch.setattr("django.db.models.sql.compiler.SQLCompiler.execute_sql", away)
    assert "555 0100" in press(client, page).content.decode().partition('id="error-summary"')[2][:900]


def test_without_a_key_the_form_is_closed_and_gives_the_telephone_number(client: Client, settings: Any) -> None:
    settings.TRIAL = False
    response = client.get(FORM)
    assert response.status_code == 503
    assert "555 0100" in response.content.decode()
    assert not Page(response).all("form", method="post")


def test_a_form_that_closes_in_the_meantime_keeps_the_answers(client: Client, settings: Any) -> None:
    page = Page(check(client, WHOLE)).values()
    settings.TRIAL = False
    settings.SEAL_KEY_DIR = settings.SEAL_KEY_DIR.with_name("empty")
    response = press(client, page)
    assert response.status_code == 503
    assert kept(response) == WHOLE


@pytest.mark.parametrize("missing", ["name", "telephone", "help_lines"])
def test_production_accepts_no_request_until_the_profile_names_the_clinic(
    client: Client, settings: Any, missing: str
) -> None:
    sealing.make_keys(settings.SEAL_KEY_DIR)
    settings.TRIAL = False
    assert client.get(FORM).status_code == 200
    cast.clinic(**{missing: ""})
    response = client.get(FORM)
    assert response.status_code == 503
    assert ("555 0100" in response.content.decode()) == (missing != "telephone")


def test_the_form_begins_with_what_patients_need_to_know(client: Client) -> None:
    words = re.sub("<[^>]+>", "", client.get(FORM).content.decode().partition("<form method")[0])
    for said in (
        "Test Clinic",
        "Not for emergencies",
        "Call 112",
        "180 days",
        "by e-mail",
        "Trial site: not for real patients",
    ):
        assert said in words


def test_the_form_says_that_whoever_opens_the_answers_is_recorded(client: Client) -> None:
    said = "Only staff who need to can read your answers. We record who opens them."
    assert said in plain_words(client.get(FORM).content.decode())


def test_form_check_and_receipt_say_what_to_do_about_medicines(client: Client) -> None:
    receipt = client.get(send(client).headers["Location"])
    for answer in (client.get(FORM), check(client, SHORTEST), receipt):
        assert MEDICINES in plain_words(answer.content.decode())


def test_without_emergency_lines_the_page_still_says_whom_to_call(client: Client) -> None:
    cast.clinic(help_lines=[])
    assert "Call your local emergency number." in client.get(FORM).content.decode()


def test_a_trial_open_to_others_is_a_demonstration(client: Client, settings: Any) -> None:
    settings.TRIAL_ANYWHERE = True
    assert "This is a demonstration." in plain_words(client.get(FORM).content.decode())


def test_the_check_page_says_who_may_ask_for_a_child(client: Client) -> None:
    child = WHOLE | {"date_of_birth_year": "2020"}
    assert "parent or guardian" in check(client, child).content.decode()
    assert "parent or guardian" not in check(client, WHOLE).content.decode()
    row = sent_row(send(client, child))
    assert row.flag == 2


def test_a_flag_is_never_shown_to_the_patient(client: Client) -> None:
    opioids = SHORTEST | {"screening_opioids": "yes"}
    plain, flagged = (check(client, typed).content.decode().casefold() for typed in (SHORTEST, opioids))
    for page in (plain, flagged):
        assert MEDICINES.casefold() in page
        assert "a clinician first" not in page
    sent = send(client, opioids)
    assert sent_row(sent).flag == 2
    assert "flag" not in client.get(sent.headers["Location"]).content.decode().casefold()


def test_a_request_with_the_hidden_field_filled_in_is_stored_and_marked(client: Client) -> None:
    row = sent_row(send(client, SHORTEST | {"website": "https://spam.example"}))
    assert row.flag == 0
    assert open_row(row).spam_reason


def test_other_methods_are_refused(client: Client) -> None:
    assert client.put(FORM).status_code == 405
    assert client.head(FORM).status_code == 200


def test_a_new_form_is_a_new_request(client: Client) -> None:
    assert send(client).headers["Location"] != send(client).headers["Location"]
    assert ConsultationRequest.objects.count() == 2


def test_the_receipt_address_cannot_be_told_from_the_database(client: Client) -> None:
    sent = send(client)
    token = sent.headers["Location"].split("/")[2]
    row = sent_row(sent)
    assert token not in (row.receipt_hash, row.content_mac, row.reference)
    assert open_form(client).values()["token"] != token
