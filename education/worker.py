"""What happens by itself: a table of jobs, and the loop that runs them."""

import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import DatabaseError, close_old_connections, connections

from education.articles.publishing import schedule
from education.clinic import actions as clinic
from education.consultations.upkeep import ingest, retention
from education.health import actions as health
from education.health import backups, inspection
from education.outbox import actions as outbox

log = logging.getLogger(__name__)
TICK = 0.25
PATIENCE = 2
LONGEST_WAIT = 300


@dataclass
class Job:
    """Runs `action` every so many seconds; after an error later each time, until it works again."""

    name: str
    action: Callable[[], object]
    every: float
    due: float = 0
    failures: int = 0

    def run(self) -> bool:
        """Whether it worked. Never raises: one job that fails must not keep the others from running."""
        try:
            close_old_connections()
            self.action()
        except Exception as error:  # whatever it is; its text may quote a patient, so only its type is told
            self.failures += 1
            log.error("job %s failed (%s)", self.name, type(error).__name__)
        else:
            self.failures = 0
        self.due = time.monotonic() + min(self.every * 2 ** min(self.failures, 10), max(self.every, LONGEST_WAIT))
        return not self.failures


def jobs() -> list[Job]:
    """The order matters on a first pass: what is ingested may post mail, which is then delivered at once."""
    return [
        Job("heartbeat", health.beat, every=inspection.HEARTBEAT_EVERY.total_seconds()),
        Job("ingest", ingest.ingest_new, every=1),
        Job("mail", outbox.deliver_due, every=1),
        Job("planned publications", schedule.publish_due, every=5),
        Job("planned withdrawals", schedule.expire_due, every=60),
        Job("unsigned pages", schedule.escalate, every=300),
        Job("review reminders", schedule.remind, every=3600),
        Job("overdue pages", schedule.update_time_notices, every=60),
        Job("old drafts", schedule.forget_old_drafts, every=3600),
        Job("bulletins", clinic.refresh_bulletins, every=60),
        Job("purge", retention.purge_due, every=3600),
        Job("checkpoint", health.checkpoint, every=300),
        Job("audit head", health.mail_audit_head, every=6 * 3600),
        Job("backup", backups.nightly, every=600),
        Job("sizes", health.note_sizes, every=3600),
    ]


def run_once(table: Sequence[Job]) -> list[str]:
    """One pass over every job; the names of those that failed."""
    return [job.name for job in table if not job.run()]


def run_forever(table: Sequence[Job], *, wait_for: Callable[[], str] = str) -> None:
    """Until told to stop, or the process that started it is gone. A job in hand is finished first.

    `wait_for` says what is in the way of starting at all, such as a missing key: it may come back.
    """
    stop = _stop_signals()
    parent = os.getppid()
    said = ""
    while (problem := _in_the_way(wait_for)) and not stop and os.getppid() == parent:
        if problem != said:
            log.error("the worker does not start: %s", problem)
        said = problem
        time.sleep(PATIENCE)
    while not stop and os.getppid() == parent:
        for job in table:
            if not stop and time.monotonic() >= job.due:
                job.run()
        time.sleep(TICK)
    connections.close_all()


def _in_the_way(wait_for: Callable[[], str]) -> str:
    try:
        return wait_for()
    except DatabaseError:
        return ""  # the jobs will find out, and try again
    finally:
        close_old_connections()


def _stop_signals() -> list[int]:
    """Grows when a signal asks to stop."""
    received: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _: received.append(got))
    return received
