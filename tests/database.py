"""The database of the tests: migrated by one process of the run, copied into the memory of the others; and rows that
the tests of one module share."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

IN_MEMORY = "file:memorydb_default?mode=memory&cache=shared"  # as Django names it: threads share it
SharedRows = Callable[[], AbstractContextManager[None]]


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, once: Callable[..., Path]
) -> None:
    """Instead of the fixture of pytest-django. Nothing needs to be taken down: the database ends with the process."""
    with django_db_blocker.unblock():
        migrated = once("migrated.sqlite3", _migrate)
        if connection.settings_dict["NAME"] != IN_MEMORY:
            _use_memory()
            with closing(sqlite3.connect(migrated)) as source:
                source.backup(connection.connection)


def _migrate(file: Path) -> None:
    _use_memory()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)


def _use_memory() -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = IN_MEMORY
    connection.ensure_connection()


@pytest.fixture(scope="module")
def shared_rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SharedRows]:
    """For a fixture of a module: `with shared_rows(): …` makes rows that each of its tests finds as they were made.

    Every test runs inside this transaction, in a savepoint of its own.
    """
    around_the_module = transaction.atomic()
    with django_db_blocker.unblock():
        around_the_module.__enter__()
    yield django_db_blocker.unblock
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around_the_module.__exit__(None, None, None)
