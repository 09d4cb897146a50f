"""Figures for Prometheus: what the web server answered, counted by each of its processes, and how the site is doing.

They name nobody, and no page: only how many, how long, how old. Off unless METRICS_PORT is set; settings.py then also
tells the client where its processes share what they count.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, connections
from django.db.models import Min
from django.utils import timezone
from prometheus_client import CollectorRegistry, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from education.audit import facts
from education.consultations.models import ConsultationRequest
from education.health import backups, checks, inspection
from education.health.watching import beats
from education.outbox import actions as outbox
from education.outbox.models import OutboxMessage

BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
CHECKS_KEPT_SECONDS = 60
ANSWERS = Histogram(
    "clinic_answer_seconds",
    "Answers by where they came from: store (a kept page), django (for one visitor), render (for the store).",
    ["source", "status"],
    buckets=BUCKETS,
    registry=None,
)


def folder() -> Path | None:
    """The folder in which the processes share what they count; None if somebody else has taken it."""
    found = Path(settings.METRICS_DIR)
    try:
        found.mkdir(mode=0o700, parents=True, exist_ok=True)
        return found if found.lstat().st_uid == os.getuid() else None
    except OSError:
        return None


def note_answer(source: str, status: int, seconds: float) -> None:
    with suppress(OSError, ValueError):  # if the folder is gone, that is no reason to fail a visitor
        ANSWERS.labels(source, f"{status // 100}xx").observe(seconds)


def _age(since: datetime | None) -> float | None:
    return (timezone.now() - since).total_seconds() if since else None


def _oldest(**which: object) -> float | None:
    return _age(ConsultationRequest.objects.filter(**which).aggregate(since=Min("received_at"))["since"])


def _drill() -> float | None:
    fact = facts.known(backups.DRILL)
    return _age(fact.noted_at if fact else None)


def _web() -> float | None:
    """The age of the last sign of life of the host that was silent for longest, in seconds."""
    return max(filter(None, (_age(fact.noted_at) for fact in facts.known_by_prefix(beats.WEB))), default=None)


# Each is left out while there is nothing to say, such as before the first backup.
GAUGES: dict[str, tuple[str, Callable[[], float | None]]] = {
    "clinic_requests_waiting": (
        "Requests that are not finished.",
        lambda: ConsultationRequest.objects.waiting().count(),
    ),
    "clinic_requests_overdue": (
        "Of these, past their time.",
        lambda: ConsultationRequest.objects.waiting().filter(due_at__lt=timezone.now()).count(),
    ),
    "clinic_queue_oldest_seconds": (
        "Age of the oldest request with which nobody has been in contact.",
        lambda: _oldest(closed_at=None, contacted_at=None),
    ),
    "clinic_requests_uningested": (
        "Requests that the worker has not taken in.",
        lambda: ConsultationRequest.objects.to_ingest().count(),
    ),
    "clinic_uningested_oldest_seconds": ("Age of the oldest of these.", lambda: _oldest(ingested_at=None)),
    "clinic_outbox_waiting": ("Mails on the way.", lambda: outbox.backlog()[0]),
    "clinic_outbox_oldest_seconds": ("Age of the oldest of these.", lambda: outbox.backlog()[1].total_seconds()),
    "clinic_outbox_failed": ("Mails that were given up.", lambda: OutboxMessage.objects.failed().count()),
    "clinic_disk_free_bytes": ("For the data folder.", lambda: shutil.disk_usage(settings.DATA_DIR).free),
    "clinic_backup_age_seconds": ("Since the newest backup.", lambda: _age(backups.newest())),
    "clinic_drill_age_seconds": ("Since a backup was last tried by a drill.", _drill),
    "clinic_worker_beat_age_seconds": (
        "Since the worker's last sign.",
        lambda: _age(caches["database"].get(checks.HEARTBEAT)),
    ),
    "clinic_web_beat_age_seconds": ("Since a web server last answered itself.", _web),
}


class Standing(Collector):
    """How the site is doing at the moment of the question; without the database, as far as it can be told."""

    def __init__(self) -> None:
        self.checked_at, self.wrong = -float(CHECKS_KEPT_SECONDS), dict[str, str]()

    def collect(self) -> Iterator[Metric]:
        try:
            yield from self.figures()
        finally:
            connections.close_all()  # each question has a thread of its own

    def figures(self) -> Iterator[Metric]:
        for name, (words, ask) in GAUGES.items():
            try:
                value = ask()
            except (DatabaseError, OSError):
                continue  # clinic_wrong says so
            if value is not None:
                yield GaugeMetricFamily(name, words, value=value)
        yield self._checks()

    def _checks(self) -> Metric:
        if time.monotonic() > self.checked_at + CHECKS_KEPT_SECONDS:
            self.wrong, self.checked_at = inspection.findings(), time.monotonic()
        wrong = GaugeMetricFamily("clinic_wrong", "1 while `doctor` finds something wrong.", labels=["check"])
        for check, problem in self.wrong.items():
            wrong.add_metric([check], float(bool(problem)))
        return wrong


class Server:
    """The port is one for all processes of this machine: the first that gets it answers for all."""

    def __init__(self) -> None:
        self.serves = False

    def serve_if_free(self) -> None:
        if self.serves or not settings.METRICS_PORT:
            return
        registry = CollectorRegistry()
        if shared := folder():
            MultiProcessCollector(registry, path=str(shared))  # type: ignore[no-untyped-call]
        registry.register(Standing())
        try:
            start_http_server(settings.METRICS_PORT, settings.METRICS_HOST, registry)
        except OSError:
            return
        self.serves = True


server = Server()
