"""The queue and the search, timed inside one process. Rows are real requests; a million of them share envelopes."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median

from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from education.consultations import index, ingest, tokens, triage
from education.consultations.models import BlindIndexEntry, ConsultationRequest
from education.core import sealing
from education.staff.models import User
from tests import cast
from tests.consultations import asking

QUEUE = "/admin/education/consultationrequest/"
BATCH, TIMES = 10_000, 15


def bench(count: int) -> None:
    user = User.objects.filter(username="bench").first() or cast.staff("bench", "intake")
    if not ConsultationRequest.objects.exists():
        cast.clinic()
    _fill(count)
    client = cast.logged_in(user)
    page = _timed(lambda: _page(client))
    search = _timed(lambda: list(triage.search("wanted@example.org")[:50]))
    print(json.dumps({"page": page, "search": search}), flush=True)


def _page(client: Client) -> None:
    assert client.get(QUEUE, headers={"host": "127.0.0.1"}).status_code == 200


def _timed(action: Callable[[], object]) -> float:
    action()
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        action()
        times.append((time.perf_counter() - began) * 1000)
    return median(times)


def _fill(count: int) -> None:
    """Bulk rows behind fifty whole requests, which are the first in the queue and are opened for its page."""
    if not ConsultationRequest.objects.exists():
        for number in range(50):
            asking.request(f"bench-{number}", **asking.WHOLE)
        asking.request("wanted", email="wanted@example.org")
        ingest.ingest_new()
    key_id, have = sealing.current_key_id(), ConsultationRequest.objects.count()
    first = timezone.now() - timedelta(days=400)
    ConsultationRequest.objects.filter(pk__lte=51).update(due_at=first)
    while have < count:
        size = min(BATCH, count - have)
        with transaction.atomic():
            rows = ConsultationRequest.objects.bulk_create([_row(have + n, key_id) for n in range(size)])
            entries = [BlindIndexEntry(request=row, digest=digest) for row in rows for digest in _digests(row)]
            BlindIndexEntry.objects.bulk_create(entries)
        have += size
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _row(number: int, key_id: str) -> ConsultationRequest:
    due = timezone.now() + timedelta(seconds=number % 900_000 - 400_000)
    return ConsultationRequest(
        reference=f"{number:08d}", receipt_hash=tokens.receipt_hash(f"bench {number}"), content_mac="0" * 64,
        sealed=b"x", key_id=key_id,
        flag=number % 3, received_at=due - timedelta(days=2), due_at=due, ingested_at=due,
        delete_after=due.date() + timedelta(days=180),
    )  # fmt: skip


def _digests(row: ConsultationRequest) -> list[bytes]:
    return index.digests([f"email:{row.reference}@example.org", "name:ana"])
