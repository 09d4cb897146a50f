"""Mail is stored until it is delivered, delivered once, and names nobody while it is stored."""

import smtplib
import threading
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from education.audit.models import AuditEvent
from education.core import sealing
from education.outbox import actions
from education.outbox.actions import LEASE, MAX_ATTEMPTS, MAX_WAIT, deliver_due, post
from education.outbox.models import OutboxMessage
from tests import cast
from tests.queries import asked

pytestmark = pytest.mark.django_db


def posted(key: str = "request:ABCD2345:received", **changes: Any) -> OutboxMessage:
    words = {"to": "pat@example.test", "subject": "We have your request", "body": "Thank you."}
    post(key=key, **(words | changes))
    return OutboxMessage.objects.get(key=key)


def later(**delay: float) -> datetime:
    return timezone.now() + timedelta(**delay)


def fails(self: EmailMessage, *args: Any) -> int:
    raise smtplib.SMTPServerDisconnected("no route to pat@example.test")


@pytest.fixture
def dead_server(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(EmailMessage, "send", fails)
    return monkeypatch


def test_mail_that_is_due_is_delivered_and_marked_as_sent(settings: Any) -> None:
    settings.MAIL_FROM = "clinic@example.test"
    posted()
    assert deliver_due() == 1
    (sent,) = mail.outbox
    assert (sent.to, sent.from_email, sent.subject) == (
        ["pat@example.test"],
        "clinic@example.test",
        "We have your request",
    )
    message = OutboxMessage.objects.get()
    assert (message.state, message.attempts) == (OutboxMessage.SENT, 1)
    assert message.sent_at
    assert deliver_due() == 0
    assert len(mail.outbox) == 1
    assert str(message) == "We have your request (sent)"


def test_the_same_cause_sends_one_mail() -> None:
    first = posted()
    assert posted(subject="Other words", to="other@example.test") == first
    deliver_due()
    assert posted() == first
    deliver_due()
    assert [sent.subject for sent in mail.outbox] == ["We have your request"]


@pytest.mark.parametrize("lacking", ["subject", "body"])
def test_a_mail_that_can_not_be_stored_is_an_error(lacking: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        posted(**{lacking: None})


def test_putting_a_mail_into_the_outbox_takes_one_query() -> None:
    posted()
    assert asked(lambda: post(key="other", to="pat@example.test", subject="S", body="B")) == 1


def test_a_mail_is_rolled_back_with_its_cause() -> None:
    with transaction.atomic():
        posted()
        transaction.set_rollback(True)
    assert deliver_due() == 0


def test_no_column_of_the_table_names_the_recipient() -> None:
    posted(to="patricia.canary@example.test")
    deliver_due()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM education_outboxmessage")
        row = b" ".join(value if isinstance(value, bytes) else str(value).encode() for value in cursor.fetchone())
    assert b"We have your request" in row
    for part in (b"patricia", b"canary", b"example.test"):
        assert part not in row.lower()


def test_a_recipient_copied_to_another_mail_can_not_be_opened() -> None:
    one, two = posted("one", to="one@example.test"), posted("two", to="two@example.test")
    OutboxMessage.objects.filter(pk=two.pk).update(recipient=one.recipient)
    assert deliver_due() == 1
    assert OutboxMessage.objects.get(pk=two.pk).last_error == "SealError"


# A mail server that does not answer


def test_a_dead_server_raises_nothing_and_the_mail_waits(dead_server: pytest.MonkeyPatch) -> None:
    posted()
    assert deliver_due() == 0
    message = OutboxMessage.objects.get()
    assert (message.state, message.attempts, message.last_error) == ("waiting", 1, "SMTPServerDisconnected")
    assert message.not_before > timezone.now()
    dead_server.undo()
    assert deliver_due() == 0
    assert deliver_due(now=later(minutes=2)) == 1
    assert OutboxMessage.objects.get().last_error == ""


def test_one_mail_that_fails_does_not_hold_up_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    send = EmailMessage.send
    monkeypatch.setattr(EmailMessage, "send", lambda self: fails(self) if self.subject == "Bad" else send(self))
    posted("one", subject="Bad")
    posted("two", subject="Good")
    assert deliver_due() == 1
    assert [sent.subject for sent in mail.outbox] == ["Good"]


def test_waits_between_attempts_grow_up_to_a_maximum(dead_server: pytest.MonkeyPatch) -> None:
    posted()
    now, waits = timezone.now(), []
    for _ in range(MAX_ATTEMPTS - 1):
        deliver_due(now=now)
        due = OutboxMessage.objects.get().not_before
        waits.append((due - now).total_seconds())
        now = due
    assert 20 < waits[0] < 40
    assert all(later_wait > wait for wait, later_wait in pairwise(waits[:9]))
    assert max(waits) <= MAX_WAIT.total_seconds() * 1.2


def test_after_the_last_attempt_a_mail_is_failed_and_not_tried_again(dead_server: pytest.MonkeyPatch) -> None:
    message = posted()
    for day in range(1, MAX_ATTEMPTS + 3):
        deliver_due(now=later(days=day))
    message.refresh_from_db()
    assert (message.state, message.attempts) == (OutboxMessage.FAILED, MAX_ATTEMPTS)
    assert list(OutboxMessage.objects.failed()) == [message]
    dead_server.undo()
    assert deliver_due(now=later(days=100)) == 0


def test_the_log_contains_neither_recipient_nor_text(
    dead_server: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    message = posted()
    deliver_due()
    assert caplog.messages == [f"mail {message.pk}: attempt 1 failed (SMTPServerDisconnected)"]


def test_a_subject_with_a_line_break_fails_instead_of_adding_a_header() -> None:
    posted(subject="Hello\nBcc: everyone@example.test")
    assert deliver_due() == 0
    assert OutboxMessage.objects.get().last_error in (
        "BadHeaderError",
        "ValueError",
    )  # the names in Django 5 and in Django 6
    assert mail.outbox == []


def test_an_installation_without_the_private_key_loses_no_mail(settings: Any) -> None:
    settings.SEAL_CAN_OPEN = False
    posted()
    assert deliver_due() == 0
    assert OutboxMessage.objects.get().last_error == "KeyMissing"
    settings.SEAL_CAN_OPEN = True
    assert deliver_due(now=later(minutes=2)) == 1


# Two workers, and one that dies


def test_a_second_worker_leaves_alone_mail_that_the_first_is_sending(monkeypatch: pytest.MonkeyPatch) -> None:
    wait, at_the_same_time = actions.wait, []

    def meanwhile(*args: Any, **options: Any) -> Any:
        monkeypatch.setattr(actions, "wait", wait)
        at_the_same_time.append(deliver_due())
        return wait(*args, **options)

    monkeypatch.setattr(actions, "wait", meanwhile)
    posted()
    assert deliver_due() == 1
    assert at_the_same_time == [0]
    assert len(mail.outbox) == 1


def test_two_workers_that_saw_the_same_list_deliver_once(monkeypatch: pytest.MonkeyPatch) -> None:
    take, others = actions._lease, []

    def overtaken(message: OutboxMessage, now: datetime) -> bool:
        monkeypatch.setattr(actions, "_lease", take)
        others.append(deliver_due(now=now))
        return take(message, now)

    monkeypatch.setattr(actions, "_lease", overtaken)
    posted()
    assert deliver_due() == 0
    assert others == [1]
    assert len(mail.outbox) == 1


def test_a_mail_is_sent_again_with_the_same_message_id_after_a_worker_died(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send = EmailMessage.send

    def dies_after(self: EmailMessage) -> int:
        send(self)
        raise KeyboardInterrupt

    posted()
    monkeypatch.setattr(EmailMessage, "send", dies_after)
    with pytest.raises(KeyboardInterrupt):
        deliver_due()
    monkeypatch.setattr(EmailMessage, "send", send)
    assert deliver_due() == 0
    assert deliver_due(now=later(seconds=LEASE.total_seconds() + 1)) == 1
    one, two = (sent.extra_headers["Message-ID"] for sent in mail.outbox)
    assert one == two


def test_message_ids_differ_between_mails_and_reveal_nothing(settings: Any) -> None:
    settings.SITE_URL = "https://clinic.test:8443"
    posted("request:ABCD2345:received")
    posted("request:ABCD2345:staff")
    deliver_due()
    one, two = (sent.extra_headers["Message-ID"] for sent in mail.outbox)
    assert one != two
    assert one.endswith("@clinic.test>")
    assert "ABCD2345" not in one


def test_sealed_recipients_all_have_the_same_length() -> None:
    short, long = posted("one", to="a@b.test"), posted("two", to="a.much.longer.name@a-longer-place.example.test")
    assert len(short.recipient) == len(long.recipient)
    assert sealing.open_sealed(short.recipient, bound_to="one") == {"to": "a@b.test", "secret": ""}


def test_each_mail_has_a_lease_of_its_own_however_long_the_ones_before_it_took(monkeypatch: pytest.MonkeyPatch) -> None:
    take, at = actions._lease, later(minutes=1)
    leases: list[timedelta] = []

    def slow(message: OutboxMessage, now: datetime) -> bool:
        nonlocal at
        taken = take(message, now)
        leases.append(OutboxMessage.objects.get(pk=message.pk).not_before - at)
        at += LEASE  # as if it had waited for one before it
        return taken

    posted("one", subject="One")
    posted("two", subject="Two")
    monkeypatch.setattr(actions.timezone, "now", lambda: at)
    monkeypatch.setattr(actions, "_lease", slow)
    assert deliver_due() == 2
    assert leases == [LEASE, LEASE]


# A mail server that takes a connection and says nothing


def test_one_that_hangs_holds_up_no_other_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    others, send = threading.Semaphore(0), EmailMessage.send

    def hangs(self: EmailMessage) -> int:
        if self.subject == "Bad":
            assert all(others.acquire(timeout=30) for _ in range(6)), "it goes on when the six others are sent"
        sent = send(self)
        others.release()
        return sent

    monkeypatch.setattr(EmailMessage, "send", hangs)
    posted("bad", subject="Bad")
    for number in range(6):
        posted(f"good-{number}", subject=f"Good {number}")
    assert deliver_due() == 7
    assert mail.outbox[-1].subject == "Bad"


# Mail that was given up


def test_mail_that_was_given_up_is_sent_after_a_tap_on_the_desk(dead_server: pytest.MonkeyPatch) -> None:
    cast.clinic()
    posted()
    for day in range(MAX_ATTEMPTS):
        deliver_due(now=later(days=day))
    desk = cast.logged_in(cast.staff("mona", "manager"))
    assert "Try 1 mail again" in desk.get("/admin/").content.decode()
    assert cast.logged_in(cast.ines_at_intake()).post("/admin/desk/retry-mail/").status_code == 403
    dead_server.undo()
    assert "1 mail will be tried again" in desk.post("/admin/desk/retry-mail/", follow=True).content.decode()
    assert deliver_due() == 1
    assert [sent.subject for sent in mail.outbox] == ["We have your request"]
    assert AuditEvent.objects.get(verb="mail_retried").detail == {"count": 1}
    assert "Try 1 mail again" not in desk.get("/admin/").content.decode()
