"""The receipt: the status of a request, adding to it, and withdrawing it."""

import re
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from education.audit.models import AuditEvent
from education.clinic.models import ClinicProfile
from education.consultations.form.parts import BIRTH
from education.consultations.models import BlindIndexEntry, ConsultationRequest, SealedAmendment, SealedNote
from education.consultations.public import tokens
from education.consultations.public.receipt import MIN_WAITS
from education.consultations.triage import actions as triage
from education.consultations.triage.record import open_row
from education.consultations.upkeep import ingest
from education.consultations.workflow import Flag
from education.once.models import AnsweredForm
from education.outbox.actions import deliver_due
from education.outbox.models import OutboxMessage
from tests import cast
from tests.consultations import asking
from tests.consultations.asking import SHORTEST, WHOLE, Page, check, press, send
from tests.each import of_each
from tests.screens import body


@pytest.fixture
def sent(clinic: ClinicProfile) -> str:
    """The address of the receipt of a request that was ingested and has a note."""
    row = asking.ingested(**WHOLE)
    triage.add_note(row, text="Called", by=cast.ines_at_intake())
    return asking.receipt_of("one")


def withdraw(client: Client, address: str, contact: str) -> Any:
    return client.post(f"{address}withdraw/", {"withdraw-contact": contact}, follow=True)


@of_each(
    [
        "ana@example.org",
        " ANA@Example.org",
        "+1 (555) 010-1234 ext 7",
        "001 555 0101234",
        "555.010.1234",
        "\u202a1 555 010 1234\u202c",
    ]
)
def test_withdrawing_destroys_everything_but_an_empty_row(contact: str, client: Client, sent: str) -> None:
    row = ConsultationRequest.objects.get()
    done = withdraw(client, sent, contact)
    assert "Your request is withdrawn" in done.content.decode()
    assert f"kept encrypted for up to {settings.BACKUP_DAYS} days" in done.content.decode()
    row.refresh_from_db()
    assert (row.status, bytes(row.sealed), row.key_id) == ("withdrawn", b"", "")
    assert row.content_mac == row.email_mac == row.phone_mac == ""
    assert row.flag == Flag.NONE
    for model in (SealedNote, SealedAmendment, BlindIndexEntry):
        assert not model.objects.exists()
    assert not OutboxMessage.objects.filter(key__contains="patient").exists()
    assert row.closed_at


def test_staff_are_told_of_a_withdrawal_and_the_worker_records_it(client: Client, sent: str) -> None:
    withdraw(client, sent, "ana@example.org")
    assert not AuditEvent.objects.filter(verb="request_withdrawn").exists()
    assert ingest.ingest_new() == 1
    assert AuditEvent.objects.get(verb="request_withdrawn").actor == "system"
    assert "please do not call" in OutboxMessage.objects.get(key__contains="withdrawn").body
    desk = cast.logged_in(cast.staff("carl", "intake"))
    row = ConsultationRequest.objects.get()
    shown = desk.get(f"/admin/education/consultationrequest/{row.pk}/change/").content.decode()
    assert "please do not call about it" in shown
    assert "Ana" not in shown


def test_the_same_form_with_another_address_can_not_withdraw_what_was_sent_first(client: Client) -> None:
    page = check(client, WHOLE)
    address = press(client, Page(page).values()).headers["Location"]
    taken_over = {"email": "mallory@example.org", "phone": "+1 555 666 7777"}
    assert press(client, Page(page).values() | taken_over).headers["Location"] == address
    for contact in taken_over.values():
        assert "Try the other one" in withdraw(client, address, contact).content.decode()
    assert "Your request is withdrawn" in withdraw(client, address, WHOLE["email"]).content.decode()


@of_each(["bea@example.org", "5559999", "0101234", "212 010 1234", "ana", "Ana Ruiz"])
def test_withdrawing_needs_the_address_or_number_of_the_request(contact: str, client: Client, sent: str) -> None:
    refused = withdraw(client, sent, contact)
    assert "is not an e-mail address or telephone number" in body(refused)
    assert "<title>Error:" in refused.content.decode()
    assert contact in refused.content.decode()
    assert ConsultationRequest.objects.get().status == "new"


@pytest.mark.parametrize("contact", ["ana@example.org", "+1 555 010 1234", "0101234"])
def test_a_receipt_from_an_earlier_version_still_withdraws(client: Client, sent: str, contact: str) -> None:
    """Those compared the last seven digits, and addresses letter by letter."""
    token = sent.rstrip("/").rpartition("/")[2]
    before = {"email_mac": "email:ana@example.org", "phone_mac": "line:0101234"}
    macs = {column: tokens.contact_mac(token, term) for column, term in before.items()}
    ConsultationRequest.objects.update(**macs)
    assert "Your request is withdrawn" in withdraw(client, sent, contact).content.decode()


