"""From SQLite to PostgreSQL: every row with its number, verified before it counts.

All is copied in one transaction, so a move that is killed has left nothing behind, and is run again from the beginning.
Only then is the SQLite file renamed: a site that is started without DATABASE_URL must not take requests into it.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from modelsearch import index

from education.articles.publishing.verification import tampered_rows
from education.audit import actions as audit
from education.audit import facts
from education.core import sealing
from education.health import backups, checks
from education.health.databases import postgresql, sqlite
from education.health.databases.base import BackupRefused, Read, read_by_django
from education.search.models import SearchEntry

Say = Callable[[str], object]
MOVED = "moved-to-postgresql.sqlite3"  # what the SQLite file is called afterwards
FACT = "moved from SQLite"
# What is not copied: the cache, what a migration notes, and the search index, which each server keeps in its own way.
LEFT_OUT = ("django_migrations", "education_cache", "modelsearch_", "sqlite_")
HOLD_A_SITE = ("education_user", "education_article", "education_consultationrequest", "education_auditevent")
ROWS_AT_ONCE = 500


def move(say: Say) -> None:
    """Move the database in the data folder to that of DATABASE_URL. Raises BackupRefused."""
    with _source() as read:
        tables = _tables(read)
        counts = {table: read(f'SELECT count(*) FROM "{table}"')[0][0] for table in tables}  # noqa: S608  # nosec B608
        before = _fingerprint(read, counts)
        postgresql.require_own()
        _require_as_new_as_the_program(read)
        if _is_moved(before):
            say("Everything was moved before; only the name of the SQLite file was not changed yet.")
        else:
            _require_no_site_there()
            call_command("migrate", interactive=False, verbosity=0)
            opened = _copy_and_verify(read, counts, before)
            say(f"Moved {sum(counts.values()):,} rows of {len(counts)} tables. In each table as many arrived as left.")
            say(f"The audit trail and all editions hold; {opened} requests were opened as a check.")
            for table in backups.COUNTED:
                say(f"  {counts[table]:>8,} {table}")
        _file().rename(_file().with_name(MOVED))
    say(f"Set DATABASE_URL in {settings.ENV_FILE}, on every machine, and start the site.")
    say(
        f"The SQLite database is now {_file().with_name(MOVED)}. What is deleted from now on is still in it: delete it "
        "when the site runs well, and make a backup."
    )


def left_behind() -> str:
    """What `doctor` says of the file that a move has left, once there was a backup without it."""
    path = _file().with_name(MOVED)
    last = backups.newest()
    if not path.exists() or not last or last.timestamp() < path.stat().st_ctime:
        return ""
    return f"{path} still holds what patients have withdrawn since the move. Delete it: there is a newer backup."


def _file() -> Path:
    return Path(settings.DATA_DIR) / sqlite.FILE


@contextmanager
def _source() -> Iterator[Read]:
    """The SQLite database, which nobody else can open meanwhile."""
    if not _file().is_file():
        raise BackupRefused(f"There is no SQLite database in {settings.DATA_DIR}. Nothing was moved.")
    with closing(sqlite3.connect(_file(), timeout=1, isolation_level=None)) as database:
        try:
            database.execute("PRAGMA journal_mode = DELETE")  # refused while anybody else has it open
            database.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            raise BackupRefused(f"The site on {settings.DATA_DIR} is running. End it first.") from None

        def read(sql: str, *values: object) -> list[tuple[Any, ...]]:
            return database.execute(sql.replace("%s", "?"), values).fetchall()

        if read("PRAGMA integrity_check") != [("ok",)]:
            raise BackupRefused("The SQLite database is damaged. Restore a backup first.")
        yield read


def _tables(read: Read) -> list[str]:
    names = [name for (name,) in read("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return [name for name in names if not name.startswith(LEFT_OUT)]


def _fingerprint(read: Read, counts: dict[str, int]) -> str:
    """Differs when anything has happened on the site since."""
    return hashlib.sha256(json.dumps([backups.inspect(read), counts], sort_keys=True).encode()).hexdigest()


def _require_as_new_as_the_program(read: Read) -> None:
    applied = set(read("SELECT app, name FROM django_migrations"))
    if set(MigrationLoader(None).disk_migrations) - applied:
        raise BackupRefused("The SQLite file is older than the program. Without DATABASE_URL run: manage.py prepare")


def _is_moved(before: str) -> bool:
    """Whether these very rows are there already, so that only the file has to be renamed."""
    if "education_installationfact" not in connection.introspection.table_names():
        return False
    fact = facts.known(FACT)
    return fact is not None and fact.value == before


def _require_no_site_there() -> None:
    tables = connection.introspection.table_names()
    for table in HOLD_A_SITE:
        if table in tables and read_by_django(f"SELECT 1 FROM {table} LIMIT 1"):  # noqa: S608  # nosec B608
            name = connection.settings_dict["NAME"]
            raise BackupRefused(f"The database {name} already holds a site ({table}). Make an empty one.")


@transaction.atomic
def _copy_and_verify(read: Read, counts: dict[str, int], before: str) -> int:
    """Copy everything in one transaction, which is undone if a single row is missing or a hash does not hold. Returns
    how many requests were opened.
    """
    targets = [name for name in connection.introspection.table_names() if not name.startswith(LEFT_OUT)]
    if unknown := set(counts) - set(targets):
        raise BackupRefused(f"The SQLite database has tables that this program does not know: {sorted(unknown)[0]}.")
    # Triggers that keep rows as they are, or note changes, have nothing to do with rows that only move.
    _switch_triggers(targets, "DISABLE")
    _run(f"TRUNCATE {', '.join(map(connection.ops.quote_name, targets))}, modelsearch_indexentry")
    for table in counts:
        _copy(read, table)
    _run("SET CONSTRAINTS ALL IMMEDIATE")
    _switch_triggers(targets, "ENABLE")
    _move_sequences_on(read)
    for table, count in counts.items():
        if (arrived := read_by_django(f'SELECT count(*) FROM "{table}"')[0][0]) != count:  # noqa: S608  # nosec B608
            raise BackupRefused(f"{table} has {count} rows, of which {arrived} arrived. Nothing was moved.")
    for entry in SearchEntry.objects.iterator():
        index.insert_or_update_object(entry)
    opened = _verify()
    facts.note(checks.TRIGGERS, json.dumps(checks.present_triggers()))
    facts.note(FACT, before)
    audit.record("database_moved", by=None, detail={"rows": sum(counts.values())})
    return opened


def _switch_triggers(tables: list[str], switch: str) -> None:
    """`switch`: ENABLE or DISABLE."""
    for table in tables:
        _run(f'ALTER TABLE "{table}" {switch} TRIGGER USER')


def _copy(read: Read, table: str) -> None:
    columns = [name for _, name, *_ in read(f'PRAGMA table_info("{table}")')]
    types = dict(
        read_by_django(
            "SELECT column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = current_schema() AND table_name = %s",
            table,
        )
    )
    flags = [place for place, name in enumerate(columns) if types.get(name) == "boolean"]
    listed = ", ".join(f'"{name}"' for name in columns)
    statement = f'COPY "{table}" ({listed}) FROM STDIN'
    try:
        with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
            for row in _rows(read, table, listed):
                for place in flags:
                    row[place] = None if row[place] is None else bool(row[place])
                copy.write_row(row)
    except DatabaseError as error:
        raise BackupRefused(f"{table} can't be moved: {str(error).splitlines()[0]}. Nothing was moved.") from None


def _rows(read: Read, table: str, columns: str) -> Iterator[list[Any]]:
    """A few at a time: they need not all find room in memory."""
    query = f'SELECT rowid, {columns} FROM "{table}" WHERE rowid > %s ORDER BY rowid LIMIT {ROWS_AT_ONCE}'  # noqa: S608
    last = -1
    while rows := read(query, last):
        last = rows[-1][0]
        yield from (list(row[1:]) for row in rows)


def _move_sequences_on(read: Read) -> None:
    """Set the sequences so that no number is given again, not even one whose row was deleted."""
    for table, last in read("SELECT name, seq FROM sqlite_sequence WHERE seq > 0"):
        if not table.startswith(LEFT_OUT):
            read_by_django("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", f'"{table}"', last)


def _verify() -> int:
    if (broken := audit.verify().broken) is not None:
        raise BackupRefused(f"The audit trail does not hold at event {broken.pk}. Nothing was moved.")
    for row in tampered_rows():
        raise BackupRefused(f"{row} Nothing was moved.")
    lost = [key_id for key_id in backups.inspect(read_by_django)["key_ids"] if not sealing.can_open(key_id)]
    found = backups.samples(read_by_django, without=lost)
    for envelope, reference in found:
        sealing.open_sealed(envelope, bound_to=reference)
    return len(found)


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
