"""What is found in the HTML of a page when it is drawn, so that serving need not search it."""

import json
import re
from typing import Any

import pytest

from education.articles.models import Article
from education.articles.rendering.places import find_places, places_from, reading_text
from education.articles.rendering.places_format_1 import places_json
from education.core.richtext import canonical_html
from tests.articles.drawn import drawn, html_of
from tests.cast import care, claim, clinic_facts, every_block, expander, figure, key_points, questions, reference, text

pytestmark = pytest.mark.django_db
FOLDED = re.compile(r'<details class="claim-studies">.*?</details>', re.DOTALL)


def at(html: str, spans: Any) -> list[str]:
    """What stands between the first two numbers of each."""
    return [html[start:end] for start, end, *_ in spans]


def test_the_heading_of_the_first_emergency_card_says_when_to_call_for_help() -> None:
    assert drawn(text(), care(level="urgent")).places.emergency == ""
    page = drawn(care(level="urgent"), care("emergency", "Call now"), care("emergency", "Call then"))
    assert page.places.emergency == "call-now"


def test_main_headings_come_with_their_words_and_the_references_last() -> None:
    reference()
    page = drawn(
        text(canonical_html("<h2>Tom &amp; <em>Ann</em>[@younger-2013]</h2><h3>Inner</h3><p>x</p>")), questions("Two?")
    )
    assert page.places.headings == [("tom-ann", "Tom & Ann"), ("two", "Two?"), ("references", "References")]


def test_a_claim_is_found_with_the_studies_behind_it() -> None:
    reference("a-1"), reference("b-1")
    page = drawn(claim("One.", references_for=["a-1", "b-1"], references_against=["a-1"]), claim("Two."))
    (one, two) = page.places.claims
    assert at(page.html, page.places.claims) == [
        '<div class="claim" data-studies="a-1 b-1">',
        '<div class="claim" data-studies="">',
    ]
    assert (one.studies, two.studies) == (["a-1", "b-1"], [])


def test_no_term_is_linked_among_the_folded_studies_of_a_claim() -> None:
    reference(kind="meta-analysis")
    page = drawn(claim("One.", references_for=["younger-2013"]), text("<p>A meta-analysis.</p>"))
    assert "1 meta-analysis" in page.html
    assert at(page.html, page.places.text)[-1] == "A meta-analysis."
    assert not [words for words in at(page.html, page.places.text) if "1 meta-analysis" in words]


def test_links_within_the_site_are_found_wherever_they_stand() -> None:
    typed = (
        '<h2>On <a href="/a/">gout</a></h2><p><a href="/b/?x=1&amp;y=2#part">one <strong>two</strong></a>'
        '<a href="https://x.example/c/">else</a><a href="#d">here</a><a href="mailto:x@y.example">mail</a></p>'
    )
    reference()
    page = drawn(text(typed), expander("More", '<p><a href="/caf%C3%A9/">three</a>[@younger-2013]</p>'))
    found = [
        (link.path, page.html[link.inner_start : link.inner_end], at(page.html, link.text))
        for link in page.places.links
    ]
    assert found == [
        ("/a/", "gout", []),
        ("/b/", "one <strong>two</strong>", ["one ", "two"]),
        ("/café/", "three", ["three"]),
    ]
    assert [page.html[link.end - 4 : link.end] for link in page.places.links] == ["</a>"] * 3
    assert page.places.paths == ["/a/", "/b/", "/café/"]


def test_a_link_ends_at_its_own_end_and_not_at_that_of_a_citation_in_it() -> None:
    reference()
    page = drawn(text('<p><a href="/a/">one[@younger-2013] two</a> three</p>'))
    (link,) = page.places.links
    assert page.html[link.inner_start : link.inner_end].endswith("</a></sup> two")
    assert at(page.html, link.text) == ["one", " two"]
    assert at(page.html, page.places.text) == [" three"]


def test_text_is_what_somebody_reads_through_and_no_more() -> None:
    reference()
    page = drawn(
        text("<h2>Head</h2><p>One <strong>two</strong>[@younger-2013] three.</p><ul><li>four</li></ul>"),
        care("emergency", "Call", "<p>now</p>"),
        care("urgent", "Ask", "<p>soon</p>"),
        figure(),
        key_points("five"),
    )
    assert at(page.html, page.places.text) == ["One ", "two", " three.", "four", "soon", "five"]


def test_the_slots_of_the_clinic_are_found() -> None:
    page = drawn(care("emergency", "Call"), care("urgent", "Ask"), clinic_facts())
    assert [slot.name for slot in page.places.slots] == ["emergency", "facts"]
    assert at(page.html, page.places.slots) == ["<!--clinic-emergency-line-->", "<!--clinic-facts-->"]


def test_words_are_counted_without_citations_and_references() -> None:
    reference(title="Many words of a title")
    page = drawn(text("<p>a[@younger-2013]b c</p>"))
    assert reading_text(page.html) == "a b c"
    assert page.places.words == 3


def test_what_is_stored_is_what_was_found() -> None:
    reference()
    blocks = [*every_block(), care("emergency", "Call"), text('<p>See <a href="/a/">“this”</a>.[@younger-2013]</p>')]
    found = drawn(*blocks, language="es").places
    stored = found.to_json()
    again = places_from(stored)
    assert again.to_json() == stored
    assert vars(again) == vars(found)
    assert again.language == "es"


@pytest.mark.thorough
@pytest.mark.usefixtures("starter_pages")
def test_editions_from_before_are_read_alike() -> None:
    """The frozen copy of the code finds in each shipped page what the code of today finds, and also the folded studies
    of a claim, where no term is linked today.
    """
    editions = [article.current_edition for article in Article.objects.published()]
    pages = [(edition.html, edition.content, edition.places.data) for edition in editions if edition]
    before = [block for block in every_block() if block["type"] != "what-matters"]
    blocks = html_of(*before, care("emergency", "Call"))
    pages.append((blocks, '{"language":"en"}', find_places(blocks, language="en").to_json()))
    assert len(pages) > 20
    for html, content, stored in pages:
        if "<label" in html:  # in no edition from before: today's code leaves the words of answers alone
            continue
        frozen = json.loads(places_json(html, content))
        folded = [found.span() for found in FOLDED.finditer(html)]
        frozen["text"] = [span for span in frozen["text"] if not any(a < span[0] < b for a, b in folded)]
        assert frozen == json.loads(stored)
