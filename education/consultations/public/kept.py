"""What was typed and not sent yet waits for its page for an hour, so that every POST may end in a redirect.

It is encrypted with a secret that the database does not hold: the nonce of the form, or the token of the receipt.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from education.consultations.models import KeptAnswers
from education.consultations.public import limits
from education.core import sealing

KEPT_FOR = timedelta(hours=1)
MAX_BYTES = 256_000  # several times what the form accepts, at four bytes a letter
STEPS_PER_REQUEST = 3  # soft limit: so many times as often as one address may send
Document = dict[str, Any]


class NotKept(Exception):
    """The answers were too long, or came too often from one address: the page itself has to carry them."""


def keep(secret: str, document: Document, *, address: str = "") -> None:
    """Keep the answers, in place of any kept with this secret before. Raises NotKept."""
    now = timezone.now()
    locked = sealing.lock(document, secret=secret)
    if len(locked) > MAX_BYTES:
        raise NotKept
    try:
        with transaction.atomic():
            limits.count(address, now, what="kept", limit=STEPS_PER_REQUEST * settings.INTAKE_LIMIT_PER_HOUR)
            KeptAnswers.objects.update_or_create(key=_key(secret), defaults={"locked": locked, "kept_at": now})
    except limits.TooMany:
        raise NotKept from None


def find(secret: str, *, now: datetime | None = None) -> Document | None:
    """What was kept with this secret within the last hour."""
    current = KeptAnswers.objects.filter(kept_at__gt=(now or timezone.now()) - KEPT_FOR)
    row = current.filter(key=_key(secret)).first()
    try:
        return sealing.unlock(bytes(row.locked), secret=secret) if row else None
    except sealing.SealError:
        return None


def replace(secret: str, document: Document) -> None:
    """Replace what is kept with this secret, if anything is. Joins the caller's transaction."""
    KeptAnswers.objects.filter(key=_key(secret)).update(locked=sealing.lock(document, secret=secret))


def forget(secret: str) -> None:
    KeptAnswers.objects.filter(key=_key(secret)).delete()


def delete_old(now: datetime | None = None) -> int:
    return KeptAnswers.objects.filter(kept_at__lte=(now or timezone.now()) - KEPT_FOR).delete()[0]


def _key(secret: str) -> str:
    return hashlib.sha256(f"kept {secret}".encode("utf-8", "replace")).hexdigest()
