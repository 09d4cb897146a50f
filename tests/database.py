"""The database of the tests: migrated once, copied into the memory of each process; and rows that the tests of one
module share."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from education.articles.public.context import kept_around
from education.clinic.context import kept_rows
from education.consultations.public.availability import surroundings
from tests.kept import Once
from tests.server import manage

STATEMENTS = 4000  # that stay compiled: tests ask far more different things than the 128 of a site's connection
IN_MEMORY = "file:memorydb_default?mode=memory&cache=shared"  # as Django names it: threads share it
EMPTY = 1  # transaction stands around a test that finds no rows of its module; a second one stands around those
SharedRows = Callable[[], AbstractContextManager[None]]


@pytest.fixture(scope="session")
def plainly_migrated(once_for_later_runs: Once) -> Path:
    """What `manage.py migrate` makes where there is no folder yet, for somebody whose files others may read."""

    def make(folder: Path) -> None:
        usual = os.umask(0o022)
        try:
            manage(folder, "migrate")
        finally:
            os.umask(usual)

    return once_for_later_runs("plainly-migrated", make)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker, plainly_migrated: Path) -> None:
    """Instead of the fixture of pytest-django. Nothing needs to be taken down: the database ends with the process."""
    with django_db_blocker.unblock():
        if connection.settings_dict["NAME"] != IN_MEMORY:
            _use_memory()
            with closing(sqlite3.connect(plainly_migrated / "clinic.sqlite3")) as source:
                source.backup(connection.connection)


def _use_memory() -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = IN_MEMORY
    connection.settings_dict["OPTIONS"]["cached_statements"] = STATEMENTS
    connection.ensure_connection()


class KeepingAsOnASite:
    """For `Kept`, in place of the connection: the transactions that stand around a test are none of its own.

    So pages are built from what is kept, as on a site, and not from rows that each of them reads again.
    """

    def __init__(self) -> None:
        self.around_the_test = 0
        self.of_the_empty_site: tuple[Any, Any] | None = None

    @property
    def in_atomic_block(self) -> bool:
        return len(connection.atomic_blocks) > self.around_the_test

    def cursor(self) -> Any:
        return connection.cursor()

    def begin(self) -> None:
        """Before each test, and before rows are made for several: what is kept was read from another's rows, and the
        numbers of its changes are given again. What an empty site shows is read once for all tests that begin on one.
        """
        self.around_the_test = len(connection.atomic_blocks)
        self.forget()
        if self.around_the_test == EMPTY:
            if self.of_the_empty_site is None:
                self.read()
                self.of_the_empty_site = kept_rows.kept, surroundings.kept
            kept_rows.kept, surroundings.kept = self.of_the_empty_site

    @staticmethod
    def forget() -> None:
        """Where a test makes rows that only a verb changes, such as words that a clinician has signed."""
        kept_rows.kept = surroundings.kept = kept_around.kept = None

    @staticmethod
    def read() -> None:
        """As some page before has done."""
        assert kept_rows.get().links
        surroundings.get()


keeping = KeepingAsOnASite()


@pytest.fixture(scope="module")
def shared_rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SharedRows]:
    """For a fixture of a module: `with shared_rows(): …` makes rows that each of its tests finds as they were made.

    Every test runs inside this transaction, in a savepoint of its own.
    """
    around_the_module = transaction.atomic()
    with django_db_blocker.unblock():
        around_the_module.__enter__()

    @contextmanager
    def making_rows() -> Iterator[None]:
        with django_db_blocker.unblock():
            keeping.begin()
            yield

    yield making_rows
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around_the_module.__exit__(None, None, None)
