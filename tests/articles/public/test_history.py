"""Patients see what changed on a page and when; staff see what a draft would change."""

import pytest
from django.test import Client

from education.articles.content.canonical import draft_content
from education.articles.models import Article
from education.articles.publishing import actions
from tests.cast import (
    article,
    clara,
    complete,
    erin_the_editor,
    ines_at_intake,
    issued,
    key_points,
    live,
    logged_in,
    published,
    rewritten,
    signed,
    text,
)
from tests.database import SharedRows
from tests.each import of_each
from tests.queries import asked
from tests.screens import body, harm, links, plain_words

pytestmark = pytest.mark.django_db
LUPUS = "/autoimmune-conditions/lupus/"
HISTORY = f"{LUPUS}history/"


@pytest.fixture(scope="module")
def three_editions(shared_rows: SharedRows) -> None:
    with shared_rows():
        draft = complete("lupus", kind="guide", blocks=[key_points("Cats."), text("<p>The cat sat here.</p>")])
        live(draft)
        rewritten(draft, key_points("Cats."), text("<p>The dog sat here.</p>"))
        issued(draft, reason="Cats are dogs now.")
        rewritten(draft, key_points("Cats."), text("<p>The dog sat here.</p><p>It <strong>barks</strong>.</p>"))
        issued(draft)


@pytest.fixture
def lupus(three_editions: None) -> Article:
    return Article.objects.get(slug="lupus")


def test_every_edition_is_listed_with_its_date_and_what_changed(client: Client, lupus: Article) -> None:
    page = body(client.get(HISTORY))
    words = plain_words(page)
    for said in (
        "Edition 3 current",
        "Cats are dogs now.",
        "Nobody noted what changed.",
        "before a clinician had reviewed it. Loaded from the starter library.",
    ):
        assert said in words
    assert words.index("Edition 3") < words.index("Edition 2") < words.index("Edition 1")
    assert [href for href in links(page) if href.startswith("?")] == ["?from=2&to=3", "?from=1&to=2"]
    assert HISTORY in links(body(client.get(LUPUS)))


def test_two_editions_are_compared(client: Client, lupus: Article) -> None:
    page = body(client.get(f"{HISTORY}?from=1&to=2"))
    words = plain_words(page)
    assert "From edition 1 to edition 2" in words
    assert "version" not in words  # one name for one thing
    assert "1 word added, 1 removed." in words
    assert "The Removed: cat . End of what was removed. Added: dog . End of what was added. sat here." in words
    assert "<del>" in page
    assert "<ins>" in page
    backwards = plain_words(body(client.get(f"{HISTORY}?from=2&to=1")))
    assert "Removed: dog" in backwards
    assert "The words are the same." in body(client.get(f"{HISTORY}?from=2&to=2"))


@of_each(["from=1&to=9", "from=1", "to=2", "from=x&to=2", "from=1&to=-1", "from=&to="])
def test_an_edition_that_does_not_exist_is_not_found(query: str, client: Client, lupus: Article) -> None:
    assert client.get(f"{HISTORY}?{query}").status_code == 404


def test_policies_have_a_history_but_drafts_and_topics_have_none(client: Client) -> None:
    published("privacy", kind="policy")
    article("gout")
    assert client.get("/privacy/history/").status_code == 200
    for path in ("/autoimmune-conditions/gout/history/", "/autoimmune-conditions/history/", "/x/privacy/history/"):
        assert client.get(path).status_code == 404, path


def test_it_makes_as_many_queries_for_three_editions_as_for_one(client: Client, lupus: Article) -> None:
    published("gout")
    three, one = (asked(lambda path=path: client.get(path)) for path in (HISTORY, HISTORY.replace("lupus", "gout")))
    assert one == three <= 4


def test_a_draft_is_never_shown_to_patients(client: Client, lupus: Article) -> None:
    rewritten(lupus, text("<p>Secret plans.</p>"), title="Secret title")
    for path in (HISTORY, f"{HISTORY}?from=1&to=3"):
        assert "Secret" not in body(client.get(path))
    assert client.get(f"{HISTORY}?from=1&to=draft").status_code == 404


# Staff


def compare(client: Client, draft: Article, query: str = "") -> str:
    return body(client.get(f"/admin/education/article/{draft.pk}/compare/{query}"))


def test_staff_see_what_the_draft_would_change(lupus: Article) -> None:
    erin = logged_in(erin_the_editor())
    rewritten(lupus, key_points("One <b>thing</b>."), title="New title")
    page = compare(erin, lupus)
    words = plain_words(page)
    assert "Added: One <b>thing</b>." in words
    assert "Removed: Lupus" in words
    assert not [found for found in harm(page[page.index('class="comparison"') :]) if "script" not in found]
    assert "Removed: One" in plain_words(compare(erin, lupus, "?from=draft&to=2"))
    editions = body(erin.get(f"/admin/education/article/{lupus.pk}/editions/"))
    assert f"/admin/education/article/{lupus.pk}/compare/" in links(editions)


def test_a_page_that_was_never_published_has_nothing_to_compare() -> None:
    assert "there is nothing to compare the draft with" in compare(logged_in(erin_the_editor()), article("gout"))


@of_each(["?from=9", "?to=nothing", "?from=99999999999999999999"])
def test_staff_who_compare_a_missing_edition_get_not_found(query: str, erin: Client, lupus: Article) -> None:
    assert erin.get(f"/admin/education/article/{lupus.pk}/compare/{query}").status_code == 404


def test_intake_staff_see_no_draft(lupus: Article) -> None:
    assert logged_in(ines_at_intake()).get(f"/admin/education/article/{lupus.pk}/compare/").status_code == 403


def test_a_signature_that_was_taken_back_before_publication_is_no_review(client: Client) -> None:
    draft = complete("gout")
    history = f"{draft.get_absolute_url()}history/"
    signed(draft)
    actions.send_back(draft, note="Too fast.", by=clara())
    actions.submit(draft, by=erin_the_editor())
    issued(draft)
    assert "nothing to change" not in body(client.get(history))
    signed(draft)
    assert "nothing to change" in body(client.get(history))


def test_a_review_stays_in_the_history_though_its_words_were_published_again_later(client: Client) -> None:
    draft = complete("gout")
    issued(draft)
    signed(draft)
    blocks = draft_content(draft)["blocks"]
    rewritten(draft, *blocks, text("<p>More words.</p>"))
    issued(draft)
    rewritten(draft, *blocks)
    issued(draft)
    words = plain_words(body(client.get(f"{draft.get_absolute_url()}history/")))
    assert "Reviewed, nothing to change Edition 1 was read by Dr Clara Kline, MD" in words
