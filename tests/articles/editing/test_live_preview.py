"""The page beside the editor: what has been typed, whatever that is, without storing anything."""

import pytest
from django.test import Client

from education.articles.models import Article, UnsavedWriting
from tests.articles.writing import TEXT, THREE, Opened, address, said
from tests.cast import article, erin_the_editor, logged_in, staff
from tests.screens import body, harm

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)><a href='javascript:alert(1)'>x</a> -->[@\"onfocus=x]"


def shown(draft: Article, **typed: str) -> str:
    opened = Opened(logged_in(erin_the_editor()), draft).type(**typed)
    answer = opened.client.post(address("live_preview", draft), opened.fields)
    assert answer.status_code == 200
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    return body(answer)


def test_it_shows_what_is_typed_block_by_block_and_stores_nothing() -> None:
    draft = article(blocks=THREE)
    page = shown(draft, title="Typed just now", **{f"{TEXT}-1-body": "<p>Other words [@nobody-1999]</p>"})
    assert "Typed just now</h1>" in page
    assert page.index("<!--block 10-->") < page.index("First words") < page.index("<!--block 20-->")
    assert '<mark class="unknown-study">[@nobody-1999]</mark>' in page
    assert said(draft) == ["First words", "Second words", "Third words"]
    assert not UnsavedWriting.objects.exists()


@pytest.mark.parametrize("field", [f"{TEXT}-0-body", "title", "summary"])
def test_nothing_that_is_typed_runs(field: str) -> None:
    assert harm(shown(article(blocks=THREE), **{field: HOSTILE})) == []


def test_only_who_may_write_sees_it() -> None:
    draft = article(blocks=THREE)
    assert logged_in(staff("ines", "intake")).post(address("live_preview", draft), {}).status_code == 403
    assert Client().post(address("live_preview", draft), {}).status_code == 302
