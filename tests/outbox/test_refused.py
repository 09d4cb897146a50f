"""An address that does not exist is no fault of the mail server, and staff hear of it where they need it."""

import smtplib
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

from education.accounts.models import User
from education.consultations.models import ConsultationRequest
from education.health import inspection
from education.outbox.actions import deliver_due, post, retry_failed
from education.outbox.models import OutboxMessage
from tests import cast
from tests.consultations.asking import QUEUE, address, ingested

pytestmark = pytest.mark.django_db
TO = "pat@example.test"


def refused(code: int, words: bytes) -> smtplib.SMTPException:
    return smtplib.SMTPRecipientsRefused({TO: (code, words)})


def raising(error: Exception) -> Any:
    def send(self: EmailMessage) -> int:
        raise error

    return send


PERMANENT = [
    refused(550, b"5.1.1 No such user here"),
    refused(550, b"No such user"),
    refused(553, b"5.1.3 Bad address syntax"),
    refused(552, b"5.2.2 Mailbox full"),
    smtplib.SMTPDataError(550, b"5.1.1 User unknown"),
]
MAY_PASS = [
    refused(450, b"4.2.1 Greylisted"),
    refused(550, b"5.7.1 Relaying denied"),
    refused(554, b"Relay access denied"),
    refused(550, b"5.1.8 Sender address rejected"),
    smtplib.SMTPDataError(554, b"5.7.1 Message looks like spam"),
    smtplib.SMTPSenderRefused(550, b"5.1.1 Sender unknown", "clinic@example.test"),
    smtplib.SMTPAuthenticationError(535, b"Bad password"),
    smtplib.SMTPServerDisconnected("gone"),
]


@pytest.mark.parametrize("error", PERMANENT, ids=str)
def test_an_address_refused_for_good_is_tried_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    post(key="k", to=TO, subject="S", body="B")
    monkeypatch.setattr(EmailMessage, "send", raising(error))
    assert deliver_due() == 0
    message = OutboxMessage.objects.get()
    assert (message.state, message.attempts) == (OutboxMessage.REFUSED, 1)
    assert message.last_error.isdecimal()
    assert TO not in caplog.text
    assert not OutboxMessage.objects.failed().exists()


@pytest.mark.parametrize("error", MAY_PASS, ids=str)
def test_whatever_else_goes_wrong_is_tried_again(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    post(key="k", to=TO, subject="S", body="B")
    monkeypatch.setattr(EmailMessage, "send", raising(error))
    deliver_due()
    assert OutboxMessage.objects.get().state == OutboxMessage.WAITING


def test_every_mail_says_that_a_program_wrote_it() -> None:
    post(key="k", to=TO, subject="S", body="B")
    deliver_due()
    assert mail.outbox[0].message()["Auto-Submitted"] == "auto-generated"


@pytest.fixture
def unreached(settings: Any, monkeypatch: pytest.MonkeyPatch) -> ConsultationRequest:
    """Somebody who chose e-mail only, whose mailbox does not exist. Staff got their own mail."""
    settings.STAFF_MAIL = ["desk@clinic.test"]
    cast.clinic()
    row = ingested(email="nobody@example.org", contact_by="email")
    send = EmailMessage.send

    def deliver(self: EmailMessage) -> Any:
        if "nobody@example.org" in self.to:
            raise smtplib.SMTPRecipientsRefused({self.to[0]: (550, b"5.1.1 User unknown")})
        return send(self)

    monkeypatch.setattr(EmailMessage, "send", deliver)
    deliver_due()
    return row


def test_the_record_and_the_queue_say_that_mail_did_not_reach_them_until_somebody_knows(
    unreached: ConsultationRequest,
) -> None:
    desk = cast.logged_in(cast.ines_at_intake())
    other = ingested("two", full_name="Bea Stone")
    assert "E-mail did not reach them." in desk.get(address(unreached)).content.decode()
    assert "E-mail did not reach them." not in desk.get(address(other)).content.decode()
    assert desk.get(QUEUE).content.decode().count("e-mail did not reach them") == 1
    desk.post(address(unreached, "dismiss_mail"))
    for path in (address(unreached), QUEUE):
        assert "did not reach" not in desk.get(path).content.decode()
    assert "Noted that e-mail does not reach the patient" in desk.get(address(unreached)).content.decode()


def test_desk_and_doctor_do_not_blame_the_server_for_it(unreached: ConsultationRequest) -> None:
    manager = cast.logged_in(cast.staff("mo", "manager"))
    shown = manager.get("/admin/").content.decode()
    assert "could not be delivered" not in shown
    assert "came back" not in shown
    assert inspection.mail() == ""


@pytest.mark.parametrize(
    ("state", "said"), [(OutboxMessage.FAILED, "could not be delivered"), (OutboxMessage.REFUSED, "came back")]
)
def test_the_desk_tells_of_other_mail_until_it_is_dismissed(settings: Any, state: str, said: str) -> None:
    settings.STAFF_MAIL = ["desk@clinic.test"]
    post(key="account/1/0", to="old@clinic.test", subject="S", body="B")
    OutboxMessage.objects.update(state=state)
    manager = cast.logged_in(cast.staff("mo", "manager"))
    assert said in manager.get("/admin/").content.decode()
    assert said in inspection.mail()
    assert Client().post("/admin/desk/dismiss-mail/").status_code == 302
    assert cast.logged_in(cast.ines_at_intake()).post("/admin/desk/dismiss-mail/").status_code == 403
    assert said in inspection.mail()
    manager.post("/admin/desk/dismiss-mail/")
    assert said not in manager.get("/admin/").content.decode()
    assert inspection.mail() == ""


def test_what_the_desk_dismisses_is_still_said_where_the_patient_is_called(settings: Any) -> None:
    """The mail server was away too long: whoever keeps the site knows, and whoever is at intake still has to call."""
    settings.STAFF_MAIL = ["desk@clinic.test"]
    cast.clinic()
    row = ingested(phone="5550100")
    OutboxMessage.objects.update(state=OutboxMessage.FAILED, last_error="OSError")
    manager, desk = cast.logged_in(cast.staff("mo", "manager")), cast.logged_in(cast.ines_at_intake())
    manager.post("/admin/desk/dismiss-mail/")
    assert "could not be delivered" not in manager.get("/admin/").content.decode()
    assert inspection.mail() == ""
    assert "E-mail did not reach them." in desk.get(address(row)).content.decode()
    assert retry_failed(by=User.objects.get(username="mo")) == 0, "nor is it sent"
    desk.post(address(row, "dismiss_mail"))
    assert "did not reach them" not in desk.get(address(row)).content.decode()
