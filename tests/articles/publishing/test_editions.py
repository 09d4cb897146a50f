"""Editions can't be changed: the database itself refuses."""

import hashlib
import json
from importlib import import_module

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from education.articles.content.canonical import canonical_json, draft_content
from education.articles.models import Article, Edition
from education.articles.publishing import actions, editions, moves
from education.audit.models import AuditEvent
from education.pages import actions as pages
from education.pages.models import PageLink, PageVersion
from tests.cast import (
    article,
    clara,
    clara_the_clinician,
    complete,
    every_block,
    every_block_that_passes,
    live,
    published,
    rewritten,
    signed,
    text,
    topic,
)
from tests.dialects import defer_foreign_keys, drop_triggers
from tests.queries import queries

pytestmark = pytest.mark.django_db


def copied(**changes: str) -> str:
    """An INSERT that replaces the row, with these columns changed."""
    columns = [field.column for field in Edition._meta.fields]
    values = ", ".join(changes.get(column, column) for column in columns)
    return f"INTO education_edition ({', '.join(columns)}) SELECT {values} FROM education_edition WHERE true"


OTHER = "'other'"
ATTACKS = [
    "UPDATE education_edition SET html = 'other'",
    "DELETE FROM education_edition",
    *(
        pytest.param(statement, marks=pytest.mark.sqlite)
        for statement in (
            "UPDATE OR IGNORE education_edition SET title = 'other'",
            "UPDATE OR REPLACE education_edition SET sha256 = 'other'",
            "INSERT OR REPLACE " + copied(html=OTHER),
            "INSERT OR REPLACE " + copied(id="id + 1", html=OTHER),
        )
    ),
    "INSERT " + copied(html=OTHER) + " ON CONFLICT (id) DO UPDATE SET html = excluded.html",
]


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def rows() -> list[tuple[object, ...]]:
    return list(Edition.objects.order_by("id").values_list())


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_statement_changes_or_deletes_an_edition(attack: str) -> None:
    published()
    before = rows()
    with pytest.raises(DatabaseError, match="An edition can't be changed"):
        run(attack)
    assert rows() == before


@pytest.mark.parametrize("attack", ATTACKS)
def test_without_the_triggers_the_same_statement_works(attack: str) -> None:
    """So that the test above can fail."""
    published()
    before = rows()
    drop_triggers("education_edition")
    defer_foreign_keys()
    with transaction.atomic():
        run(attack)
        assert rows() != before
        transaction.set_rollback(True)


GUARDED = ("edition", "editionplaces", "signoff", "auditevent", "publicwords")
GUARDED_REQUESTS = ("consultationrequest", "sealedamendment", "sealednote", "erasure")


@pytest.mark.postgres
@pytest.mark.parametrize("table", [*GUARDED, *GUARDED_REQUESTS])
def test_no_table_that_may_only_be_added_to_is_emptied_at_once(table: str) -> None:
    attack = f"TRUNCATE education_{table} CASCADE"
    with pytest.raises(DatabaseError, match=r"can't be changed|erased one by one|only added to"):
        run(attack)
    for guarded in (*GUARDED, *GUARDED_REQUESTS):
        drop_triggers(f"education_{guarded}")
    run(attack)  # without the triggers it works, so this test can fail


PLACES = "education_editionplaces"
ATTACKS_ON_PLACES = [
    f"UPDATE {PLACES} SET data = '{{}}'",
    f"DELETE FROM {PLACES}",
    pytest.param(
        f"INSERT OR REPLACE INTO {PLACES} (edition_id, format, data) SELECT edition_id, 2, '{{}}' FROM {PLACES}",
        marks=pytest.mark.sqlite,
    ),
]


@pytest.mark.parametrize("attack", ATTACKS_ON_PLACES)
def test_no_statement_changes_or_deletes_the_places_of_an_edition(attack: str) -> None:
    published()
    with pytest.raises(DatabaseError, match="The places of an edition can't be changed"):
        run(attack)
    drop_triggers(PLACES)  # without them it works, so this test can fail
    run(attack)


def test_the_orm_neither_changes_nor_deletes_an_edition() -> None:
    edition = published()
    edition.html = "other"
    for attempt in (edition.save, edition.delete, lambda: Edition.objects.update(html="other")):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert Edition.objects.get().html != "other"


def test_an_edition_has_the_drafts_content_and_its_hash_can_be_recomputed() -> None:
    draft = complete("lupus", blocks=every_block_that_passes(), aliases="SLE\nWolf’s disease")
    said = draft_content(draft)
    signed(draft)
    edition = actions.publish(draft, by=clara(), reason="First words")
    assert json.loads(edition.content) == said
    assert hashlib.sha256(edition.content.encode()).hexdigest() == edition.sha256
    assert canonical_json(json.loads(edition.content)) == edition.content
    assert (edition.author, edition.published_by, edition.reason) == ("Ann Author, RN", "clara", "First words")
    assert edition.path == "/autoimmune-conditions/lupus/"
    assert edition.sign_off == draft.sign_off
    assert edition.digest == Edition.objects.get().row_digest()


def test_canonical_json_does_not_depend_on_key_order() -> None:
    assert canonical_json({"b": "é", "a": [1]}) == canonical_json({"a": [1], "b": "é"}) == '{"a":[1],"b":"é"}'
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json({"a": float("nan")})


