"""Patients find pages with the words they have, spelt as they spell them."""

from urllib.parse import quote

import pytest
from django.test import Client

from education.search.queries import find
from tests.cast import clinic, published, text
from tests.database import SharedRows
from tests.each import of_each
from tests.screens import body, links, plain_words

pytestmark = pytest.mark.django_db


def titles(query: str) -> list[str]:
    return [entry.title for entry in find(query).results]


@pytest.fixture(autouse=True, scope="module")
def pages(shared_rows: SharedRows) -> None:
    with shared_rows():
        published(
            "lupus", title="Lupus", aliases="SLE\nsystemic lupus erythematosus", blocks=[text("<p>The kidneys.</p>")]
        )
        published(
            "sjogren", title="Sjögren’s disease", aliases="dry eyes", blocks=[text("<p>Dry mouth, pain and lupus.</p>")]
        )
        published(
            "ldn",
            title="Low-dose naltrexone",
            aliases="LDN",
            blocks=[text("<h2>Opioid receptors</h2><p>It blocks.</p>")],
        )
        published(
            "fibromyalgia",
            aliases="FMS",
            summary="Pain that lasts.",
            blocks=[text("<h2>What about LDN?</h2><p>Allergies too.</p>")],
        )


@of_each(
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
    ]
)
def test_the_page_about_the_query_comes_first(case: tuple[str, str]) -> None:
    query, first = case
    assert titles(query)[:1] == [first]
    assert find(query).suggestion == ""


@of_each(
    [
        ("lupis", "lupus", "Lupus"),
        ("fybromyalgia", "fibromyalgia", "Fibromyalgia"),
        ("fibromialgya pain", "fibromyalgia pain", "Fibromyalgia"),
        ("sjorgens", "sjogren", "Sjögren’s disease"),
        ("naltraxone", "naltrexone", "Low-dose naltrexone"),
        ("opiod recepters", "opioid receptor", "Low-dose naltrexone"),
    ]
)
def test_a_typing_error_is_corrected_and_said(case: tuple[str, str, str], client: Client) -> None:
    typed, meant, first = case
    found = find(typed)
    assert (found.suggestion, found.results[0].title) == (meant, first)
    page = body(client.get("/search/", {"q": typed}))
    assert f'Did you mean <a href="/search/?q={quote(meant)}"><strong>{meant}</strong></a>?' in page
    assert f"for “{meant}” You typed “{typed}”." in plain_words(page)


@of_each(["xyzzy", "MS", "zzz", "qwertyuiop asdfgh", "🙂", "中文"])
def test_a_search_without_results_says_so_and_helps(query: str, client: Client) -> None:
    clinic(telephone="555 0100")
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    page = body(response)
    assert f"We found no page for “{query}”." in plain_words(page)
    assert "Did you mean" not in page
    main = page[page.index("<main") :]
    assert {"/a-z/", "/autoimmune-conditions/", "tel:5550100"} <= set(links(main))
    assert f'value="{query}"' in main


@of_each(["", "   ", "\t\n", "*", '"', "()", "''", "-", "%", "_", "\\", "?!", "\x00"])
def test_a_query_without_words_is_no_error(query: str, client: Client) -> None:
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


@of_each(WEIRD)
def test_query_syntax_of_the_database_has_no_effect(query: str, client: Client) -> None:
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    assert '<a href="/autoimmune-conditions/lupus/">Lupus</a>' in body(response)
