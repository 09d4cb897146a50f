"""A result leads to the part of the page where the words stand, and pages that only mention them come after others."""

import re
from typing import Any

import pytest
from django.test import Client

from education.articles.publishing import editions
from education.search.models import SearchEntry
from education.search.queries import find
from tests.cast import care, key_points, published, reference, text
from tests.database import SharedRows
from tests.each import of_each
from tests.screens import body

pytestmark = pytest.mark.django_db
LUPUS = "/autoimmune-conditions/lupus/"


@pytest.fixture(autouse=True, scope="module")
def pages(shared_rows: SharedRows) -> None:
    with shared_rows():
        reference(title="A kidney study")
        published(
            "lupus",
            title="Lupus",
            aliases="SLE",
            blocks=[
                key_points(
                    "Tell your doctor about tramadol.", "It can harm the kidneys.", "Antibodies, or no antibodies."
                ),
                care(title="Get help", body="<p>A fever. You can’t walk, not even a short walk.</p>"),
                text("<h2>What it is</h2><p>It harms kidneys. Doctors look at your kidneys.[@younger-2013]</p>"),
                text("<h2>Tests</h2><p>Antibodies.</p>"),
                text("<h2>Sleep</h2><p>Rest. If you take tramadol, say so.</p><h3>Naps</h3><p>A short walk.</p>"),
            ],
        )
        published("tramadol", title="Tramadol", blocks=[text("<p>It is an opioid.</p>")])
        published(
            "cost",
            title="Dose and cost",
            blocks=[
                care(level="urgent", title="Call for help", body="<p>You took too much, or many.</p>"),
                text("<h2>At the pharmacy</h2><p>It costs little.</p>"),
            ],
        )
        published("plain", title="A page without headings", blocks=[text("<p>Nausea.</p>")])


def ways(query: str, title: str) -> list[str]:
    hits = [hit for found in find(query).hits() for hit in found if hit.page.title == title]
    return [part.title for hit in hits for part in hit.parts]


def test_pages_with_the_word_in_their_name_come_before_those_that_mention_it(client: Client) -> None:
    named, mentions = find("tramadol").hits()
    assert [hit.page.title for hit in named] == ["Tramadol"]
    assert [hit.page.title for hit in mentions] == ["Lupus"]
    shown = body(client.get("/search/?q=tramadol"))
    before, after = shown.split("Also mentioned on these pages")
    assert 'href="/autoimmune-conditions/tramadol/"' in before
    assert f'href="{LUPUS}#sleep"' in after
    assert "In the part “Sleep”" in after
    assert "Go to “" not in after, "it would be a link above, and here the whole row is one"


@of_each(["how much does it cost", "how many costs are there"])
def test_whoever_asks_how_much_is_not_led_to_what_to_do_after_too_much(query: str) -> None:
    assert find(query).results
    assert "Urgent: Call for help" not in ways(query, "Dose and cost")


def test_if_no_page_has_the_word_in_its_name_all_are_listed_alike(client: Client) -> None:
    shown = body(client.get("/search/?q=kidney"))
    assert "Also mentioned" not in shown
    assert f'<h2><a href="{LUPUS}">Lupus</a></h2>' in shown


@of_each(
    [
        ("lupus", []),
        ("SLE", []),
        ("lupus sleep", ["Sleep"]),
        ("lupus naps", ["Sleep"]),
        ("lupus fever", ["Urgent: Get help"]),
        ("lupus walk", ["Sleep"]),
        ("lupus tramadol", ["Sleep", "Key points"]),
        ("lupus kidney", ["What it is", "Key points"]),
        ("lupus kidneys walk", ["What it is", "Sleep"]),
        ("lupus antibody", ["Tests", "Key points"]),
        ("study lupus", []),
    ]
)
def test_a_result_leads_to_where_the_other_words_stand(case: tuple[str, list[str]]) -> None:
    query, parts = case
    assert ways(query, "Lupus") == parts


