"""Whoever has a copy of the form can send it again: the contact that came first counts until staff confirm another."""

import csv
import re
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from education.accounts.models import User
from education.audit.models import AuditEvent
from education.consultations.disclosure import actions as disclosure
from education.consultations.models import ConsultationRequest, ReplyTemplate
from education.consultations.public import actions as patient
from education.consultations.public import tokens
from education.consultations.triage import actions as triage
from education.consultations.triage import chart
from education.consultations.triage.duplicates import same_person
from education.consultations.triage.record import open_for, open_row
from education.consultations.upkeep import ingest
from education.core.workflow import IllegalMove
from education.outbox.models import OutboxMessage
from tests import cast
from tests.consultations import asking
from tests.consultations.asking import QUEUE, Page, address

pytestmark = pytest.mark.usefixtures("clinic")
FIRST = {"full_name": "Ana Ruiz", "email": "ana@example.org", "phone": "+1 555 010 1234", "mail_link": "on"}
LATER = {"full_name": "Mallory Wood", "email": "mallory@example.org", "phone": "+1 555 666 7777", "mail_link": "on"}
NOT_CONFIRMED = "Added later, not confirmed"


def words(response: Any) -> str:
    assert response.status_code == 200
    return re.sub("</?bdi>", "", response.content.decode())


def sent_again() -> ConsultationRequest:
    """Sent twice from the same form, the second time with another contact and another answer; then ingested."""
    asking.request(**FIRST, main_reason="Pain")
    row = asking.request(**LATER, main_reason="Worse pain")
    ingest.ingest_new()
    row.refresh_from_db()
    return row


def withdrawn_with(contact: str) -> bool:
    try:
        return patient.withdraw(tokens.receipt_token("one"), contact=contact)
    except patient.NotTheSender:
        return False


def test_staff_see_and_call_the_first_contact_and_the_later_one_beside_it(desk: Client) -> None:
    row = sent_again()
    queue = words(desk.get(QUEUE))
    assert "Ana Ruiz" in queue
    assert "Mallory" not in queue
    assert "another contact, not confirmed" in queue
    for shown in (words(desk.get(address(row))), words(desk.post(address(row, "print")))):
        page = Page(type("Shown", (), {"content": shown.encode()}))
        assert page.all("a", href="tel:+15550101234")
        assert page.all("a", href="mailto:ana@example.org")
        assert not page.all("a", href="mailto:mallory@example.org")
        call, _, beside = shown.partition(NOT_CONFIRMED)
        assert "Mallory Wood" not in call
        assert "mallory@example.org" in beside
        assert "Worse pain" in beside, "other answers count at once"
    copied = words(desk.post(address(row, "copy")))
    contact, _, later = copied.partition("CONTACT ADDED LATER, NOT CONFIRMED")
    assert "Mallory" not in contact
    assert "Mallory Wood" in later.partition("ADDED 20")[0]
    assert chart.UNCONFIRMED in later


def test_no_mail_goes_to_a_contact_that_nobody_confirmed(desk: Client, ines: User) -> None:
    row = sent_again()
    desk.post(address(row, "reply"), {"template": str(ReplyTemplate.objects.all()[0].pk)})
    assert OutboxMessage.objects.filter(key__contains="/patient/").count() == 2
    assert set(asking.recipients()) == {"ana@example.org", "desk@clinic.test"}


def test_a_file_of_requests_holds_the_contact_that_counts(ines: User) -> None:
    row = sent_again()
    cast.roles.assign(ines, "manager", "intake", by=None)
    today = timezone.localdate()

    def exported() -> dict[str, str]:
        rows = chart.as_rows(disclosure.export(today, today, reason="audit", by=User.objects.get(pk=ines.pk)))
        file = StringIO()
        csv.writer(file).writerows(rows)
        file.seek(0)
        return next(csv.DictReader(file))

    assert exported()["E-mail address"] == FIRST["email"]
    triage.confirm_contact(row, number=1, by=ines)
    assert exported()["E-mail address"] == LATER["email"]


def test_staff_confirm_the_later_contact_and_it_counts_for_calls_mails_and_withdrawing(
    desk: Client, ines: User
) -> None:
    row = sent_again()
    assert not withdrawn_with(LATER["email"])
    (button,) = Page(desk.get(address(row))).all("button", name="amendment")
    shown = words(desk.post(address(row, "confirm_contact"), {"amendment": button["value"]}, follow=True))
    assert "the changed contact counts from now on" in shown
    assert "Changed contact confirmed" in shown
    assert NOT_CONFIRMED not in shown
    assert Page(desk.get(address(row))).all("a", href="mailto:mallory@example.org")
    event = AuditEvent.objects.get(verb="request_confirm_contact")
    assert (event.actor, event.about, event.detail) == ("ines", row.about, {"amendment": "1"})
    copied = words(desk.post(address(row, "copy")))
    assert "Mallory" in copied.partition("CONTACT, AS CONFIRMED BY STAFF")[2]
    assert "Ana Ruiz" in copied, "what was sent first is still there"
    assert not withdrawn_with(FIRST["email"])
    assert withdrawn_with(LATER["phone"])


def test_what_staff_confirm_is_what_they_saw(ines: User) -> None:
    row = sent_again()
    asking.request(**FIRST | {"phone": "555 999 0000"})
    for number in (0, 1, 3):
        with pytest.raises(IllegalMove):
            triage.confirm_contact(row, number=number, by=ines)
    row.refresh_from_db()
    assert row.contact_from == 0
    triage.confirm_contact(row, number=2, by=ines)
    row.refresh_from_db()
    assert open_for(row, by=ines).answer("phone") == "555 999 0000"
    with pytest.raises(IllegalMove):
        triage.confirm_contact(row, number=2, by=ines)


def test_a_contact_that_is_sent_back_to_what_it_was_asks_for_nothing(ines: User) -> None:
    sent_again()
    row = asking.request(**FIRST)
    assert open_for(row, by=ines).unconfirmed == []


def test_who_wants_more_care_gets_it_at_once(ines: User) -> None:
    proxy = {"asking_for": "someone", "proxy_name": "Mira", "proxy_contact": "mine"}
    asking.request(**FIRST, **proxy, proxy_knows="yes", voicemail_ok="on")
    row = asking.request(**FIRST, **proxy, proxy_knows="no")
    opened = open_for(row, by=ines)
    assert opened.answer("voicemail_ok") == ""
    assert opened.answer("proxy_knows") == "no"
    row = asking.request(**FIRST, **proxy, proxy_knows="yes", voicemail_ok="on")
    assert open_for(row, by=ines).answer("voicemail_ok") == "yes", "as it was first"


def test_a_request_is_found_by_both_contacts_and_counts_as_the_first_persons(ines: User) -> None:
    """Else whoever sends a form again with an own address would get its answers with what is kept about themselves."""
    row = sent_again()
    own = asking.ingested("own", **LATER)
    assert set(triage.search("mallory")) == {row, own}
    assert list(triage.search("ana ruiz")) == [row]
    assert list(same_person(own, open_row(own).answers, "US")) == []
    triage.confirm_contact(row, number=1, by=ines)
    assert [one.row for one in same_person(own, open_row(own).answers, "US")] == [row]
