"""Writing to the audit trail, and proving it whole."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.utils import timezone

from education.audit.models import AuditEvent

GENESIS = "0" * 64


def _digest(event: AuditEvent) -> str:
    row = [event.at.isoformat(), event.actor, event.verb, event.about, event.detail, event.previous]
    return hashlib.sha256(json.dumps(row, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def record(
    verb: str,
    *,
    by: AbstractBaseUser | None,
    about: str = "",
    detail: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> AuditEvent:
    """Append one event. `about` and `detail` must hold no personal data. Joins the caller's transaction."""
    with transaction.atomic():
        _one_writer()
        last = AuditEvent.objects.order_by("-id").first()
        event = AuditEvent(
            at=(at or timezone.now()).astimezone(UTC),  # as it is read back, or the digest would not hold
            actor=by.get_username() if by else "system",
            verb=verb,
            about=about,
            detail=detail or {},
            previous=last.digest if last else GENESIS,
        )
        event.digest = _digest(event)
        event.save(force_insert=True)
    return event


def _one_writer() -> None:
    """Keep two writers from chaining to the same row. SQLite's write lock does so by itself."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {AuditEvent._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


def first_broken() -> AuditEvent | None:
    """The first event whose digest or link to its predecessor does not hold; None when the chain is whole."""
    previous = GENESIS
    for event in AuditEvent.objects.order_by("id").iterator():
        if event.previous != previous or event.digest != _digest(event):
            return event
        previous = event.digest
    return None
