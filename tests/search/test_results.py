"""What may be found, and the page that lists it."""

import re
from typing import Any

import pytest
from django.test import Client

from education.search import actions as search
from education.search.models import SearchEntry
from education.search.queries import find
from education.search.words import words_of
from tests.cast import article, live, published, reference, rewritten, text
from tests.each import of_each
from tests.screens import body, plain_words

pytestmark = pytest.mark.django_db


def titles(query: str) -> list[str]:
    return [entry.title for entry in find(query).results]


def test_a_flood_of_words_is_cut_short(client: Client, django_assert_max_num_queries: Any) -> None:
    published("lupus")
    client.get("/search/")
    with django_assert_max_num_queries(10):
        response = client.get("/search/", {"q": " ".join(f"word{number}" for number in range(900))})
    assert response.status_code == 200
    assert len(body(response)) < 10_000


def test_no_question_yet_is_a_page_with_a_field(client: Client) -> None:
    page = body(client.get("/search/"))
    assert 'name="q"' in page
    assert "We found no page" not in page


def test_results_count_and_speak_in_the_words_of_the_edition(client: Client) -> None:
    edition = published("lupus", summary="Published words.")
    rewritten(edition.article, summary="Draft words.", title="Draft title")
    page = plain_words(body(client.get("/search/?q=lupus")))
    assert "1 page for “lupus”" in page
    assert "Published words." in page
    assert "Draft" not in page
    assert "Autoimmune conditions" in page


@pytest.mark.parametrize(
    ("pages", "said"), [(30, "30 pages for “ache hurt”"), (31, "More than 30 pages for “ache hurt”.")]
)
def test_of_very_many_pages_it_says_that_there_are_more(client: Client, pages: int, said: str) -> None:
    for number in range(pages):
        search.put(f"/pain/ache-{number}/", title=f"Ache {number}", summary="It hurts.", kind="condition")
    page = plain_words(body(client.get("/search/?q=ache+hurt")))
    assert said in page
    assert ("Add a word to find fewer." in page) is (pages > 30)
    assert ("Use fewer words" in page) is (pages == 30)


@pytest.mark.parametrize(("query", "advised"), [("I want to die", False), ("xyzzy", False), ("xyzzy plugh", True)])
def test_whoever_typed_two_words_is_advised_to_leave_one_out_unless_help_is_needed_now(
    client: Client, query: str, advised: bool
) -> None:
    assert ("Use fewer words" in plain_words(body(client.get("/search/", {"q": query})))) is advised


def test_whoever_speaks_of_dying_is_shown_help_and_no_page_that_merely_has_the_words(client: Client) -> None:
    search.put("/ms/", title="Multiple sclerosis", body="Some nerves die. If you want a baby, ask.")
    search.put("/help/", title="When you want to die", body="You are not alone.")
    page = plain_words(body(client.get("/search/", {"q": "I want to die"})))
    assert "Do you need help now?" in page
    assert titles("I want to die") == ["When you want to die"]
    search.remove("/help/")
    page = plain_words(body(client.get("/search/", {"q": "I want to die"})))
    assert "Multiple sclerosis" not in page
    assert "We found no page" not in page


def test_what_hurts_is_found_where_a_page_speaks_of_pain() -> None:
    search.put("/psoriasis/", title="Psoriasis", summary="It can hurt joints.", body="Joints hurt.")
    search.put("/arthritis/", title="Arthritis", summary="Pain in joints.", body="Painful joints.")
    assert titles("my joints hurt") == ["Arthritis"]
    assert titles("nothing hurts") == ["Psoriasis"]  # as it is typed, if no page says pain


@of_each(
    [
        ("why am I always so tired", "Sleep"),
        ("cansancio", "Sleep"),
        ("Dolor de la piel", "Skin"),
        ("forgot it", "Doses"),
    ]
)
def test_words_of_patients_and_of_those_with_little_english_find_what_pages_call_it(case: tuple[str, str]) -> None:
    typed, first = case
    published("sleep", title="Sleep", blocks=[text("<p>Tiredness may last.</p>")])
    published("skin", title="Skin", blocks=[text("<p>Pain of the skin.</p>")])
    published("doses", title="Doses", blocks=[text("<p>A missed dose.</p>")])
    assert titles(typed)[:1] == [first]


