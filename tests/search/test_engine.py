"""Pages are found by the search engine that SEARCH_URL names; while it is away, by the database."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from education.audit import facts
from education.search import engine
from education.search.queries import find
from tests.cast import published
from tests.search.played_engine import PlayedEngine, played

pytestmark = pytest.mark.django_db
NAME = "clinic_education_searchentry"


@pytest.fixture
def server(settings: Settings) -> Iterator[PlayedEngine]:
    with played() as server:
        opensearch = {"BACKEND": "modelsearch.backends.opensearch3", "URLS": [server.url], "INDEX_PREFIX": "clinic_"}
        options = {"AUTO_UPDATE": False, "TIMEOUT": 2, "OPTIONS": {"max_retries": 0}}
        settings.MODELSEARCH_BACKENDS = settings.MODELSEARCH_BACKENDS | {"engine": opensearch | options}
        yield server
    ask_again()


def ask_again() -> None:
    engine._backend.cache_clear()
    engine._Rest.until = 0


def found(words: str) -> list[str]:
    return [entry.title for entry in find(words).results]


def test_an_engine_finds_pages_while_it_is_there_and_knows_those_that_it_missed(
    server: PlayedEngine, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    published("lupus")
    published("gout")
    assert found("gout") == ["Gout"]  # in the database: the engine is new, and has no index yet
    assert f"POST /{NAME}/_search" in server.asked
    ask_again()
    engine.bring_up_to_date()
    assert len(server.documents(NAME)) == 2
    before = len(server.asked)
    assert (found("gout"), found("gou"), found("gouts")) == (["Gout"], ["Gout"], ["Gout"])
    assert {line.split("/")[-1] for line in server.asked[before:]} == {"_search"}
    assert found("zzyzx") == []
    gout = next(document for document in server.documents(NAME).values() if "gout" in document["words"])
    gout["words"] += " zzyzx"
    assert found("zzyzx") == ["Gout"], "which the engine alone knows"
    with django_capture_on_commit_callbacks(execute=True):
        published("psoriasis")
    assert len(server.documents(NAME)) == 3
    before = len(server.asked)
    engine.bring_up_to_date()
    assert server.asked[before:] == [f"POST /{NAME}/_count"]

    server.away = True
    assert (found("gout"), found("zzyzx")) == (["Gout"], [])
    with django_capture_on_commit_callbacks(execute=True):
        published("vitiligo")
    assert found("vitiligo") == ["Vitiligo"]
    assert facts.known(engine.BEHIND)

    server.away, before = False, len(server.asked)
    ask_again()
    engine.bring_up_to_date()
    assert not facts.known(engine.BEHIND)
    assert len(server.documents(NAME)) == 4
    assert found("vitiligo") == ["Vitiligo"]
    assert server.asked[-1] == f"POST /{NAME}/_search"