def test_editions_are_numbered_for_each_page() -> None:
    first = published("lupus")
    second = live(rewritten(first.article, text("<p>New words.</p>")))
    assert (first.number, second.number, published("psoriasis").number) == (1, 2, 1)
    assert str(second) == "Lupus, edition 2"


def test_publishing_the_live_content_again_makes_no_new_edition() -> None:
    edition = published()
    events = AuditEvent.objects.count()
    assert live(edition.article) == edition
    assert (Edition.objects.count(), AuditEvent.objects.count()) == (1, events)


def test_saving_an_unchanged_draft_writes_no_audit_event() -> None:
    edition = published()
    actions.draft_saved(edition.article, by=None)
    assert [event.verb for event in AuditEvent.objects.order_by("id")] == ["article_write", "article_publish"]


def test_restoring_an_edition_changes_the_draft_but_not_the_page() -> None:
    old = published("lupus", blocks=every_block(), aliases="SLE")
    now_live = live(rewritten(old.article, text("<p>New.</p>"), title="Other", aliases=""))
    actions.restore(old, by=clara_the_clinician())
    draft = type(old.article).objects.get()
    assert canonical_json(draft_content(draft)) == old.content
    assert draft.current_edition == now_live
    assert draft in Article.objects.with_unpublished_changes()
    again = live(draft)
    assert (again.number, again.sha256, again.html) == (3, old.sha256, old.html)


def test_pages_of_other_topics_that_link_to_a_page_are_marked_stale_when_it_comes_and_goes() -> None:
    """They show a link while it is there, and plain words otherwise."""
    gout = "/autoimmune-conditions/gout"
    linking = published("aches", topic=topic("pain"), blocks=[text(f'<p>On <a href="{gout}/#toes">gout</a>.</p>')])
    published("cramps", topic=topic("pain"), blocks=[text(f'<p>On <a href="{gout}/history/">gout</a>, {gout}/.</p>')])

    def versions() -> dict[str, int]:
        return dict(PageVersion.objects.filter(path__startswith="/pain/").values_list("path", "version"))

    before = versions()
    draft = published("gout").article
    assert versions() == before | {linking.path: 2}
    actions.withdraw(draft, reason="It was wrong.", by=None)
    assert versions() == before | {linking.path: 3}


def test_links_that_an_older_release_published_are_known_as_if_they_were_published_now() -> None:
    def rows() -> list[tuple[str, str]]:
        return list(PageLink.objects.order_by("path", "to").values_list("path", "to"))

    words = f'<p>On <a href="/pain/gout/#toes">gout</a>, <a href="/{"x" * 400}/">nothing</a>.</p>'
    published("aches", blocks=[text(words)])
    published("privacy", kind="policy", blocks=[text('<p>See <a href="/glossary/">words</a>.</p>')])
    published("cramps", blocks=[text(words)])
    now = rows()
    assert now == [
        ("/autoimmune-conditions/aches/", "/pain/gout/"),
        ("/autoimmune-conditions/cramps/", "/pain/gout/"),
        ("/privacy/", "/glossary/"),
    ]
    PageLink.objects.all().delete()
    import_module("education.migrations.0037_what_a_publication_reads").list_links(apps, None)
    assert rows() == now


def test_links_go_with_their_page() -> None:
    draft = published("aches", blocks=[text('<p>On <a href="/pain/gout/">gout</a>.</p>')]).article
    moves.to_topic(draft, topic("pain"), by=clara())
    assert pages.linking_to("/pain/gout/") == ["/pain/aches/"]
    actions.withdraw(draft, reason="It was wrong.", by=None)
    assert pages.linking_to("/pain/gout/") == []


@pytest.mark.sqlite
def test_a_publication_reads_the_tables_of_pages_by_their_indexes() -> None:
    """On a large site it must not take longer: see “Growth” in BENCHMARKS.md."""
    draft = published("gout").article
    asked = queries(lambda: live(rewritten(draft, text("<p>Other words.</p>"))))
    asked += queries(lambda: actions.withdraw(draft, reason="It was wrong.", by=None))
    asked += queries(lambda: published("lupus"))
    scanned = {table for sql in asked for table in _read_whole(sql)}
    assert not scanned & {"education_edition", "education_searchentry", "education_pagelink", "modelsearch_indexentry"}
    assert not [sql for sql in asked if sql.startswith("SELECT") and "education_editionplaces" in sql]


def _read_whole(sql: str) -> list[str]:
    """The tables of which SQLite reads every row to answer this."""
    if not sql.startswith(("SELECT", "UPDATE", "DELETE")):
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        plan = [step for _, _, _, step in cursor.fetchall()]
    return [step.split()[1] for step in plan if step.startswith("SCAN ") and " USING " not in step]


@pytest.mark.parametrize("failing", ["replace_citations", "replace_credits"])
def test_a_publication_that_fails_halfway_is_rolled_back(monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    draft = article()

    def fails(*args: object, **kwargs: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(editions, failing, fails)
    with pytest.raises(RuntimeError):
        live(draft)
    draft.refresh_from_db()
    assert draft.current_edition is None
    assert not Edition.objects.exists()
