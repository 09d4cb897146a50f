"""Patients find pages with the words they have, spelt as they spell them."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from education.articles.library.loading import STARTER, load
from education.search import actions as search
from education.search.models import SearchEntry
from education.search.queries import find
from education.search.words import words_of
from tests.cast import article, clinic, live, published, reference, rewritten, text
from tests.screens import body, links, plain_words

pytestmark = pytest.mark.django_db


def titles(query: str) -> list[str]:
    return [entry.title for entry in find(query).results]


@pytest.fixture
def pages() -> None:
    published("lupus", title="Lupus", aliases="SLE\nsystemic lupus erythematosus", blocks=[text("<p>The kidneys.</p>")])
    published(
        "sjogren", title="Sjögren’s disease", aliases="dry eyes", blocks=[text("<p>Dry mouth, pain and lupus.</p>")]
    )
    published(
        "ldn", title="Low-dose naltrexone", aliases="LDN", blocks=[text("<h2>Opioid receptors</h2><p>It blocks.</p>")]
    )
    published(
        "fibromyalgia",
        aliases="FMS",
        summary="Pain that lasts.",
        blocks=[text("<h2>What about LDN?</h2><p>Allergies too.</p>")],
    )


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("lupus", "Lupus"),
        ("LUPUS", "Lupus"),
        ("SLE", "Lupus"),
        ("erythematosus systemic", "Lupus"),
        ("kidney", "Lupus"),
        ("Sjögren's", "Sjögren’s disease"),
        ("sjögren’s", "Sjögren’s disease"),
        ("sjogrens", "Sjögren’s disease"),
        ("sjogren", "Sjögren’s disease"),
        ("SJO\u0308GREN", "Sjögren’s disease"),
        ("sjogren's disease symptoms", "Sjögren’s disease"),
        ("mouths", "Sjögren’s disease"),
        ("receptor", "Low-dose naltrexone"),
        ("receptors", "Low-dose naltrexone"),
        ("receptor block", "Low-dose naltrexone"),
        ("opioid receptor", "Low-dose naltrexone"),
        ("low dose naltrexone", "Low-dose naltrexone"),
        ("low-dose naltrexone?", "Low-dose naltrexone"),
        ("what does LDN do", "Low-dose naltrexone"),
        ("naltrex", "Low-dose naltrexone"),
        ("fibro", "Fibromyalgia"),
        ("allergy", "Fibromyalgia"),
        ("pain lasting", "Fibromyalgia"),
        ("lupus pain receptor", "Sjögren’s disease"),
    ],
)
def test_the_page_about_the_query_comes_first(query: str, first: str) -> None:
    assert titles(query)[:1] == [first]
    assert find(query).suggestion == ""


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize(
    ("typed", "meant", "first"),
    [
        ("lupis", "lupus", "Lupus"),
        ("fybromyalgia", "fibromyalgia", "Fibromyalgia"),
        ("fibromialgya pain", "fibromyalgia pain", "Fibromyalgia"),
        ("sjorgens", "sjogren", "Sjögren’s disease"),
        ("naltraxone", "naltrexone", "Low-dose naltrexone"),
        ("opiod recepters", "opioid receptor", "Low-dose naltrexone"),
    ],
)
def test_a_typing_error_is_corrected_and_said(client: Client, typed: str, meant: str, first: str) -> None:
    found = find(typed)
    assert (found.suggestion, found.results[0].title) == (meant, first)
    page = body(client.get("/search/", {"q": typed}))
    assert f'Did you mean <a href="/search/?q={quote(meant)}"><strong>{meant}</strong></a>?' in page


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize("query", ["xyzzy", "MS", "zzz", "qwertyuiop asdfgh", "🙂", "中文"])
def test_a_search_without_results_says_so_and_helps(client: Client, query: str) -> None:
    clinic(telephone="555 0100")
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    page = body(response)
    assert f"No page was found for “{query}”." in plain_words(page)
    assert "Did you mean" not in page
    main = page[page.index("<main") :]
    assert {"/a-z/", "/autoimmune-conditions/", "tel:5550100"} <= set(links(main))
    assert f'value="{query}"' in main


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize("query", ["", "   ", "\t\n", "*", '"', "()", "''", "-", "%", "_", "\\", "?!", "\x00"])
def test_a_query_without_words_is_no_error(client: Client, query: str) -> None:
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    assert "<ol class=" not in body(response)


WEIRD = [
    '"lupus',
    "lupus*",
    "*lupus",
    "(lupus",
    "lupus)",
    "lupus AND",
    "OR lupus",
    "NOT lupus",
    "lupus NEAR/2 kidneys",
    "title:lupus",
    "{lupus kidneys}",
    "lupus^2",
    "lupus -xyzzy",
    "lupus; DROP TABLE education_searchentry",
    "lupus' OR '1'='1",
    "lupus\x00",
    "l\u0300upus",
    "%lupus%",
    "lupus\\",
    "lupus " * 1000,
    "lupus " + "a" * 5000,
]


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize("query", WEIRD)
def test_query_syntax_of_the_database_has_no_effect(client: Client, query: str) -> None:
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    assert '<a href="/autoimmune-conditions/lupus/">Lupus</a>' in body(response)


def test_a_very_long_query_is_cut(client: Client, django_assert_max_num_queries: Any) -> None:
    published("lupus")
    with django_assert_max_num_queries(8):
        response = client.get("/search/", {"q": " ".join(f"word{number}" for number in range(900))})
    assert response.status_code == 200
    assert len(body(response)) < 10_000


def test_without_a_query_there_is_the_search_field(client: Client) -> None:
    page = body(client.get("/search/"))
    assert 'name="q"' in page
    assert "No page was found" not in page


def test_results_are_counted_and_quote_the_edition(client: Client) -> None:
    edition = published("lupus", summary="Published words.")
    rewritten(edition.article, summary="Draft words.", title="Draft title")
    page = plain_words(body(client.get("/search/?q=lupus")))
    assert "1 page for “lupus”" in page
    assert "Published words." in page
    assert "Draft" not in page
    assert "Autoimmune conditions" in page


def test_the_menu_and_footer_are_not_indexed(client: Client) -> None:
    """Every page with a reference has the words “Back to text: use 1 of reference 1”."""
    reference(title="Zebra study")
    published("lupus", blocks=[text("<p>Plain.[@younger-2013]</p>")])
    assert titles("reference") == titles("text") == titles("zebra") == []


def test_publishing_again_updates_the_index_and_withdrawing_removes_from_it() -> None:
    draft = published("lupus", aliases="SLE").article
    live(rewritten(draft, title="Other", aliases=""))
    assert titles("SLE") == []
    assert titles("other") == ["Other"]
    search.remove("/autoimmune-conditions/lupus/")
    search.remove("/autoimmune-conditions/lupus/")
    assert titles("other") == []
    assert str(SearchEntry(title="Lupus")) == "Lupus"


@pytest.mark.parametrize(
    ("text_", "compared"),
    [
        ("Receptors, Sjögren’s; allergies!", ["receptor", "sjogren", "allergy"]),
        ("Lupus arthritis illness gas MS IBS", ["lupus", "arthritis", "illness", "gas", "ms", "ibs"]),
        ("students' d'or 4.5 mg", ["student", "dor", "4", "5", "mg"]),
        ("snake_case", ["snake", "case"]),
    ],
)
def test_words_are_compared_without_their_endings(text_: str, compared: list[str]) -> None:
    assert words_of(text_) == compared


def test_there_are_at_most_thirty_results() -> None:
    for number in range(33):
        search.put(f"/page-{number}/", title=f"Pain {number}", body="x")
    assert len(titles("pain")) == 30


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("LDN", "Low-dose naltrexone for autoimmune diseases and fibromyalgia"),
        ("fibro", "Fibromyalgia"),
        ("lupis", "Lupus"),
        ("sjogrens", "Sjögren's disease"),
        ("receptor", "How LDN might work"),
    ],
)
def test_the_starter_library_answers_common_queries(query: str, first: str) -> None:
    load(STARTER, by=None, publish=True)
    assert titles(query)[0] == first


def test_a_draft_that_was_never_published_is_not_found() -> None:
    article("lupus")
    assert titles("lupus") == []


def test_the_address_of_every_result_opens(client: Client) -> None:
    published("lupus")
    page = body(client.get("/search/?q=lupus"))
    results = re.findall(r'<h2><a href="([^"]+)">', page)
    assert results == ["/autoimmune-conditions/lupus/"]
    assert client.get(results[0]).status_code == 200
