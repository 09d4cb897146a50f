"""Putting mail into the outbox and delivering it, at least once."""

import hashlib
import logging
import random
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from education.audit.actions import record
from education.core import sealing
from education.outbox.models import OutboxMessage

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
FIRST_WAIT = timedelta(seconds=30)
MAX_WAIT = timedelta(hours=6)
MAX_ATTEMPTS = 12
SECRET_PLACEHOLDER = "{the link}"  # noqa: S105  in the body; replaced by the sealed secret when the mail is sent


def post(*, key: str, to: str, subject: str, body: str, secret: str = "") -> OutboxMessage:
    """Put one mail into the outbox, inside the caller's transaction. A second call with the same `key` does nothing.

    `secret` is sealed together with the recipient and replaces SECRET_PLACEHOLDER in the body when the mail is sent.
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
    """Try to send every mail that is due; the number delivered. Never raises: after an error the mail is retried."""
    delivered = 0
    for message in OutboxMessage.objects.due(now or timezone.now())[:100]:
        at = now or timezone.now()  # a slow server takes longer for a few than a lease holds
        if _lease(message, at):
            delivered += _deliver(message, at)
    return delivered


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


def _deliver(message: OutboxMessage, now: datetime) -> bool:
    attempts = message.attempts + 1
    try:
        opened = sealing.open_sealed(bytes(message.recipient), bound_to=message.key)
        body = message.body.replace(SECRET_PLACEHOLDER, opened.get("secret", ""))
        headers = {"Message-ID": _message_id(message)}
        EmailMessage(message.subject, body, settings.MAIL_FROM, [opened["to"]], headers=headers).send()
    except Exception as error:  # whatever went wrong, the mail stays in the outbox
        log.warning("mail %s: attempt %d failed (%s)", message.pk, attempts, type(error).__name__)
        _postpone(message, now, attempts, type(error).__name__)
        return False
    OutboxMessage.objects.filter(pk=message.pk).update(state=OutboxMessage.SENT, sent_at=now, last_error="")
    return True


def _postpone(message: OutboxMessage, now: datetime, attempts: int, error: str) -> None:
    wait = min(FIRST_WAIT * 2 ** (attempts - 1), MAX_WAIT) * random.uniform(0.8, 1.2)  # noqa: S311  jitter
    state = OutboxMessage.FAILED if attempts >= MAX_ATTEMPTS else OutboxMessage.WAITING
    OutboxMessage.objects.filter(pk=message.pk).update(state=state, not_before=now + wait, last_error=error)


def _message_id(message: OutboxMessage) -> str:
    """The same for every attempt, so that mail programs show a mail once even if it was delivered twice."""
    digest = hashlib.sha256(message.key.encode()).hexdigest()[:32]
    return f"<{digest}@{urlsplit(settings.SITE_URL).hostname}>"
