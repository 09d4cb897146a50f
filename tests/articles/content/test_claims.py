"""What patients read of how sure a statement about a treatment is, and of the studies behind it."""

import re

import pytest
from django.core.exceptions import ValidationError

from education.articles.content.blocks.claim import BARS, ClaimBlock, reference_keys
from tests.articles.drawn import html_of
from tests.cast import claim, reference
from tests.screens import plain_words as said
from tests.screens import tags

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("grade", "direction", "words"),
    [
        ("strong", "helps", "New studies are unlikely to change this."),
        ("moderate", "harms", "New studies may change this."),
        ("low", "no-difference", "New studies are likely to change this."),
        ("conflicting", "unclear", "Studies disagree."),
        ("none", "unclear", "No study in people can tell."),
    ],
)
def test_a_claim_says_how_sure_it_is_in_words_and_by_a_shape(grade: str, direction: str, words: str) -> None:
    page = html_of(claim("It eases pain.", grade=grade, direction=direction))
    effect = direction.replace("-", " ")
    assert f"Evidence: {grade} Effect: {effect} It eases pain. {words}" in said(page)
    full = [given["fill"] == "currentColor" for tag, given in tags(page) if tag == "rect"]
    assert tuple(map(int, full)) == BARS[grade]


def test_no_two_grades_look_the_same() -> None:
    looks = {
        re.search(r"<svg.*?</svg>", html_of(claim(grade=grade)), re.DOTALL)[0] for grade in ClaimBlock.Grade.values
    }  # type: ignore[index]
    assert len(looks) == len(ClaimBlock.Grade.values)


def test_a_claim_names_its_studies_who_graded_it_and_what_was_looked_for() -> None:
    reference("a-1", size=31), reference("b-1", kind="meta-analysis")
    both = said(html_of(claim(references_for=["a-1"], references_against=["b-1"], nothing_against=False)))
    assert "Behind it: 1 trial of 31 people, 2013 ( Reference 1 ). Against it: 1 meta-analysis, 2013 ( Ref" in both
    assert "Graded on January 31, 2026 by Ann Author." in both
    assert "No contrary study was found." in said(html_of(claim(references_for=["a-1"])))
    bare = said(html_of(claim(graded_by="", graded_on="", nothing_against=False)))
    assert "Graded" not in bare
    assert "contrary" not in bare


def test_an_open_question_is_not_told_as_if_all_studies_spoke_for_the_treatment() -> None:
    reference("a-1", size=31)
    unclear = said(html_of(claim(direction="unclear", references_for=["a-1"])))
    assert "What we found: 1 trial of 31 people, 2013" in unclear
    assert "Behind it" not in unclear
    assert "contrary" not in unclear
    none = said(html_of(claim(grade="none", direction="unclear", graded_by="", graded_on="")))
    assert "contrary" not in none
    assert "Who graded this" not in none  # nothing would be in it


def test_a_claim_counts_its_studies_by_kind_trials_first() -> None:
    reference("a-1", kind="meta-analysis"), reference("b-1", size=99), reference("c-1", size=31, year=2024)
    shown = said(html_of(claim(references_for=["a-1", "b-1", "c-1"])))
    trials = "2 trials of 31 to 99 people, 2013 to 2024 ( Reference 2 Reference 3 )"
    assert f"Behind it: {trials}; 1 meta-analysis, 2013 ( Reference 1 ). No contrary" in shown


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("a-1\nb-1", ["a-1", "b-1"]),
        (" [@a-1]\r\n\r\n[@b-1] ", ["a-1", "b-1"]),
        ("[@a-1][@b-1], a-1; c-1", ["a-1", "b-1", "c-1"]),
        ("", []),
    ],
)
def test_studies_may_be_typed_in_several_ways(typed: str, keys: list[str]) -> None:
    assert reference_keys(typed) == keys


def test_a_claim_can_not_name_a_contrary_study_and_say_there_is_none() -> None:
    with pytest.raises(ValidationError, match="You name a study against it"):
        ClaimBlock(text="x", references_against="a-1", nothing_against=True).clean()
