"""Pages of staff that are no longer true, and what was typed on them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from education.accounts.models import User
from education.consultations.models import ConsultationRequest, IntakePause, ReplyTemplate
from education.consultations.public import actions as public
from education.consultations.triage import actions
from education.consultations.triage.record import notes_for
from education.consultations.upkeep import ingest
from education.outbox.models import OutboxMessage
from tests import cast
from tests.consultations import asking
from tests.consultations.asking import FORM, Page, address, ingested
from tests.each import of_each

pytestmark = pytest.mark.usefixtures("clinic")


@pytest.fixture
def row(clinic: Any) -> ConsultationRequest:
    return ingested(phone="5550100")


@pytest.fixture
def carl(db: None) -> User:
    return cast.staff("carl", "intake")


def page(desk: Client, row: ConsultationRequest) -> dict[str, str]:
    return {"seen": Page(desk.get(address(row))).values()["seen"]}


def press(desk: Client, row: ConsultationRequest, verb: str, sent: dict[str, str]) -> str:
    return desk.post(address(row, verb), sent, follow=True).content.decode()


def notes(row: ConsultationRequest, by: User) -> list[str]:
    return [note.text for note in notes_for(row, by=by)]


@of_each(["claim", "book", "contact", "no_answer", "needs_clinician", "spam"])
def test_a_page_that_is_older_than_what_a_colleague_did_does_nothing_and_says_who_did_what(
    verb: str, desk: Client, row: ConsultationRequest, carl: User
) -> None:
    seen = page(desk, row)
    actions.claim(row, by=carl)
    shown = press(desk, row, verb, seen)
    assert "has changed since you opened this page (Claimed, carl), so nothing was done" in shown
    row.refresh_from_db()
    assert (row.status, row.assignee) == ("claimed", carl)
    assert "so nothing was done" not in press(desk, row, verb, page(desk, row))


def test_a_page_opened_before_the_worker_took_the_request_in_is_not_old(desk: Client, carl: User) -> None:
    row = asking.request(phone="5550100")
    seen = page(desk, row)
    ingest.ingest_new()
    assert "so nothing was done" not in press(desk, row, "claim", seen)
    row.refresh_from_db()
    assert row.status == "claimed"


def test_two_colleagues_do_not_both_mail_the_patient(desk: Client, row: ConsultationRequest, carl: User) -> None:
    seen, template = page(desk, row), ReplyTemplate.objects.get(title="Please call us")
    actions.send_reply(row, template, by=carl)
    assert "(E-mail sent: “Please call us”, carl)" in press(desk, row, "reply", seen | {"template": str(template.pk)})
    assert OutboxMessage.objects.filter(key__contains="/reply/").count() == 1


def test_what_the_patient_added_meanwhile_is_read_before_the_request_is_closed(
    desk: Client, row: ConsultationRequest
) -> None:
    seen = page(desk, row)
    public.add_text(public.Sender("one").token, text="It got worse")
    assert "(The patient added something), so nothing was done" in press(
        desk, row, "close", seen | {"reason": "answered"}
    )


def test_a_request_whose_time_was_over_leads_back_to_the_queue(desk: Client, row: ConsultationRequest) -> None:
    seen = page(desk, row)
    ConsultationRequest.objects.filter(pk=row.pk).delete()
    for shown in (press(desk, row, "claim", seen), desk.get(address(row), follow=True).content.decode()):
        assert "This request is no longer here" in shown
        assert "<h1>Consultation requests</h1>" in shown


def test_a_note_is_added_to_an_older_page_too(desk: Client, row: ConsultationRequest, carl: User) -> None:
    seen = page(desk, row)
    actions.claim(row, by=carl)
    press(desk, row, "note", seen | {"text": "She prefers mornings"})
    assert notes(row, carl) == ["She prefers mornings"]


@of_each(["claim", "book", "no_answer", "copy", "spam"])
def test_a_note_that_was_typed_goes_along_with_any_button(
    verb: str, desk: Client, row: ConsultationRequest, carl: User
) -> None:
    record = Page(desk.get(address(row)))
    (field,) = record.all("textarea", name="text")
    (button,) = record.all("button", formaction=address(row, verb))
    assert field["form"] == button["form"] == "record-form"
    press(desk, row, verb, page(desk, row) | {"text": "Half a note"})
    assert notes(row, carl) == ["Half a note"]


def test_return_in_a_field_presses_no_button(desk: Client, row: ConsultationRequest) -> None:
    buttons = Page(desk.get(address(row))).all("button", type="submit")
    of_the_record = [attrs for attrs in buttons if attrs.get("form") or "disabled" in attrs]
    assert "disabled" in of_the_record[0]


def test_a_note_survives_a_refusal_and_an_error_in_another_field(
    desk: Client, row: ConsultationRequest, carl: User
) -> None:
    assert "Half a note" in press(desk, row, "close", page(desk, row) | {"text": "Half a note"})
    seen = page(desk, row)
    actions.claim(row, by=carl)
    assert Page(desk.post(address(row, "book"), seen | {"text": "Half a note"})).values()["text"] == "Half a note"
    public.withdraw(public.Sender("one").token, contact="5550100")
    shown = press(desk, row, "book", seen | {"text": "Half a note"})
    assert "The patient has withdrawn it meanwhile, so nothing was done. Please do not call about it." in shown
    assert "This note was not added" in shown
    assert "Half a note" in shown
    assert not row.notes.exists()


def test_what_was_chosen_without_a_note_survives_a_refusal_too(
    desk: Client, row: ConsultationRequest, carl: User
) -> None:
    seen = page(desk, row)
    actions.claim(row, by=carl)
    kept = Page(desk.post(address(row, "close"), seen | {"reason": "elsewhere"}))
    assert kept.all("option", selected="", value="elsewhere")
    assert "(Claimed, carl), so nothing was done" in kept.html
    assert kept.all("details", **{"class": "record-more", "open": ""}), "the reason is not folded away"
    press(desk, row, "close", {"seen": kept.values()["seen"], "reason": "elsewhere"})
    row.refresh_from_db()
    assert row.status == "closed"


def test_what_a_button_did_has_the_focus(desk: Client, row: ConsultationRequest) -> None:
    """Whoever works by keyboard goes on from there, and need not come through the frame again."""
    shown = Page(desk.post(address(row, "claim"), page(desk, row), follow=True))
    assert [attrs["class"] for attrs in shown.all("li", autofocus="")] == ["success"]
    assert not Page(desk.get(address(row))).all("li", autofocus="")


def test_a_page_with_the_token_of_an_earlier_log_in_is_told_so_when_it_unlocks(carl: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(carl)
    assert client.post("/accounts/clock/unlock/", {"password": cast.PASSWORD}).status_code == 401


def test_a_note_survives_a_log_in_in_between(row: ConsultationRequest, carl: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.post("/accounts/login/", {"login": "carl", "password": cast.PASSWORD} | csrf(client, "/accounts/login/"))
    sent = page(client, row) | csrf(client, address(row)) | {"text": "Half a note"}
    client.cookies.pop("sessionid")
    to_log_in = client.post(address(row, "note"), sent)
    log_in = to_log_in["Location"]
    assert log_in.startswith("/accounts/login/?next=")
    entered = {"login": "carl", "password": cast.PASSWORD, "next": address(row, "note")}
    back = client.post(log_in, entered | csrf(client, log_in), follow=True)
    shown = back.content.decode()
    assert "You were no longer logged in when you sent this" in shown
    assert "Half a note" in shown
    assert not row.notes.exists()
    client.post(address(row, "note"), Page(back).values())
    assert notes(row, carl) == ["Half a note"]
    assert "Nothing was done" in client.get(address(row, "note"), follow=True).content.decode()


def test_what_was_typed_before_a_log_in_is_shown_only_to_who_may_open_that_page(row: ConsultationRequest) -> None:
    cast.staff("erin", "editor")
    client = Client(enforce_csrf_checks=True)
    sent = csrf(client, "/accounts/login/") | {"text": "Half a note"}
    client.post(address(row, "note"), sent)
    client.post("/accounts/login/", {"login": "erin", "password": cast.PASSWORD} | csrf(client, "/accounts/login/"))
    refused = client.get(address(row, "note"))
    assert refused.status_code == 403
    assert "Half a note" not in refused.content.decode()


def csrf(client: Client, path: str) -> dict[str, str]:
    return {"csrfmiddlewaretoken": Page(client.get(path)).values()["csrfmiddlewaretoken"]}


@pytest.mark.parametrize("lacks", ["name", "telephone"])
def test_a_profile_without_a_name_or_number_mails_no_reply(desk: Client, row: ConsultationRequest, lacks: str) -> None:
    cast.clinic(**{lacks: ""})
    shown = desk.get(address(row)).content.decode()
    assert "no name or no telephone number" in shown
    assert address(row, "reply") not in Page(desk.get(address(row))).actions()
    template = ReplyTemplate.objects.get(title="Please call us")
    assert "Nothing was sent" in press(desk, row, "reply", {"template": str(template.pk)})
    assert not OutboxMessage.objects.filter(key__contains="/reply/").exists()


def test_a_pause_is_on_the_desk_and_can_be_ended_on_its_first_day(client: Client) -> None:
    pause = IntakePause.objects.create(message="We are moving house.", until=timezone.localdate() + timedelta(days=9))
    manager = cast.logged_in(cast.staff("mo", "manager"))
    desk = manager.get("/admin/").content.decode()
    assert "The request form is paused" in desk
    assert "We are moving house." in desk
    path = f"/admin/education/intakepause/{pause.pk}/change/"
    assert path in desk
    assert "We are moving house." in client.get(FORM).content.decode()
    given = {"message": pause.message, "begins": pause.begins.isoformat(), "until": pause.until.isoformat()}
    manager.post(path, given | {"end_now": "on"})
    pause.refresh_from_db()
    assert pause.ended_at
    assert "Check your answers" in client.get(FORM).content.decode()
    assert "The request form is paused" not in manager.get("/admin/").content.decode()
    assert pause.holds_on(timezone.localdate()) is False
    manager.post(path, given | {"message": "Other words"})
    pause.refresh_from_db()
    assert pause.ended_at, "a later save does not begin it again"
    assert asking.open_form(client).by_id("consultation")


def test_a_note_typed_while_the_patient_withdraws_stays_on_the_page_when_it_is_copied_for_the_chart(
    desk: Client, row: ConsultationRequest, carl: User
) -> None:
    public.withdraw(asking.receipt_of("one").split("/")[2], contact="ana@example.org")
    shown = press(desk, row, "copy", {"text": "She asked about Tuesday."})
    assert "The patient has withdrawn it meanwhile" in shown
    assert "She asked about Tuesday." in shown
    assert "This note was not added" in shown
