"""Writing to the audit trail, and verifying that it is complete and unchanged."""

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from education.audit.models import AuditEvent
from education.core import sealing

log = logging.getLogger(__name__)
GENESIS = "0" * 64
STAFF_ADDRESSES = ("/admin/", "/accounts/")


def signed_in(request: HttpRequest) -> AbstractBaseUser:
    """Whoever sent this request, to be given as `by`. Packages above `education.accounts` take its `staff` instead.

    Raises PermissionDenied for somebody who is not logged in.
    """
    if not isinstance(request.user, AbstractBaseUser):
        raise PermissionDenied
    return request.user


def _digest(event: AuditEvent, *, is_first: bool = False) -> str:
    row = [event.at.isoformat(), event.actor, event.verb, event.about, event.detail, event.previous]
    return sealing.chain_digest(json.dumps(row, sort_keys=True, ensure_ascii=False), is_first=is_first)


def record(
    verb: str,
    *,
    by: AbstractBaseUser | None,
    about: str = "",
    detail: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> AuditEvent:
    """Append one event. `about` and `detail` must hold no personal data. Joins the caller's transaction."""
    return record_each(verb, by=by, what=[(about, detail or {})], at=at)[0]


def record_each(
    verb: str, *, by: AbstractBaseUser | None, what: Iterable[tuple[str, dict[str, Any]]], at: datetime | None = None
) -> list[AuditEvent]:
    """Append an event for each thing that something was done to: what it is about, with its detail."""
    moment = (at or timezone.now()).astimezone(UTC)  # as it will be read back, or the digest would not match
    actor = by.get_username() if by else "system"
    events = [AuditEvent(at=moment, actor=actor, verb=verb, about=about, detail=detail) for about, detail in what]
    with transaction.atomic():
        lock_trail()
        last = next(iter(AuditEvent.objects.order_by("-id").values_list("digest", flat=True)[:1]), None)
        for event in events:
            event.previous = last or GENESIS
            event.digest = last = _digest(event, is_first=last is None)
        return AuditEvent.objects.bulk_create(events)


def record_refusal(request: HttpRequest, *, why: str = "no permission") -> None:
    """Append that somebody who is logged in was refused an address: who, which and when, nothing of what was sent.

    Not for visitors: on public pages their session is not looked at, and they could fill the trail.
    """
    if not request.path_info.startswith(STAFF_ADDRESSES) or not request.user.is_authenticated:
        return
    about = request.path_info[: AuditEvent._meta.get_field("about").max_length]
    try:
        record("refused", by=request.user, about=about, detail={"method": request.method or "", "why": why})
    except (DatabaseError, sealing.SealError, OSError) as error:  # it stays refused
        log.error("a refusal could not be recorded (%s)", type(error).__name__)


def lock_trail() -> None:
    """Let nobody else write to the trail until this transaction ends: two writers would chain to the same row. On
    SQLite the write lock already sees to that.

    Every transaction takes its locks in one order, because two in different orders could wait for each other: first all
    rows that the verb is about; then the trail; then whatever shows or finds pages (citations, credits, the search
    index, versions of pages and the count of their changes). A verb that writes to any of the last calls this first.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {AuditEvent._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


@dataclass(frozen=True)
class Verdict:
    """The result of verifying the trail."""

    count: int  # of events before the first broken one
    head: str  # digest of the last of them
    broken: AuditEvent | None = None  # the first event whose digest does not match
    missing_head: str = ""  # the known head, if it is nowhere in the chain

    @property
    def is_intact(self) -> bool:
        return self.broken is None and not self.missing_head


def verify(*, known_head: str = "") -> Verdict:
    """Verify the whole chain.

    `known_head` is a head that was mailed or backed up earlier. If it is not in the chain, the end was cut off.
    """
    previous, count, seen = GENESIS, 0, not known_head
    for event in AuditEvent.objects.order_by("id").iterator():
        if event.previous != previous or event.digest != _digest(event):
            return Verdict(count, previous, broken=event)
        previous, count = event.digest, count + 1
        seen = seen or previous == known_head
    return Verdict(count, previous, missing_head="" if seen else known_head)
