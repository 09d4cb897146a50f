"""The starter library in the database of a test. Reading it from its files takes seconds: that is done once, and the
rows are copied from then on."""

import pickle
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from education.articles.models import Article
from education.audit.models import AuditEvent
from tests.kept import Once

Rows = dict[str, list[tuple[Any, ...]]]  # by table


@pytest.fixture
def starter_pages(starter_rows: Rows, db: None) -> None:
    """The starter library as `load_articles` leaves it in a trial: every page published."""
    fill(starter_rows)


@pytest.fixture(scope="session")
def starter_rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker, once_for_later_runs: Once) -> Rows:
    """What loading adds to each table."""
    with django_db_blocker.unblock():
        rows: Rows = pickle.loads(once_for_later_runs("starter.pickle", _write_rows).read_bytes())
    return rows


def _write_rows(file: Path) -> None:
    with transaction.atomic():
        assert not Article.objects.exists(), "Rows shared by the tests of a module are in the way."
        before = all_rows()
        load_articles()
        after = all_rows()
        transaction.set_rollback(True)
    for table, rows in before.items():
        assert set(rows) <= set(after[table]), f"Loading changed rows of {table}"
    added = {table: [row for row in rows if row not in before[table]] for table, rows in after.items()}
    file.write_bytes(pickle.dumps(added))


def fill(starter_rows: Rows) -> None:
    """Put the starter library into a database in which nobody has made a row yet."""
    insert(starter_rows)


def load_articles() -> None:
    call_command("load_articles", stdout=StringIO())


def all_rows() -> Rows:
    """Without the audit trail: each process chains it with a key of its own."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - {"sqlite_sequence", AuditEvent._meta.db_table}
        tables -= {table for table in tables if "_fts" in table}  # the search index fills these by triggers
        return {table: cursor.execute(f'SELECT * FROM "{table}"').fetchall() for table in sorted(tables)}


def insert(added: Rows) -> None:
    with connection.cursor() as cursor:
        for table, rows in added.items():
            if rows:
                places = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f'INSERT INTO "{table}" VALUES ({places})', rows)
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True)):
            cursor.execute(statement)  # none on SQLite, where a copied row counts like any other
