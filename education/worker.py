"""The background worker: a table of jobs, and the loop that runs them."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import DatabaseError, close_old_connections, connections

from education.articles.publishing import editions, schedule
from education.clinic import actions as clinic
from education.clinic.context import in_language_of_clinic
from education.consultations import erasures
from education.consultations.public import kept
from education.consultations.upkeep import days_off, ingest, retention
from education.core.disk import empty_write_ahead_log
from education.health import actions as health
from education.health import backups, inspection, keys
from education.health.copies import actions as copies
from education.health.watching import alarms, beats, metrics
from education.once import actions as once
from education.outbox import actions as outbox
from education.pages import purging
from education.references.incoming import look_up
from education.search import engine

log = logging.getLogger(__name__)
TICK_SECONDS = 0.25
RETRY_SECONDS = 2  # while something keeps the worker from starting
# Lanes: the jobs of one never wait for those of another. On a large site, those of SLOW take minutes.
MAIN, MAIL, WATCH, ASK, SLOW, COPIES, CDN = "main", "mail", "watch", "ask", "slow", "copies", "CDN"
ENGINE = "engine"
FIRST_LOOK_SECONDS = 240  # after a start: the web server, and what waits, get time to come up
LAST_MAIL_SECONDS = 5  # for a mail that is being sent when the worker stops; its lease brings it back otherwise
MAX_RETRY_SECONDS = 300  # of a failing job, unless it runs less often anyway


@dataclass
class Job:
    """Runs `action` once in `every` seconds; less often while it fails."""

    name: str
    action: Callable[[], object]
    every: float
    lane: str = MAIN
    due: float = 0  # as time.monotonic() counts
    failures: int = 0

    def run(self) -> bool:
        """Returns whether it succeeded. Never raises: a job that fails must not keep the others from running."""
        try:
            close_old_connections()
            with in_language_of_clinic():
                self.action()
        except Exception as error:  # its message may quote a patient, so only its type is logged
            self.failures += 1
            log.error("job %s failed (%s)", self.name, type(error).__name__)
        else:
            self.failures = 0
        self.due = time.monotonic() + min(self.every * 2 ** min(self.failures, 10), max(self.every, MAX_RETRY_SECONDS))
        return not self.failures


def jobs() -> list[Job]:
    """All jobs in order: a request that is ingested may post mail, which is then delivered in the same pass."""
    return [
        Job("heartbeat", note_heartbeat, every=inspection.HEARTBEAT_EVERY.total_seconds()),
        Job("ingest", ingest.ingest_new, every=1),
        Job("mail", outbox.deliver_due, every=1, lane=MAIL),
        Job("studies looked up", look_up.answer_waiting, every=1, lane=ASK),
        Job("CDN", purging.purger.tell, every=0.5, lane=CDN),
        Job("search engine", engine.bring_up_to_date, every=60, lane=ENGINE),
        Job("index again", ingest.index_again, every=5),
        Job("parts of pages", editions.index_parts, every=60),
        Job("planned publications", schedule.publish_due, every=5),
        Job("planned withdrawals", schedule.expire_due, every=60),
        Job("unsigned pages", schedule.escalate, every=300),
        Job("review reminders", schedule.remind, every=3600),
        Job("overdue pages", schedule.update_time_notices, every=60),
        Job("old drafts", schedule.delete_old_drafts, every=3600),
        Job("bulletins", clinic.refresh_bulletins, every=60),
        Job("days off", days_off.follow_days_off, every=60),
        Job("answers kept for an hour", kept.delete_old, every=60),
        Job("answered forms", once.delete_old, every=600),
        Job("purge", retention.purge_in_steps, every=3600, lane=SLOW),
        Job("retired keys", keys.delete_retired, every=3600),
        Job("erasure list", erasures.update_file, every=60),
        Job("checkpoint", empty_write_ahead_log, every=60),
        Job("audit head", health.mail_audit_head, every=6 * 3600, lane=SLOW),
        Job("backup", backups.nightly, every=600, lane=SLOW),
        Job("second place for backups", copies.bring_up_to_date, every=600, lane=COPIES),
        Job("planner statistics", health.refresh_planner_statistics, every=3600, lane=SLOW),
        Job("watchdog", tell_systemd, every=30, lane=WATCH),
        Job("alarms", alarms.look, every=300, lane=WATCH, due=time.monotonic() + FIRST_LOOK_SECONDS),
        Job("outgoing heartbeat", alarms.ping, every=60, lane=WATCH),
        Job("figures", metrics.server.serve_if_free, every=30, lane=WATCH),
    ]


def note_heartbeat() -> None:
    beats.main_lane.note()
    health.note_heartbeat()


def tell_systemd() -> None:
    """Tell systemd that this process is well, as long as its main lane goes round. Otherwise systemd ends it, and
    starts another.
    """
    if not beats.main_lane.hangs():
        beats.tell_systemd("WATCHDOG=1")


def run_once(table: Sequence[Job]) -> list[str]:
    """Make one pass over every job. Returns the names of those that failed."""
    return [job.name for job in table if not job.run()]


def run_forever(table: Sequence[Job], *, start_problem: Callable[[], str] = str) -> None:
    """Run until a signal asks to stop, or the parent process has ended. The current job is finished first.

    `start_problem` returns what keeps the worker from starting, such as a missing key, until that is repaired.
    """
    stop = _stop_signals()
    parent = os.getppid()

    def goes_on() -> bool:
        return not stop and os.getppid() == parent

    beats.tell_systemd("READY=1")
    _start_lane(table, WATCH, goes_on)  # first: what keeps the worker from starting is worth an alarm
    _wait_until_it_may_start(start_problem, goes_on)
    for lane in (ASK, SLOW, COPIES, CDN, ENGINE):
        _start_lane(table, lane, goes_on)
    mail = _start_lane(table, MAIL, goes_on)
    _run_lane(table, MAIN, goes_on)
    mail.join(LAST_MAIL_SECONDS)


def _wait_until_it_may_start(start_problem: Callable[[], str], goes_on: Callable[[], bool]) -> None:
    logged = ""
    while (problem := _problem(start_problem)) and goes_on():
        if problem != logged:
            log.error("the worker does not start: %s", problem)
        logged = problem
        beats.main_lane.note()
        time.sleep(RETRY_SECONDS)


def _start_lane(table: Sequence[Job], lane: str, goes_on: Callable[[], bool]) -> threading.Thread:
    thread = threading.Thread(target=_run_lane, args=(table, lane, goes_on), name=lane, daemon=True)
    thread.start()
    return thread


def _run_lane(table: Sequence[Job], lane: str, goes_on: Callable[[], bool]) -> None:
    jobs_of_it = [job for job in table if job.lane == lane]
    while jobs_of_it and goes_on():
        for job in jobs_of_it:
            if goes_on() and time.monotonic() >= job.due:
                job.run()
        time.sleep(TICK_SECONDS)
    connections.close_all()


def _problem(start_problem: Callable[[], str]) -> str:
    try:
        return start_problem()
    except DatabaseError:
        return ""  # the jobs will fail, and be tried again
    finally:
        close_old_connections()


def _stop_signals() -> list[int]:
    """The signals received so far that ask this process to stop: a list that grows."""
    received: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _: received.append(got))
    return received
