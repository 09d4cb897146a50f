"""Checks of this installation. Each returns what is wrong and what to do about it; empty when all is well."""

import logging
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Q
from django.utils import timezone, translation

from education.accounts.models import User
from education.clinic.dates import language_of
from education.clinic.models import ClinicProfile
from education.consultations import mails
from education.core import sealing
from education.core.text import counted, day_and_time
from education.health import backups, checks, faults
from education.health.checks import HEARTBEAT, HEARTBEAT_LATE
from education.health.copies import actions as copies
from education.health.databases import moving
from education.health.keys import not_here, starting_problem
from education.health.watching import beats
from education.outbox import actions as outbox
from education.outbox.models import OutboxMessage
from education.search import engine

log = logging.getLogger(__name__)
HEARTBEAT_EVERY = timedelta(seconds=30)
WAL_RESET_FIXED = ((3, 44, 6), (3, 50, 7))  # older branches that got the correction, too
MAIL_LATE = timedelta(minutes=15)  # a mail server that asks to try again later gets two attempts before
CHECK_MAIL = "Check EMAIL_URL and that the worker runs; its log names the errors."
MIN_FREE_BYTES = 200_000_000
NEW_ADMINISTRATOR = "manage.py create_staff NAME --role administrator"
START_WORKER = (
    "Start it: systemctl restart clinic-worker (without systemd: manage.py worker; make run does so by itself)"
)


def folder() -> str:
    """Whether the site can write to the data folder."""
    try:
        with tempfile.TemporaryFile(dir=settings.DATA_DIR) as file:
            file.write(b"x" * 65536)
    except OSError as error:
        error.filename = settings.DATA_DIR  # not the name of the temporary file
        return faults.explain(error)
    return ""


def space() -> str:
    free = shutil.disk_usage(settings.DATA_DIR).free
    if free < MIN_FREE_BYTES:
        return f"Only {free // 1_000_000} MB are free for {settings.DATA_DIR}. Free some space before it is full."
    return ""


@contextmanager
def short_lock_timeout(seconds: float = 3) -> Iterator[None]:
    """In this block, a locked SQLite database is an error soon: someone waits at the keyboard."""
    if connection.vendor != "sqlite":
        yield
        return
    own = connection.settings_dict  # which the connections of all threads share
    connection.close()
    connection.settings_dict = {**own, "OPTIONS": {**own["OPTIONS"], "timeout": seconds}}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = own


def database_answers() -> str:
    """Whether the database answers one small query. For probes."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return faults.explain(error)
    return ""


def database() -> str:
    """Whether all migrations are applied."""
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, OSError) as error:
        return faults.explain(error)
    if pending:
        return f"The database is {len(pending)} steps behind the program. Run: manage.py migrate"
    return ""


def start_problem() -> str:
    """What would make a start fail."""
    with short_lock_timeout():
        return folder() or database()


def keys() -> str:
    if sealing.can_seal():
        return ""
    return not_here() or "There is no key to seal patients' answers with. Run: manage.py seal_keys new"


def staff_keys() -> str:
    """Whether patients' answers can be opened here."""
    return starting_problem() if settings.SEAL_CAN_OPEN else ""


def worker() -> str:
    """Whether the worker has run lately. Without it no mail is sent, and no new request reaches the desk."""
    try:
        seen = caches["database"].get(HEARTBEAT)
    except DatabaseError as error:
        return faults.explain(error)
    if not isinstance(seen, datetime):
        return f"The worker has never run. {START_WORKER}"
    if timezone.now() - seen > HEARTBEAT_LATE:
        return f"The worker has not been seen since {day_and_time(seen)}. {START_WORKER}"
    return ""


def web_server() -> str:
    """Whether each host's web server answers, as it notes itself. Of one that never did, nothing is known."""
    silent = beats.silent_hosts()
    if not silent:
        return ""
    hosts = "; ".join(f"{host} has not answered since {day_and_time(at)}" for host, at in silent.items())
    return (
        f"{hosts}. Start it there: systemctl restart clinic-web (make run does so by itself). "
        "Of a host that was taken away for good: manage.py seal_keys forget HOST"
    )


def profile() -> str:
    missing = ClinicProfile.load().missing_fields()
    if not missing:
        return ""
    called = {field.name: f"{field.verbose_name}" for field in ClinicProfile._meta.fields}
    return f"The clinic's profile lacks: {', '.join(called[item.field] for item in missing)}. Fill it in at /admin/."


def mail() -> str:
    if not settings.STAFF_MAIL and not settings.TRIAL:
        return "Nobody is told of new requests. Set STAFF_MAIL."
    if failed := OutboxMessage.objects.failed().count():
        return f"{counted(failed, 'mail')} could not be delivered. {CHECK_MAIL}"
    if refused := mails.refused_by_staff_addresses().count():
        return f"{counted(refused, 'mail')} to staff came back: an address does not exist. Check STAFF_MAIL."
    count, age = outbox.backlog()
    return f"{counted(count, 'mail')} not delivered yet, {_oldest(age)}. {CHECK_MAIL}" if age > MAIL_LATE else ""


def waiting_mail() -> str:
    """How long the oldest mail has waited that is not delivered yet. A public host may not look."""
    if settings.ROLE == "public":
        return ""
    count, age = outbox.backlog()
    return f"{counted(count, 'mail')} on the way, {_oldest(age)}" if count else ""


