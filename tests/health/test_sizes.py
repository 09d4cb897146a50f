"""SQLite knows how long its tables are, and so which way to look for a page."""

import pytest
from django.db import connection

from education.health.actions import note_sizes
from education.search.queries import find
from tests.cast import published

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_a_search_begins_with_the_words_and_not_with_every_page() -> None:
    for slug in ("lupus", "gout", "psoriasis"):
        published(slug)
    note_sizes()
    with connection.cursor() as cursor:
        cursor.execute("SELECT idx FROM sqlite_stat1 WHERE tbl = 'modelsearch_indexentry'")
        assert cursor.fetchall()
    assert [entry.title for entry in find("gout").results] == ["Gout"]