def test_a_page_is_not_found_by_the_warning_alone_that_every_page_repeats() -> None:
    """Its list of opioids says “Pain: codeine”, which is not about pain."""
    never = "<h2>Never mix LDN with opioids</h2><p>Pain: codeine. Surgery.</p>"
    published("gluten", title="Gluten", blocks=[text(never)])
    published("ms", title="MS", blocks=[text(f"<h2>Signs</h2><p>Pain.</p>{never}")])
    published("medicines", title="Medicines", blocks=[care(title="Call", body="<p>Pain in the chest.</p>")])
    published("pain", title="Pain")
    published("sore", title="Sore", blocks=[text("<h2>Joints</h2><p>Pain.</p>")])
    named, mentions = find("pain").hits()
    assert [hit.page.title for hit in named] == ["Pain"]
    assert {hit.page.title: hit.parts[0].title for hit in mentions} == {"MS": "Signs", "Sore": "Joints"}
    assert {hit.page.title for hit in find("codeine").hits()[0]} == {"Gluten", "MS"}
    assert [hit.page.title for hit in find("surgery").hits()[0]], "better than nothing"
    assert {hit.page.title for hit in find("mix opioids").hits()[0]} == {"Gluten", "MS"}


def test_the_number_above_the_results_is_that_of_the_pages_listed(client: Client) -> None:
    published("gluten", title="Gluten", blocks=[text("<h2>Never mix</h2><p>Pain: codeine.</p>")])
    published("pain", title="Pain")
    assert "1 page for “pain”" in body(client.get("/search/?q=pain"))


def test_each_way_leads_to_a_heading_that_is_there(client: Client) -> None:
    page = body(client.get("/search/?q=kidney+fever+tramadol"))
    ways_there = re.findall(rf'href="{LUPUS}#([^"]+)"', page)
    assert ways_there
    shown = body(client.get(LUPUS))
    assert all(f' id="{place}"' in shown for place in ways_there)


def test_a_page_without_headings_has_no_parts(client: Client) -> None:
    assert ways("nausea", "A page without headings") == []
    assert "A page without headings" in body(client.get("/search/?q=nausea"))


def test_pages_published_before_there_were_parts_are_found_and_get_theirs() -> None:
    SearchEntry.objects.update(parts=None)
    assert [entry.title for entry in find("kidney").results] == ["Lupus"]
    assert ways("lupus sleep", "Lupus") == []
    editions.index_parts()
    assert ways("lupus sleep", "Lupus") == ["Sleep"]
    assert not SearchEntry.objects.filter(parts__isnull=True).exists()


def test_what_a_publication_brings_meanwhile_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker may have read the edition before."""
    monkeypatch.setattr("education.search.actions.without_parts", lambda: [LUPUS])
    SearchEntry.objects.filter(path=LUPUS).update(parts=[("new", "New part", "tremor")])
    editions.index_parts()
    assert ways("lupus tremor", "Lupus") == ["New part"]


def test_of_pages_that_have_a_word_in_the_same_place_those_with_more_of_it_come_first() -> None:
    for number in (1, 3, 2):
        published(f"page-{number}", title=f"Page {number}", blocks=[text("<p>" + "Zebra. " * number + "</p>")])
    assert [entry.title for entry in find("zebra").results] == ["Page 3", "Page 2", "Page 1"]


def test_the_parts_of_thirty_pages_take_one_query(django_assert_num_queries: Any) -> None:
    results = find("kidney tramadol")
    with django_assert_num_queries(1):
        results.hits()


def test_a_card_that_says_when_to_call_is_found_only_by_more_words_than_any_other_passage_has() -> None:
    published("kidneys", title="Kidneys", blocks=[care(title="Call", body="<p>Foamy urine, or a rash.</p>")])
    published("skin", title="Skin", blocks=[text("<h2>Rashes</h2><p>A rash. Tests: urine.</p>")])
    published("test", title="A test", blocks=[text("<h2>How</h2><p>Urine.</p><h2>Why</h2><p>Foamy soap.</p>")])
    assert [hit.page.title for hit in find("rash").hits()[0]] == ["Skin"]
    assert "Kidneys" in [hit.page.title for hit in find("foamy urine").hits()[0]]


def test_a_page_that_only_warns_of_an_opioid_is_not_found_beside_those_that_say_more() -> None:
    never = "<h2>Never mix LDN with opioids</h2><p>Such as codeine.</p>"
    published("gluten", title="Gluten", blocks=[key_points("Never codeine.", "More."), text(never)])
    published("cough", title="Cough", blocks=[text(f"<h2>Syrups</h2><p>Some hold codeine.</p>{never}")])
    guide = text("<h2>Opioids in cough syrups</h2><p>Codeine, and codeine with others.</p>")
    published("mix", title="Side effects", kind="guide", aliases="codeine", blocks=[guide, text(never)])
    named, mentions = find("codeine").hits()
    assert [(hit.page.title, hit.parts[0].title) for hit in named] == [("Side effects", "Opioids in cough syrups")]
    assert [(hit.page.title, hit.parts[0].title) for hit in mentions] == [("Cough", "Syrups")]
