"""Loading in short transactions: what a failure left is completed by the next run, and others may write meanwhile."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from education.articles.library import loading
from education.articles.models import Article
from education.audit.models import AuditEvent
from tests.articles.conftest import Write
from tests.screens import body

pytestmark = pytest.mark.django_db
SLUGS = ("first", "second", "third")


@pytest.fixture
def three_pages(write: Write) -> None:
    for slug in SLUGS:
        write(file=f"{slug}.md", slug=slug)


class Fault(Exception):
    """What no code expects, as if the process had ended."""


def failing_at(slug: str, act: Callable[..., Any]) -> Callable[..., Any]:
    def failing(about: Any, **options: Any) -> Any:
        found = act(about, **options)
        if getattr(about, "slug", "") == slug:
            raise Fault
        return found

    return failing


@pytest.mark.parametrize("verb", ["draft_saved", "publish_starter"])
@pytest.mark.usefixtures("three_pages")
def test_loading_again_completes_what_a_failure_in_the_middle_left(
    folder: Path, client: Client, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    with monkeypatch.context() as planted:
        planted.setattr(loading.actions, verb, failing_at("second", getattr(loading.actions, verb)))
        with pytest.raises(Fault):
            loading.load(folder, by=None, publish=True)
    answers = [client.get(f"/autoimmune-conditions/{slug}/").status_code for slug in SLUGS]
    assert answers == [200, 404, 404]
    assert str(loading.load(folder, by=None, publish=True)) == "2 created, 1 unchanged"
    assert {client.get(f"/autoimmune-conditions/{slug}/").status_code for slug in SLUGS} == {200}
    noted = AuditEvent.objects.filter(verb="library_loaded").order_by("pk").values_list("detail", flat=True)
    assert list(noted) == [{"created": 1, "topics": 1}, {"created": 2}]


@pytest.mark.usefixtures("three_pages")
def test_words_that_a_failure_interrupted_are_shown_by_the_next_loading(
    folder: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as planted:
        planted.setattr(loading.wording, "show_as_loaded", failing_at("", loading.wording.show_as_loaded))
        with pytest.raises(Fault):
            loading.load(folder, by=None, publish=True)
    loading.load(folder, by=None, publish=True)
    assert "Autoimmune conditions" in body(client.get("/autoimmune-conditions/"))


@pytest.mark.usefixtures("three_pages")
def test_each_file_is_a_transaction_so_that_others_may_write_between(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test is one transaction: those within it are savepoints, the outermost of which each page has to itself."""
    around = len(connection.savepoint_ids)
    seen: list[str] = []

    def saved(draft: Article, **options: Any) -> None:
        seen.append(connection.savepoint_ids[around])
        draft_saved(draft, **options)

    draft_saved = loading.actions.draft_saved
    monkeypatch.setattr(loading.actions, "draft_saved", saved)
    loading.load(folder, by=None, publish=True)
    assert len(seen) == len(set(seen)) == len(SLUGS)


@pytest.mark.usefixtures("three_pages")
def test_the_command_says_what_stays_of_a_library_with_a_fault(folder: Path, write: Write) -> None:
    write(file="second.md", slug="second", topic="no-such-topic")
    with pytest.raises(CommandError, match=r"no-such-topic.* What was loaded before this stays\. Correct the file"):
        call_command("load_articles", folder)
    assert list(Article.objects.values_list("slug", flat=True)) == ["first"]
    write(file="second.md", slug="second")
    call_command("load_articles", folder)
    assert Article.objects.count() == len(SLUGS)