def test_a_page_of_that_name_is_not_lost_for_a_word_that_other_pages_have() -> None:
    published("lupus", title="Lupus", blocks=[text("<p>A rash.</p>")])
    published("sleep", title="Sleep", blocks=[text("<p>Tiredness in lupus may last.</p>")])
    published("other", title="Other", aliases="a name\n\n–\nanother", blocks=[text("<p>Of lupus, too.</p>")])
    published("me-cfs", title="ME/CFS", aliases="chronic fatigue", blocks=[text("<p>Chronic tiredness.</p>")])
    assert titles("lupus fatigue") == ["Lupus", "Sleep"]
    assert titles("fatigue") == ["ME/CFS", "Sleep"]
    assert titles("chronic fatigue") == ["ME/CFS"]


def test_a_condition_that_is_named_comes_first_and_a_medicine_names_none() -> None:
    published("lupus", title="Lupus", aliases="Plaquenil", blocks=[text("<p>A rash.</p>")])
    published("travel", kind="guide", title="Travel", blocks=[text("<p>Travel with Plaquenil, or lupus.</p>")])
    published("decision", kind="guide", title="Travel and lupus: what to ask", blocks=[text("<p>Ask.</p>")])
    named, others = find("lupus travel").hits()
    assert [hit.page.title for hit in named] == ["Travel and lupus: what to ask", "Lupus", "Travel"]
    assert others == []
    assert titles("Plaquenil travel")[:1] == ["Travel"]


def test_of_two_spellings_that_are_as_near_the_one_on_more_pages_is_proposed() -> None:
    published("lupus", aliases="psorasis", blocks=[text("<p>Not psoriasis.</p>")])
    published("psoriasis", title="Psoriasis")
    assert find("psorisis").suggestion == "psoriasis"


def test_a_page_with_one_word_in_its_name_does_not_come_before_those_with_more_of_them() -> None:
    published("fingers", title="Fingers", blocks=[text("<p>Swollen, numb.</p>")])
    published("ice", title="Ice", blocks=[text("<p>Cold, white, numb fingers.</p>")])
    named, others = find("numb fingers cold white elbow").hits()
    assert [hit.page.title for hit in named] == ["Ice", "Fingers"]
    assert others == []


def test_of_a_page_that_was_found_the_first_sentence_is_said(client: Client) -> None:
    published("lupus", summary="An illness of many parts. Signs, tests and treatments.")
    page = plain_words(body(client.get("/search/?q=lupus")))
    assert "An illness of many parts." in page
    assert "Signs, tests" not in page.partition("An illness of many parts.")[2]


def test_the_furniture_of_a_page_is_not_found(client: Client) -> None:
    """Every page with a reference has the words “Back to text: use 1 of reference 1”."""
    reference(title="Zebra study")
    published("lupus", blocks=[text("<p>Plain.[@younger-2013]</p>")])
    assert titles("reference") == titles("text") == titles("zebra") == []


def test_publishing_again_replaces_what_is_found_and_removing_takes_it_away() -> None:
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
def test_words_are_compared_without_their_ends(text_: str, compared: list[str]) -> None:
    assert words_of(text_) == compared


def test_thirty_results_are_enough() -> None:
    for number in range(33):
        search.put(f"/page-{number}/", title=f"Pain {number}", body="x")
    assert len(titles("pain")) == 30


def test_a_draft_that_was_never_published_is_not_found() -> None:
    article("lupus")
    assert titles("lupus") == []


def test_the_address_of_every_result_opens(client: Client) -> None:
    published("lupus")
    page = body(client.get("/search/?q=lupus"))
    results = re.findall(r'<h2><a href="([^"]+)">', page)
    assert results == ["/autoimmune-conditions/lupus/"]
    assert client.get(results[0]).status_code == 200