@pytest.mark.parametrize("contact", ["01632 960000", "+44 1632 960001"])
def test_each_of_several_numbers_withdraws(client: Client, contact: str) -> None:
    ClinicProfile.objects.update(country="GB")
    typed = SHORTEST | {"phone": "01632 960000 / 960001", "email": "", "contact_by": "phone"}
    where = send(client, typed).headers["Location"]
    assert "Your request is withdrawn" in withdraw(client, where, contact).content.decode()


def test_guessing_is_stopped_after_ten_attempts(client: Client, sent: str) -> None:
    statuses = [withdraw(client, sent, f"555{number:04}").status_code for number in range(11)]
    assert statuses == [200] * 10 + [429]
    assert withdraw(client, sent, "ana@example.org").status_code == 429


def test_withdrawing_twice_and_looking_again_ends_on_the_same_page(client: Client, sent: str) -> None:
    first, second = (withdraw(client, sent, "ana@example.org") for _ in range(2))
    for page in (first, second, client.get(sent)):
        assert page.status_code == 200
        assert "Your request is withdrawn" in page.content.decode()
    assert "is withdrawn" in client.post(f"{sent}add/", {"add-text": "More"}, follow=True).content.decode()
    assert not SealedAmendment.objects.exists()


def test_what_was_withdrawn_can_be_sent_anew_from_the_same_form(client: Client) -> None:
    """As with Back, or in a second tab: what is typed there is a new request."""
    page = Page(check(client, SHORTEST | {"main_reason": "My joints hurt"})).values()
    first = press(client, page).headers["Location"]
    withdraw(client, first, "ana@example.org")
    asked = press(client, page)
    assert "You withdrew what was sent with this form" in body(asked)
    assert "My joints hurt" in body(asked)
    again = press(client, Page(asked).values())
    assert again.headers["Location"] not in ("", first)
    assert open_row(asking.sent_row(again)).answers["main_reason"] == "My joints hurt"
    assert "Your request is withdrawn" in body(client.get(first))
    assert ConsultationRequest.objects.count() == 2


