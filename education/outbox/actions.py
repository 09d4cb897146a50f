"""Putting mail into the outbox and delivering it, at least once."""

import hashlib
import logging
import random
import re
import smtplib
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Count, F, Min
from django.utils import timezone

from education.audit.actions import record
from education.core import sealing
from education.outbox.models import OutboxMessage

log = logging.getLogger(__name__)
AT_ONCE = 4  # mails under way; few enough for any mail server
LEASE = timedelta(minutes=5)
FIRST_WAIT = timedelta(seconds=30)
MAX_WAIT = timedelta(hours=6)
MAX_ATTEMPTS = 12
PERMANENT = 500
ABOUT_RECIPIENT = re.compile(r"\s*5\.(1\.[1236]|2\.[123])\b")
OUR_FAULT = re.compile(r"^\s*5\.(7\.\d|1\.[78])|relay", re.IGNORECASE)
SECRET_PLACEHOLDER = "{the link}"  # noqa: S105  in the body; replaced by the sealed secret when the mail is sent


def post(*, key: str, to: str, subject: str, body: str, secret: str = "") -> None:
    """Put one mail into the outbox, inside the caller's transaction. A second call with the same `key` does nothing.

    `secret` is sealed together with the recipient and replaces SECRET_PLACEHOLDER in the body when the mail is sent.
    """
    recipient = sealing.seal({"to": to, "secret": secret}, bound_to=key)
    message = OutboxMessage(key=key, recipient=recipient, subject=subject, body=body, not_before=timezone.now())
    # Only a mail with the same key is passed over. `ignore_conflicts` would on SQLite lose any that can't be stored.
    OutboxMessage.objects.bulk_create([message], update_conflicts=True, unique_fields=["key"], update_fields=["key"])


def deliver_due(*, now: datetime | None = None) -> int:
    """Try to send every mail that is due; the number delivered. Never raises: after an error the mail is retried.

    Several are under way at once, so that a server which takes one and hangs does not keep the others waiting. Each has
    a lease of its own, taken when it is its turn. The threads that send know nothing of the database.
    """
    delivered = 0
    sending: dict[Future[None], OutboxMessage] = {}
    with ThreadPoolExecutor(AT_ONCE, "mail") as pool:
        for message in OutboxMessage.objects.due(now or timezone.now())[:100]:
            if _lease(message, now or timezone.now()):
                sending[pool.submit(_send, message)] = message
            if len(sending) >= AT_ONCE:
                delivered += _note_outcomes(sending, now)
        while sending:
            delivered += _note_outcomes(sending, now)
    return delivered


def _note_outcomes(sending: dict[Future[None], OutboxMessage], now: datetime | None) -> int:
    """Wait for the next that is done, and note what became of it. Returns how many were delivered."""
    done, _ = wait(sending, return_when=FIRST_COMPLETED)
    return sum(_note_outcome(sending.pop(future), future, now or timezone.now()) for future in done)


def _note_outcome(message: OutboxMessage, future: "Future[None]", now: datetime) -> bool:
    try:
        future.result()
    except Exception as error:  # whatever went wrong, the mail stays in the outbox
        _not_delivered(message, now, message.attempts + 1, error)
        return False
    OutboxMessage.objects.filter(pk=message.pk).update(state=OutboxMessage.SENT, sent_at=now, last_error="")
    return True


def backlog() -> tuple[int, timedelta]:
    """How many mails wait, and for how long the oldest has."""
    waiting = OutboxMessage.objects.filter(state=OutboxMessage.WAITING)
    found = waiting.aggregate(count=Count("pk"), since=Min("created_at"))
    return found["count"], timezone.now() - found["since"] if found["since"] else timedelta()


def send_now(*, to: Sequence[str], subject: str, body: str) -> None:
    """Send an alarm past the outbox, which may be what it is about. Raises what the mail server or the network does."""
    EmailMessage(subject, body, settings.MAIL_FROM, list(to), headers={"Auto-Submitted": "auto-generated"}).send()


def retry_failed(*, by: AbstractBaseUser) -> int:
    """Try mails again that were given up, from the first attempt on. Returns how many."""
    with transaction.atomic():
        count = OutboxMessage.objects.failed().update(
            state=OutboxMessage.WAITING, attempts=0, not_before=timezone.now(), last_error=""
        )
        if count:
            record("mail_retried", by=by, detail={"count": count})
    return count


def _lease(message: OutboxMessage, now: datetime) -> bool:
    """Claim the message for this worker: if there are several, only one of them gets it."""
    unclaimed = OutboxMessage.objects.due(now).filter(pk=message.pk)
    return unclaimed.update(not_before=now + LEASE, attempts=F("attempts") + 1) == 1


def _send(message: OutboxMessage) -> None:
    opened = sealing.open_sealed(bytes(message.recipient), bound_to=message.key)
    body = message.body.replace(SECRET_PLACEHOLDER, opened.get("secret", ""))
    headers = {"Message-ID": _message_id(message), "Auto-Submitted": "auto-generated"}
    EmailMessage(message.subject, body, settings.MAIL_FROM, [opened["to"]], headers=headers).send()


def _not_delivered(message: OutboxMessage, now: datetime, attempts: int, error: Exception) -> None:
    if code := refusal_code(error):
        log.warning("mail %s: its recipient was refused for good (%d)", message.pk, code)
        OutboxMessage.objects.filter(pk=message.pk).update(state=OutboxMessage.REFUSED, last_error=str(code))
    else:
        log.warning("mail %s: attempt %d failed (%s)", message.pk, attempts, type(error).__name__)
        _postpone(message, now, attempts, type(error).__name__)


def refusal_code(error: Exception) -> int:
    """The SMTP code with which this recipient was refused for good; 0 for whatever may pass or is our own fault.

    Codes from 500 are permanent (RFC 5321). Enhanced codes (RFC 3463) tell what they are about: 5.7.x is the server's
    policy, such as “relaying denied”, 5.1.7 and 5.1.8 are about the sender. Of a mail that is refused after its words
    were sent, only some speak of the recipient.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = list(error.recipients.values())
    elif isinstance(error, smtplib.SMTPDataError) and ABOUT_RECIPIENT.match(_said(error.smtp_error)):
        answers = [(error.smtp_code, b"")]  # it was looked at already
    else:
        return 0
    codes = [code for code, words in answers if code >= PERMANENT and not OUR_FAULT.search(_said(words))]
    return codes[0] if codes and len(codes) == len(answers) else 0


def _said(words: bytes | str) -> str:
    return words.decode("ascii", "replace") if isinstance(words, bytes) else words


def _postpone(message: OutboxMessage, now: datetime, attempts: int, error: str) -> None:
    wait = min(FIRST_WAIT * 2 ** (attempts - 1), MAX_WAIT) * random.uniform(0.8, 1.2)  # noqa: S311  jitter
    state = OutboxMessage.FAILED if attempts >= MAX_ATTEMPTS else OutboxMessage.WAITING
    OutboxMessage.objects.filter(pk=message.pk).update(state=state, not_before=now + wait, last_error=error)


def _message_id(message: OutboxMessage) -> str:
    """The same for every attempt, so that mail programs show a mail once even if it was delivered twice."""
    digest = hashlib.sha256(message.key.encode()).hexdigest()[:32]
    return f"<{digest}@{urlsplit(settings.SITE_URL).hostname}>"
