"""Putting mail into the outbox and delivering it, at least once."""

import hashlib
import logging
import random
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import timezone

from education.core import sealing
from education.outbox.models import OutboxMessage

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
MOST_ATTEMPTS = 12
SECRET = "{the link}"  # noqa: S105  where the sealed part of a mail goes when it is sent


def post(*, key: str, to: str, subject: str, body: str, secret: str = "") -> OutboxMessage:
    """Put one mail into the outbox, inside the caller's transaction. The same `key` again changes nothing.

    `secret` is sealed with the recipient and takes the place of SECRET in the body when the mail is sent.
    """
    message, _ = OutboxMessage.objects.get_or_create(
        key=key,
        defaults={
            "recipient": sealing.seal({"to": to, "secret": secret}, bound_to=key),
            "subject": subject,
            "body": body,
            "not_before": timezone.now(),
        },
    )
    return message


def deliver_due(*, now: datetime | None = None) -> int:
    """Try every mail that is due; the number delivered. A failing server only delays: it never raises."""
    now = now or timezone.now()
    delivered = 0
    for message in OutboxMessage.objects.due(now)[:100]:
        if _lease(message, now):
            delivered += _deliver(message, now)
    return delivered


def _lease(message: OutboxMessage, now: datetime) -> bool:
    """Claim the message for this worker: only one of several gets it."""
    mine = OutboxMessage.objects.due(now).filter(pk=message.pk)
    return mine.update(not_before=now + LEASE, attempts=F("attempts") + 1) == 1


def _deliver(message: OutboxMessage, now: datetime) -> bool:
    attempts = message.attempts + 1
    try:
        opened = sealing.open_sealed(bytes(message.recipient), bound_to=message.key)
        body = message.body.replace(SECRET, opened.get("secret", ""))
        headers = {"Message-ID": _message_id(message)}
        EmailMessage(message.subject, body, settings.MAIL_FROM, [opened["to"]], headers=headers).send()
    except Exception as error:  # the mail stays in the outbox whatever went wrong
        log.warning("mail %s: attempt %d failed (%s)", message.pk, attempts, type(error).__name__)
        _postpone(message, now, attempts, type(error).__name__)
        return False
    OutboxMessage.objects.filter(pk=message.pk).update(state=OutboxMessage.SENT, sent_at=now, last_error="")
    return True


def _postpone(message: OutboxMessage, now: datetime, attempts: int, error: str) -> None:
    wait = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT) * random.uniform(0.8, 1.2)  # noqa: S311  spreads retries
    state = OutboxMessage.FAILED if attempts >= MOST_ATTEMPTS else OutboxMessage.WAITING
    OutboxMessage.objects.filter(pk=message.pk).update(state=state, not_before=now + wait, last_error=error)


def _message_id(message: OutboxMessage) -> str:
    """The same for every attempt, so that a mail delivered twice is shown once."""
    digest = hashlib.sha256(message.key.encode()).hexdigest()[:32]
    return f"<{digest}@{urlsplit(settings.SITE_URL).hostname}>"
