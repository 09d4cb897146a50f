"""The first use of a term becomes a link, in whatever form. Where on a page: articles/public/test_serving.py."""

import re
from datetime import UTC, datetime
from itertools import count

import pytest

from education.glossary.linking import TermLinks
from tests.cast import explained
from tests.each import of_each

pytestmark = pytest.mark.django_db
_changes = count()


def _now() -> datetime:
    """The glossary has just changed: nothing is remembered from another test."""
    return datetime.fromtimestamp(next(_changes), UTC)


def linked(*texts: str, title: str = "") -> str:
    """The texts of one page, each link written [term|words]."""
    terms = TermLinks(_now(), title=title)
    html = " ".join(terms.linked(text) for text in texts)
    return re.sub(r'<a class="term" href="/glossary/#([a-z0-9-]+)"[^>]*>([^<]*)</a>', r"[\1|\2]", html)


def test_only_the_first_use_is_linked_whatever_its_form() -> None:
    explained("Flare", "flares")
    assert linked("Flares come. A flare goes.", "flare") == "[flare|Flares] come. A flare goes. flare"


@of_each(["flared", "flares", "inflare", "flare-like", "pre-flare", "flare_x", "&flare;"])
def test_only_whole_words_are_linked(text: str) -> None:
    explained("Flare")
    assert linked(text) == text


@pytest.mark.parametrize("text", ["(flare)", "“flare”", "flare.", "flare,", "a/flare", "flare’s"])
def test_punctuation_beside_a_word_does_not_matter(text: str) -> None:
    explained("Flare")
    assert linked(text) == text.replace("flare", "[flare|flare]")


def test_the_longest_term_wins() -> None:
    explained("Opioid")
    explained("Opioid antagonist")
    assert linked("An opioid\n antagonist blocks an opioid.") == (
        "An [opioid-antagonist|opioid\n antagonist] blocks an [opioid|opioid]."
    )


def test_abbreviations_are_matched_case_sensitively() -> None:
    explained("ANA", "antinuclear antibody")
    assert linked("Ana had an ANA test.") == "Ana had an [ana|ANA] test."
    assert linked("Antinuclear antibody") == "[ana|Antinuclear antibody]"


@pytest.mark.parametrize("written", ["Raynaud's", "Raynaud’s", "Raynaud&#x27;s"])
def test_any_kind_of_apostrophe_matches(written: str) -> None:
    explained("Raynaud's")
    assert linked(f"{written} is cold.") == f"[raynaud-s|{written}] is cold."


def test_a_page_is_not_linked_to_its_own_subject() -> None:
    explained("Fibromyalgia")
    assert linked("Fibromyalgia hurts.", title="Fibromyalgia") == "Fibromyalgia hurts."


def test_markup_in_a_term_is_escaped() -> None:
    explained("Flare", definition='"><script>alert(1)</script>')
    html = TermLinks(datetime.fromtimestamp(next(_changes), UTC)).linked("flare")
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_without_a_glossary_nothing_is_linked() -> None:
    explained("Flare")
    assert TermLinks(None).linked("flare") == "flare"


@of_each([("a flare", ""), ("Flare", ""), ("flares", ' data-term="Flare"'), ("FLARE", ' data-term="Flare"')])
def test_the_term_is_named_where_the_words_are_other_ones(case: tuple[str, str]) -> None:
    text, named = case
    explained("Flare", "flares")
    assert f'href="/glossary/#flare"{named} data-definition=' in TermLinks(_now()).linked(text)
