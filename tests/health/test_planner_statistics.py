"""With fresh statistics, SQLite plans a search by its words."""

import pytest
from django.db import connection

from education.health.actions import refresh_planner_statistics
from education.search.queries import find
from tests.cast import published

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_a_search_begins_with_the_words_and_not_with_every_page() -> None:
    for slug in ("lupus", "gout", "psoriasis"):
        published(slug)
    refresh_planner_statistics()
    with connection.cursor() as cursor:
        cursor.execute("SELECT idx FROM sqlite_stat1 WHERE tbl = 'modelsearch_indexentry'")
        assert cursor.fetchall()
    assert [entry.title for entry in find("gout").results] == ["Gout"]