def test_words_added_with_two_taps_are_added_once(client: Client, sent: str) -> None:
    page = Page(client.get(sent)).values() | {"add-text": "I also take iron"}
    first, second = (client.post(f"{sent}add/", page) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert SealedAmendment.objects.count() == 1
    assert AnsweredForm.objects.get().answer == "", "the receipt's address is in no row"
    client.post(f"{sent}add/", Page(client.get(sent)).values() | {"add-text": "I also take iron"})
    assert SealedAmendment.objects.count() == 2, "from a page opened later it is meant"


@pytest.mark.parametrize(("year", "told"), [("2020", True), ("1979", False), ("", False)])
def test_only_for_somebody_under_18_the_receipt_says_that_a_parent_takes_part(
    client: Client, year: str, told: bool
) -> None:
    born = {"date_of_birth_year": year} if year else dict.fromkeys(BIRTH, "")
    receipt = send(client, WHOLE | born).headers["Location"]
    assert ("parent or guardian" in client.get(receipt).content.decode()) == told
    row = ConsultationRequest.objects.get()
    assert len(row.age_mac) == 64, "the column is filled for everybody, and tells nobody without the receipt"


def test_the_reference_is_shown_in_two_groups_as_it_is_read_out(client: Client, sent: str) -> None:
    reference = ConsultationRequest.objects.get().reference
    assert f"{reference[:4]} {reference[4:]}</p>" in client.get(sent).content.decode()
    assert {f"{reference[:4]} {reference[4:]}"} <= {word for one in bodies_of_mails() for word in pairs_in(one)}


def bodies_of_mails() -> list[str]:
    deliver_due()
    return [one.body for one in mail.outbox]


def pairs_in(text: str) -> list[str]:
    """Each two words of it that follow each other."""
    words = re.findall(r"\w+", text)
    return [f"{first} {second}" for first, second in pairwise(words)]


def test_the_receipt_says_the_day_on_which_they_are_really_deleted(client: Client, sent: str) -> None:
    """What was taken for spam goes sooner than what the patient was told when it came."""
    ConsultationRequest.objects.update(status="spam", closed_at=timezone.now())
    row = ConsultationRequest.objects.get()
    assert row.kept_until < row.delete_after
    assert f"{date_format(row.kept_until, 'DATE_FORMAT')}. Then we delete" in client.get(sent).content.decode()


def test_added_text_is_sealed_and_only_staff_read_it(client: Client, sent: str) -> None:
    done = client.post(f"{sent}add/", {"add-text": "I forgot:\nI also take iron"}, follow=True)
    words = done.content.decode()
    assert "We have added your words." in words
    assert "iron" not in words + str(done.redirect_chain)
    row = ConsultationRequest.objects.get()
    assert b"iron" not in bytes(row.amendments.get().sealed)
    assert open_row(row).amendments[0].added == "I forgot:\nI also take iron"
    assert open_row(row).answers["full_name"] == "Ana Ruiz"
    assert ingest.ingest_new() == 1
    desk = cast.logged_in(cast.staff("carl", "intake"))
    assert "I also take iron" in desk.get(f"/admin/education/consultationrequest/{row.pk}/change/").content.decode()


def test_adding_to_a_finished_request_reopens_it(client: Client, sent: str) -> None:
    row = ConsultationRequest.objects.get()
    triage.close(row, reason="answered", by=cast.staff("carl", "intake"))
    client.post(f"{sent}add/", {"add-text": "It got worse"})
    ingest.ingest_new()
    row.refresh_from_db()
    assert row.status == "new"


def test_an_empty_text_is_refused_and_too_long_a_one_stays_on_the_page(client: Client, sent: str) -> None:
    assert (
        "Write what you would like to add."
        in client.post(f"{sent}add/", {"add-text": " "}, follow=True).content.decode()
    )
    long = "x" * 5001
    refused = client.post(f"{sent}add/", {"add-text": long}, follow=True).content.decode()
    assert long in refused
    assert "Shorten it to 5,000" in refused


def test_sending_the_form_again_after_adding_something_is_still_an_amendment(client: Client) -> None:
    row = asking.request()
    token = asking.actions.Sender("one").token
    client.post(f"/my-request/{token}/add/", {"add-text": "More"})
    asking.request()
    assert row.amendments.count() == 1
    asking.request(main_reason="Other")
    opened = open_row(row)
    assert [bool(change.added) for change in opened.amendments] == [True, False]
    assert opened.answers["main_reason"] == "Other"


def test_the_link_goes_by_mail_only_to_those_who_ticked_the_box(client: Client, settings: Any) -> None:
    addresses = [send(client, WHOLE | ticked).headers["Location"] for ticked in ({}, {"mail_link": "on"})]
    ingest.ingest_new()
    assert not [row for row in OutboxMessage.objects.all() if "my-request" in row.body]
    deliver_due()
    to_patient = [message.body for message in mail.outbox if message.to == ["ana@example.org"]]
    to_patient.sort(key=lambda body: body.count("/my-request/"))  # several are under way at once
    assert [body.count("/my-request/") for body in to_patient] == [0, 1]
    assert addresses[1] in to_patient[1]
    assert "Lupus" not in to_patient[1]


@pytest.mark.django_db
def test_mailing_the_link_needs_an_address() -> None:
    refused = asking.form(email="", phone="5550100", mail_link="on")
    assert "Enter an e-mail address as well" in str(refused.errors["mail_link"])


def test_the_measured_wait_is_shown_once_enough_people_were_reached(client: Client, sent: str) -> None:
    assert "heard from us within" not in client.get(sent).content.decode()
    now = timezone.now()
    for number in range(MIN_WAITS):
        row = asking.request(f"n{number}")
        ConsultationRequest.objects.filter(pk=row.pk).update(received_at=now - timedelta(days=7), contacted_at=now)
    assert (
        "Half of the people who asked recently heard from us within 5 working days."
        in client.get(sent).content.decode()
    )


@of_each(["suspect", "spam", "retry", "clinician", "booked", "closed"])
def test_the_receipt_has_kind_words_for_every_status(status: str, client: Client, sent: str) -> None:
    closed = timezone.now() if status in ("spam", "booked", "closed") else None
    ConsultationRequest.objects.update(status=status, closed_at=closed)
    words = client.get(sent).content.decode()
    assert "spam" not in words.lower()
    assert "Where it stands" in words


def test_the_receipt_never_shows_an_answer(client: Client, sent: str) -> None:
    words = client.get(sent).content.decode()
    typed = [value for value in WHOLE.values() if len(value) > len("someone")]  # shorter ones are choices
    assert len(typed) > 8
    for value in typed:
        assert value not in words
