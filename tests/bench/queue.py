"""The queue and the search, timed inside one process. The first rows are real requests, the others bulk copies."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median

from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from education.accounts.models import User
from education.consultations import search_terms
from education.consultations.models import ConsultationRequest
from education.consultations.triage import actions as triage
from education.consultations.upkeep import ingest
from education.core import sealing
from tests import cast
from tests.consultations import asking

QUEUE = "/admin/education/consultationrequest/"
TIMES = 15
# Bulk rows in SQL: a million model instances would take half an hour. Times are around now, all patients called Ana.
REQUESTS = """
INSERT INTO education_consultationrequest (
  id, reference, receipt_hash, content_mac, email_mac, phone_mac, age_mac, sealed, key_id, status, flag,
  received_at, due_at, ingested_at, changed_at, delete_after, contact_from, indexed_as
)
WITH RECURSIVE n(i) AS (SELECT %s + 1 UNION ALL SELECT i + 1 FROM n LIMIT %s)
SELECT i, printf('%%08d', i), lower(hex(randomblob(32))), '', '', '', '', %s, %s, 'new', i %% 3,
  datetime('now', (i %% 900000 - 600000) || ' seconds'), datetime('now', (i %% 900000 - 400000) || ' seconds'),
  datetime('now'), datetime('now'), date('now', '+180 days'), 0, %s
FROM n
"""
TERMS = """
INSERT INTO education_blindindexentry (request_id, digest)
SELECT id, {digest} FROM education_consultationrequest WHERE id > %s
"""


def bench(count: int) -> None:
    user = User.objects.filter(username="bench").first() or cast.staff("bench", "intake")
    if not ConsultationRequest.objects.exists():
        cast.clinic()
    fill(count)
    client = cast.logged_in(user)
    page = _timed(lambda: _page(client))
    search = _timed(lambda: list(triage.search("wanted@example.org")[:50]))
    print(json.dumps({"page": page, "search": search}), flush=True)


def furnish(count: int) -> None:
    """For backups: so many requests, each as large as a real one."""
    cast.clinic()
    first = asking.request("first", **asking.WHOLE)
    fill(count, bytes(first.sealed))
    for number in range(5):  # a backup is checked by opening the last ones
        asking.request(f"last-{number}", **asking.WHOLE)


def _page(client: Client) -> None:
    assert client.get(QUEUE, headers={"host": "127.0.0.1"}).status_code == 200


def _timed(action: Callable[[], object]) -> float:
    action()
    times = []
    for _ in range(TIMES):
        started = time.perf_counter()
        action()
        times.append((time.perf_counter() - started) * 1000)
    return median(times)


def fill(count: int, sealed: bytes = b"x") -> None:
    """Add bulk rows, all with the same envelope, behind fifty real requests, which come first in the queue and are
    decrypted for its page.
    """
    if not ConsultationRequest.objects.exists():
        for number in range(50):
            asking.request(f"bench-{number}", **asking.WHOLE)
        asking.request("wanted", email="wanted@example.org")
        ingest.ingest_new()
    first = timezone.now() - timedelta(days=400)
    ConsultationRequest.objects.filter(pk__lte=51).update(due_at=first)
    last = ConsultationRequest.objects.order_by("-pk")[0].pk
    ana = search_terms.digests("name:ana")[0]
    with connection.cursor() as cursor:
        # 1 GB: with less, random keys would make SQLite write the same pages again and again.
        cursor.execute("PRAGMA cache_size = -1000000")
    with transaction.atomic(), connection.cursor() as cursor:
        rules = search_terms.rules_in("US")
        cursor.execute(REQUESTS, [last, count - last, sealed, sealing.current_key_id(), rules])
        cursor.execute(TERMS.format(digest="%s"), [ana, last])
        cursor.execute(TERMS.format(digest="randomblob(16)"), [last])
    connection.close()  # so that what is timed has the usual cache
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
