"""Preparing an installation before it starts, and the upkeep that the worker does."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from education.accounts.actions import setup_link
from education.articles.models import Article
from education.audit import actions as audit
from education.audit import facts
from education.core import sealing
from education.core.text import counted
from education.health import checks, inspection, restoring
from education.health.databases import roles
from education.outbox.actions import post

Say = Callable[[str], object]
FACTS = ("education", "0020_installation_facts")  # from this migration on, facts can be noted
LOADING = "starter pages"  # a fact while they are being loaded
ANALYZED_ROWS = 1000  # of each index: a full analysis would keep others from writing


def prepare(say: Say, *, new_secret_key: bool = False) -> None:
    """Set up or update everything that a start needs. `say` gets a line for each step that was necessary.

    `new_secret_key`: SECRET_KEY was changed on purpose. A public host changes nothing in the database.
    """
    settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    if settings.ROLE != "public":
        _prepare_database(say, new_secret_key=new_secret_key)
    _collect_static_files(say)


def _prepare_database(say: Say, *, new_secret_key: bool) -> None:
    restoring.finish_interrupted()
    with inspection.short_lock_timeout():
        _migrate(say)
    if erased := restoring.erase_again():
        say(f"Erasing {counted(erased, 'request')} again: the database was brought back without what was erased since")
    _make_keys(say)
    _note_secret_key(say, replace=new_secret_key)
    _load_starter_content(say)


def welcome() -> str:
    """What to tell someone who has just started the site: its addresses, and the set-up link if it still works."""
    lines = [
        f"The site is up ({settings.MODE} mode). Stop it with Ctrl-C.",
        f"  Site    {settings.SITE_URL}/",
        f"  Admin   {settings.SITE_URL}/admin/",
    ]
    if link := setup_link():
        lines.append(f"  Set up  {link}  (makes the first staff account; works once)")
    return "\n".join(lines)


def note_heartbeat() -> None:
    """Note that the worker is running."""
    caches["database"].set(checks.HEARTBEAT, timezone.now(), timeout=None)


def mail_audit_head(*, now: datetime | None = None) -> None:
    """Mail the head of the audit trail to STAFF_MAIL, once a day: there it proves later that no event was cut off."""
    day = timezone.localdate(now)
    verdict = audit.verify()
    state = "whole" if verdict.is_intact else f"BROKEN at event {verdict.broken.pk if verdict.broken else '?'}"
    words = (
        f"The audit trail of {settings.SITE_URL} is {state}: {verdict.count} events.\nIts head is {verdict.head}\n\n"
        "Keep this mail. To compare later: manage.py audit_verify --head HEAD"
    )
    for number, address in enumerate(settings.STAFF_MAIL):
        post(key=f"audit-head/{day}/{number}", to=address, subject=f"Audit trail, {day}: {state}", body=words)


def refresh_planner_statistics() -> None:
    """For SQLite's query planner: without them, a search may read every page for each one that matches."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit={ANALYZED_ROWS}")
            cursor.execute("ANALYZE")


def _migrate(say: Say) -> None:
    executor = MigrationExecutor(connection)
    is_behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if FACTS in executor.loader.applied_migrations:
        _restore_triggers(say)
    if is_behind:
        say("Setting up the database")
        roles.without_views(partial(call_command, "migrate", interactive=False, verbosity=0))
        facts.note(checks.TRIGGERS, json.dumps(checks.present_triggers()))
        roles.grant_again()


def _restore_triggers(say: Say) -> None:
    present = checks.present_triggers()
    for name, statement in checks.noted_triggers().items():
        if name not in present:
            say(f"Putting back the trigger {name}")
            with connection.cursor() as cursor:
                cursor.execute(statement)


def _note_secret_key(say: Say, *, replace: bool) -> None:
    if replace or not facts.known(checks.SECRET_KEY):
        facts.note(checks.SECRET_KEY, checks.secret_key_fingerprint())
    elif problem := checks.secret_key():
        say(problem)


def _make_keys(say: Say) -> None:
    if settings.TRIAL and not sealing.key_ids():
        say("Making the keys that seal patients' answers")
        sealing.ensure_keys()


def _load_starter_content(say: Say) -> None:
    """Once; a start that was cut off in the middle of it is completed by the next."""
    if not Article.objects.exists() or facts.known(LOADING):
        say("Loading the starter pages")
        facts.note(LOADING, "begun")
        call_command("load_articles", stdout=StringIO())
        facts.forget(LOADING)


def _collect_static_files(say: Say) -> None:
    """Collect them when one has changed."""
    stamp = Path(settings.STATIC_ROOT).with_suffix(".stamp")
    now = static_fingerprint()
    if not checks.static_files() and stamp.is_file() and stamp.read_text() == now:
        return
    say("Collecting styles, scripts and pictures")
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(now)


def static_fingerprint() -> str:
    """Differs when any file that would be collected has changed."""
    paths = [Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([])]
    seen = sorted((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in paths)
    return hashlib.sha256(repr(seen).encode()).hexdigest()
