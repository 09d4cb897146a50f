"""What keeps this installation going: made ready before a start, looked after by the worker."""

import hashlib
import os
from collections.abc import Callable
from datetime import datetime
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from education.accounts.actions import setup_link
from education.articles.models import Article
from education.audit import actions as audit
from education.core import sealing
from education.health import inspection
from education.outbox.actions import post

Say = Callable[[str], object]
ROWS_LOOKED_AT = 1000


def prepare(say: Say) -> None:
    """Everything that a start needs; says only what it really had to do."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with inspection.impatient():
        _database(say)
    _keys(say)
    _starter_content(say)
    _static_files(say)


def welcome() -> str:
    """What someone who has just started the site wants to know."""
    lines = [
        f"The site is up ({settings.MODE} mode). Stop it with Ctrl-C.",
        f"  Site    {settings.SITE_URL}/",
        f"  Admin   {settings.SITE_URL}/admin/",
    ]
    if link := setup_link():
        lines.append(f"  Set up  {link}  (makes the first staff account; works once)")
    return "\n".join(lines)


def beat() -> None:
    """The worker says that it lives."""
    cache.set(inspection.HEARTBEAT, timezone.now(), timeout=None)


def checkpoint() -> None:
    """Move the write-ahead log into the database and empty it: only then is what was deleted gone from the disk."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def mail_audit_head(*, now: datetime | None = None) -> None:
    """Out of reach of whoever may change this database: a trail that was cut off later no longer holds this head."""
    day = timezone.localdate(now)
    verdict = audit.verify()
    found = "whole" if verdict.is_intact else f"BROKEN at event {verdict.broken.pk if verdict.broken else '?'}"
    words = (
        f"The audit trail of {settings.SITE_URL} is {found}: {verdict.count} events.\nIts head is {verdict.head}\n\n"
        "Keep this mail. To compare later: manage.py audit_verify --head HEAD"
    )
    for number, address in enumerate(settings.STAFF_MAIL):
        post(key=f"audit-head/{day}/{number}", to=address, subject=f"Audit trail, {day}: {found}", body=words)


def note_sizes() -> None:
    """Tell SQLite how long its tables are: without it a search may look at every page for each that matches."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit={ROWS_LOOKED_AT}")  # it must not keep others from writing
            cursor.execute("ANALYZE")


def _database(say: Say) -> None:
    usual = os.umask(0o077)  # SQLite would make a file that everybody on this machine may read
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            say("Setting up the database")
            call_command("migrate", interactive=False, verbosity=0)
    finally:
        os.umask(usual)


def _keys(say: Say) -> None:
    if settings.TRIAL and not sealing.key_ids():
        say("Making the keys that seal patients' answers")
        sealing.ensure_keys()


def _starter_content(say: Say) -> None:
    if not Article.objects.exists():
        say("Loading the starter pages")
        call_command("load_articles", stdout=StringIO())


def _static_files(say: Say) -> None:
    """Collect styles and scripts when one has changed."""
    stamp = Path(settings.STATIC_ROOT).with_suffix(".stamp")
    now = _static_fingerprint()
    if not inspection.static_files() and stamp.is_file() and stamp.read_text() == now:
        return
    say("Collecting styles, scripts and pictures")
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(now)


def _static_fingerprint() -> str:
    """Changes with every file that would be collected."""
    paths = [Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([])]
    facts = sorted((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in paths)
    return hashlib.sha256(repr(facts).encode()).hexdigest()
