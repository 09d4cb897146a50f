"""The list of articles in the admin is as fast with a hundred thousand of them as with one."""

import pytest
from django.db import connection
from django.test import Client

from education.articles.admin import ArticleAdmin
from education.core import admin
from tests.cast import article
from tests.queries import queries
from tests.screens import body

pytestmark = pytest.mark.django_db
LIST = "/admin/education/article/"


def asked(client: Client, query: str = "") -> list[str]:
    def opened() -> None:
        assert client.get(f"{LIST}{query}").status_code == 200

    return queries(opened)


def test_more_articles_take_no_further_queries(erin: Client) -> None:
    article("one")
    asked(erin)  # the first visit also records the session
    first = len(asked(erin))
    for slug in ("two", "three"):
        article(slug)
    assert len(asked(erin)) == first


@pytest.mark.sqlite
@pytest.mark.parametrize("query", ["", "?o=1", "?o=-5"])
def test_the_list_neither_counts_all_rows_nor_sorts_them(
    erin: Client, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ArticleAdmin, "list_per_page", 1)
    for slug in ("one", "two"):
        article(slug)
    about = [sql for sql in asked(erin, query) if 'FROM "education_article"' in sql]
    assert about
    for sql in about:
        assert "LIMIT" in sql, sql
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            plan = " ".join(str(row[-1]) for row in cursor.fetchall())
        assert "B-TREE FOR ORDER BY" not in plan, plan


def test_articles_beyond_the_last_page_can_still_be_found(erin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin, "MAX_ROWS", 2)
    for slug in ("one", "two", "zebra"):
        article(slug)
    assert "2 articles" in body(erin.get(LIST))
    assert ">Zebra</a>" in body(erin.get(f"{LIST}?q=zebra"))
