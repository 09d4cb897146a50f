"""The cache in the database: what it keeps, what it asks the database, and values that are changed together."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache.backends.db import DatabaseCache
from django.db import connection

from clinic_site.cache.table import TableCache, Values
from tests.dialects import read_only
from tests.queries import queries

pytestmark = pytest.mark.django_db
FOR_LONG, IS_OVER = 60, -1  # seconds


@pytest.fixture
def table() -> TableCache:
    cache = TableCache("education_cache", {})
    cache.clear()
    return cache


def statements(action: Callable[[], Any]) -> list[str]:
    """The verbs, without those of the transaction."""
    found = [sql.split()[0] for sql in queries(action)]
    return [verb for verb in found if verb not in ("SAVEPOINT", "RELEASE")]


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM education_cache")
        return int(cursor.fetchone()[0])


def plus_one(found: Values) -> Values:
    return {"a": found.get("a", 0) + 1, "b": found.get("b", 0) + 10}


def test_each_thing_takes_one_statement(table: TableCache) -> None:
    assert statements(lambda: table.set("a", 1)) == ["INSERT"]
    assert statements(lambda: table.set("a", 2)) == ["INSERT"]
    assert statements(lambda: table.add("a", 3)) == ["INSERT"]
    assert statements(lambda: table.touch("a", FOR_LONG)) == ["UPDATE"]
    assert statements(lambda: table.get("a")) == ["SELECT"]
    assert statements(lambda: table.update_together(["a", "b"], plus_one, FOR_LONG))[-3:] == [
        *("DELETE", "SELECT", "INSERT")
    ]
    assert table.get_many(["a", "b"]) == {"a": 3, "b": 10}


def test_what_is_there_is_not_added_until_its_time_is_over(table: TableCache) -> None:
    assert table.add("a", 1, FOR_LONG)
    assert not table.add("a", 2, FOR_LONG)
    assert table.get("a") == 1
    table.set("a", 3, IS_OVER)
    assert table.get("a") is None
    table.set("a", 3, IS_OVER)
    assert table.add("a", 4, FOR_LONG)
    assert table.get("a") == 4


def test_what_is_touched_lasts_longer_if_it_is_there(table: TableCache) -> None:
    assert not table.touch("a", FOR_LONG)
    table.set("a", 1, IS_OVER)
    assert table.touch("a", FOR_LONG)
    assert table.get("a") == 1
    assert table.touch("a", None)
    assert table.get("a") == 1


def test_django_reads_what_is_stored(table: TableCache) -> None:
    table.set("a", {"list": [1.5, "ü"]}, None)
    assert DatabaseCache("education_cache", {}).get("a") == {"list": [1.5, "ü"]}


def test_what_is_over_goes_and_nothing_else_however_much_there_is(table: TableCache) -> None:
    for number in range(400):
        table.set(f"n{number}", number, FOR_LONG if number % 2 else IS_OVER)
    assert table.update_together(["a", "b"], plus_one, FOR_LONG) == {"a": 1, "b": 10}
    assert rows() == 202
    assert table.get("n1") == 1


def test_the_changes_see_what_was_stored_and_no_change_stores_nothing(table: TableCache) -> None:
    table.update_together(["a", "b"], plus_one, FOR_LONG)
    seen: list[Values] = []
    assert table.update_together(["a", "c"], lambda found: seen.append(found) or {}, FOR_LONG) == {}
    assert seen == [{"a": 1}]
    assert table.update_together(["a"], plus_one, FOR_LONG) == {"a": 2, "b": 10}


def test_a_database_that_refuses_stores_nothing_and_says_so(table: TableCache) -> None:
    with read_only():
        assert table.update_together(["a"], plus_one, FOR_LONG) == {}
        assert not table.add("a", 1)
        assert not table.touch("a")
        table.set("a", 1)
    assert table.get("a") is None
