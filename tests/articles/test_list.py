"""The list of articles in the admin is as quick with a hundred thousand of them as with one."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from education.articles.admin import ArticleAdmin
from education.core import paging
from tests.cast import article
from tests.screens import body

pytestmark = pytest.mark.django_db
LIST = "/admin/education/article/"


def asked(client: Client, query: str = "") -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(f"{LIST}{query}").status_code == 200
    return [query["sql"] for query in queries]


def test_more_articles_ask_no_more(erin: Client) -> None:
    article("one")
    asked(erin)  # the first visit also notes who is there
    first = len(asked(erin))
    for slug in ("two", "three"):
        article(slug)
    assert len(asked(erin)) == first


@pytest.mark.sqlite
@pytest.mark.parametrize("query", ["", "?o=1", "?o=-5"])
def test_nothing_is_counted_to_its_end_or_sorted(erin: Client, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_what_lies_beyond_the_last_page_is_still_found(erin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MOST", 2)
    for slug in ("one", "two", "zebra"):
        article(slug)
    assert "2 articles" in body(erin.get(LIST))
    assert ">Zebra</a>" in body(erin.get(f"{LIST}?q=zebra"))