def _oldest(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    long = counted(minutes, "minute") if minutes < 120 else counted(minutes // 60, "hour")
    return f"the oldest for {long}"


def sqlite_version() -> str:
    """Whether this SQLite has the WAL-reset bug of the versions 3.7.0 to 3.51.2: https://sqlite.org/wal.html#walresetbug"""
    version = sqlite3.sqlite_version_info
    if connection.vendor != "sqlite" or version >= (3, 51, 3):
        return ""
    if any(fixed <= version < (*fixed[:2], 99) for fixed in WAL_RESET_FIXED):
        return ""
    return (
        f"version {sqlite3.sqlite_version} can, very rarely, damage a database that two processes write to at once "
        "(sqlite.org/wal.html#walresetbug). Upgrade it to 3.51.3 or newer, 3.50.7 or 3.44.6, or use PostgreSQL "
        "(DATABASE_URL); until then keep the backup of every night."
    )


def time_zone() -> str:
    if settings.TRIAL or settings.TIME_ZONE != "UTC":
        return ""
    return (
        "Times are those of UTC. Set TIME_ZONE to the clinic's, such as America/New_York: patients read times in it, "
        "and opening hours and deadlines follow it."
    )


def debugging() -> str:
    return "DEBUG is on and shows patients' data in error pages. Switch it off." if settings.DEBUG else ""


def staff() -> str:
    working = User.objects.filter(is_staff=True, is_active=True)
    if working.filter(Q(is_superuser=True) | Q(groups__permissions__codename="manage_staff")).exists():
        return ""
    if User.objects.exists():
        return f"No administrator can log in. Run: {NEW_ADMINISTRATOR}"
    return f"No staff account exists. Use the set-up link that the start prints, or: {NEW_ADMINISTRATOR}"


CHECKS: dict[str, Callable[[], str]] = {
    "data folder": folder,
    "who may read it": checks.readers,
    "environment file": checks.environment_file,
    "free space": space,
    "database": database,
    "writing to it": checks.database_writes,
    "triggers": checks.triggers,
    "clock": checks.clock,
    "keys": keys,
    "staff keys": staff_keys,
    "audit key": checks.audit_key,
    "secret key": checks.secret_key,
    "requests set aside": checks.requests_set_aside,
    "new requests": checks.requests_waiting,
    "backup": backups.problem,
    "second place for backups": copies.problem,
    "worker": worker,
    "web server": web_server,
    "cache": checks.cache_server,
    "search engine": checks.search_engine,
    "CDN": checks.cdn,
    "address": checks.address,
    "static files": checks.static_files,
    "pictures": checks.media,
    "clinic profile": profile,
    "mail": mail,
    "debug": debugging,
    "staff account": staff,
}
# What a site may do without: nobody should read that it is well where there is none.
OPTIONAL: dict[str, Callable[[], bool]] = {
    "second place for backups": lambda: bool(settings.BACKUP_SECOND_PLACE),
    "search engine": lambda: engine.NAME in settings.MODELSEARCH_BACKENDS,
    "CDN": lambda: bool(settings.CDN_PURGE_URL),
}
# While one of these says something, patients can't ask.
ASKING = ("database", "writing to it", "keys", "staff keys", "address")
# While one of these does, what patients send reaches nobody yet.
ARRIVING = ("worker", "audit key", "new requests", "requests set aside", "clock", "mail")
# What the desk does not show: it could not be shown itself, or says it elsewhere.
NOT_ON_DESK = ("data folder", "database", "clinic profile", "staff account")

# What a public host may look at; the staff side watches the rest.
ON_PUBLIC_HOSTS = (
    *("data folder", "who may read it", "environment file", "free space", "database", "writing to it", "keys"),
    *("cache", "search engine", "address", "static files", "pictures", "clinic profile", "debug"),
)

# Worth knowing, but nothing that keeps the site from working: monitoring needs no alarm for it.
# One by the name of a check replaces its “ok”.
NOTES: dict[str, Callable[[], str]] = {
    "backup": backups.none_in_a_trial,
    "SQLite": sqlite_version,
    "time zone": time_zone,
    "outbox": waiting_mail,
    "the database before the move": moving.left_behind,
}


def notes() -> dict[str, str]:
    return {name: words for name, check in NOTES.items() if (words := check())}


def absent() -> set[str]:
    """The optional parts that this site has none of, by the names of their checks."""
    return {name for name, is_there in OPTIONAL.items() if not is_there()}


def readiness() -> dict[str, str]:
    """What ASKING and ARRIVING find, as far as it can be asked; the database by one small query. A public host can't
    know what arrives.
    """
    asked = ASKING if settings.ROLE == "public" else (*ASKING, *ARRIVING)
    with short_lock_timeout():
        found = {"database": database_answers()}
        if not found["database"]:
            found |= {name: _result(CHECKS[name]) for name in asked if name not in found}
    return found


def for_desk(*names: str) -> dict[str, str]:
    """What these checks find, or all that the desk shows."""
    asked = names or [name for name in CHECKS if name not in NOT_ON_DESK]
    return {name: problem for name in asked if (problem := _result(CHECKS[name]))}


def findings() -> dict[str, str]:
    """The result of every check by its name, as far as this host may look."""
    names = ON_PUBLIC_HOSTS if settings.ROLE == "public" else CHECKS
    with short_lock_timeout(), translation.override(_language()):
        return asked({name: CHECKS[name] for name in names})


def _language() -> str:
    """In which the clinic's country writes dates; the database may be away."""
    try:
        return language_of(ClinicProfile.load().country)
    except DatabaseError:
        return settings.LANGUAGE_CODE


def asked(table: dict[str, Callable[[], str]]) -> dict[str, str]:
    """The result of these checks. One that fails itself is a finding, not a crash."""
    return {name: _result(check) for name, check in table.items()}


def _result(check: Callable[[], str]) -> str:
    try:
        return check()
    except (DatabaseError, OSError) as error:
        return faults.explain(error)
    except Exception as error:
        log.error("a check failed", exc_info=error)
        return f"This could not be checked ({type(error).__name__}); the log says more."
