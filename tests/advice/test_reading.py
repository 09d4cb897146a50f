"""Advice on wording, on texts whose figures are known."""

import re
from typing import Any

import pytest

from education.advice.reading import (
    Advice,
    Finding,
    coleman_liau,
    flesch_kincaid,
    syllables,
    words_of,
)
from tests.advice.shipped import SWAPS, TERMS, advise
from tests.cast import care, every_block, figure, key_points, text
from tests.each import of_each


def content(*paragraphs: str, summary: str = "", blocks: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    html = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return {"title": "", "summary": summary, "blocks": blocks or [text(html)]}


def on(*paragraphs: str, **lists: Any) -> Advice:
    return advise(content(*paragraphs), **({"unavoidable": (), "swaps": {}} | lists))


SYLLABLES = {
    1: "cat pain talked tired dose helped the fire real lives 2026",
    2: "table apple people immune system disease wanted doses fatigue create science pages causes treated because unit "
    "question special nation little being trial studies changes every quiet diet",
    3: "medicine naltrexone serious area rheumatoid arthritis clinician video usual opioid evidence",
    4: "inflammation psoriasis",
    6: "fibromyalgia",
}


@of_each([(n, word) for n, words in SYLLABLES.items() for word in words.split()])
def test_syllables(case: tuple[int, str]) -> None:
    count, word = case
    assert syllables(word) == count


def test_both_formulas_match_their_published_form() -> None:
    """The figures can be worked out by hand: 12 words, 2 sentences, 13 syllables, 42 letters."""
    words = words_of("The cats sat on the table. They looked at me for hours.")
    assert (len(words), sum(map(syllables, words)), sum(map(len, words))) == (12, 13, 42)
    assert flesch_kincaid(12, 2, words) == pytest.approx(0.39 * 6 + 11.8 * 13 / 12 - 15.59)
    assert coleman_liau(12, 2, words) == pytest.approx(0.0588 * 100 * 42 / 12 - 0.296 * 100 * 2 / 12 - 15.8)


def test_a_text_with_known_grades_gets_them() -> None:
    """Coleman and Liau's example. Published grade: about 14.5."""
    known = (
        "Existing computer programs that measure readability are based largely upon subroutines which estimate number "
        "of syllables, usually by counting vowels. The shortcoming in estimating syllables is that it necessitates "
        "keypunching the prose into the computer. There is no need to estimate syllables since word length in letters "
        "is a better predictor of readability than word length in syllables. Therefore, a new readability formula was "
        "computed that has for its predictors letters per 100 words and sentences per 100 words. Both predictors can "
        "be counted by an optical scanning device, and thus the formula makes it economically feasible for an "
        "organization such as the U.S. Office of Education to calibrate the readability of all textbooks for the "
        "public school system."
    )
    found = on(known)
    assert found.coleman_liau is not None
    assert found.coleman_liau.all_words == pytest.approx(14.5, abs=0.5)
    assert found.flesch_kincaid is not None
    assert 13 < found.flesch_kincaid.all_words < 18
    assert found.sentences == 5


def test_grades_are_given_with_and_without_unavoidable_terms() -> None:
    sentence = "Rheumatoid arthritis can make it hard to get up."
    found = on(sentence, unavoidable=["rheumatoid arthritis"])
    for grade in (found.flesch_kincaid, found.coleman_liau):
        assert grade is not None
        assert grade.all_words > grade.without_terms + 1.5
    plain = on(sentence)
    assert plain.flesch_kincaid is not None
    assert plain.flesch_kincaid.all_words == plain.flesch_kincaid.without_terms


@pytest.mark.parametrize("words", ["", "Hi.", "Naltrexone naltrexone naltrexone naltrexone naltrexone."])
def test_a_text_that_is_too_short_gets_no_grade(words: str) -> None:
    found = on(words, unavoidable=["naltrexone"])
    assert (found.flesch_kincaid, found.coleman_liau) == (None, None)


@of_each(
    [
        ("One. Two! Three? Four", 4),
        ("Take 4.5 mg, e.g. in the evening.", 1),
        ("Dr. Smith said so. “Yes.” (No.) It ends.", 4),
        ("J. Younger wrote it.", 1),
        ("See Dr. Smith of St. Mary or Prof. Jones. Then rest.", 2),
        ("It helps.[@younger-2013] It may.", 2),
        ("<strong>Bold.</strong> Then plain.", 2),
    ]
)
def test_sentences_are_split_at_their_real_ends(case: tuple[str, int]) -> None:
    paragraph, count = case
    assert on(paragraph).sentences == count


def test_the_five_hardest_sentences_come_hardest_first() -> None:
    hard = "Considerable immunological heterogeneity complicates interpretation."
    easy = [f"The cat sat on mat {number}." for number in range(9)]
    found = on(*easy, hard)
    assert len(found.hardest) == 5
    assert found.hardest[0].text == hard
    assert found.hardest[0].note.startswith("Grade ")


def test_unavoidable_terms_do_not_make_a_sentence_hard() -> None:
    found = on(
        "Rheumatoid arthritis is not easy to live with.",
        "Complications are not easy to manage.",
        unavoidable=["rheumatoid arthritis"],
    )
    assert [finding.text for finding in found.hardest] == [
        "Complications are not easy to manage.",
        "Rheumatoid arthritis is not easy to live with.",
    ]


def test_the_unavoidable_terms_in_use_are_listed_once_each_in_the_lists_spelling() -> None:
    found = on("Lupus and Crohn’s disease.", "LUPUS again.", unavoidable=["Crohn's disease", "gout", "lupus"])
    assert found.terms == ["lupus", "Crohn's disease"]


def test_long_sentences_and_paragraphs_are_found() -> None:
    exactly = "word " * 19 + "end."
    found = on(exactly, f"One {exactly}", "Short one here. " * 26)
    assert [finding.note for finding in found.long_sentences] == ["21 words. Say it in two sentences."]
    assert [finding.note for finding in found.long_paragraphs] == ["78 words. Split it, or make it a list."]


@of_each(
    [
        ("The dose is raised slowly.", "is raised"),
        ("It was not clearly shown.", "was not clearly shown"),
        ("Some have been given steroids.", "been given"),
        ("Your doctor raises the dose.", ""),
        ("You may be tired or worried.", ""),
        ("Is red skin a sign?", ""),
        ("They are friends.", ""),
    ]
)
def test_the_passive_voice_is_found(case: tuple[str, str]) -> None:
    sentence, passive = case
    notes = [finding.note for finding in on(sentence).passive]
    assert notes == ([f"“{passive}”: can you say who does it?"] if passive else [])


def test_jargon_gets_its_plainer_word() -> None:
    found = on("Adverse  effects may exacerbate it.", "No adverse-effects.", swaps={"adverse effects": "side effects"})
    assert [finding.note for finding in found.jargon] == ["“Adverse effects”: perhaps “side effects”?"]
    assert on("Discontinue it.", swaps=SWAPS).jargon[0].note == "“Discontinue”: perhaps “stop”?"


@of_each(
    [
        ("1 in 10 got better, 3 in 100 got worse.", ["1 in 10", "3 in 100"]),
        ("One in ten and 3 out of 100.", ["One in ten", "3 out of 100"]),
        ("1 in 10 got better, 30% got worse.", ["1 in 10", "30%"]),
        ("1 in 1,000 and 1 in every 10.", ["1 in 1,000", "1 in every 10"]),
        ("1 in 10 got better, 3 in 10 got worse.", []),
        ("1 in 10 got better, 3 in 10 got worse, 1 in 4 left.", ["1 in 4"]),
        ("5 in 2013 and 3 in 10.", []),
        ("Take 1 in 24 hours. 3 in 10 did.", []),
        ("30% and 40 per cent.", []),
    ]
)
def test_shares_with_different_denominators_are_found(case: tuple[str, list[str]]) -> None:
    sentence, found = case
    notes = [finding.note for finding in on(sentence).denominators]
    assert [words for note in notes for words in re.findall("“(.*?)”", note)] == found


def test_a_finding_names_its_block() -> None:
    blocks = [text(), key_points("It is given."), care(body="<p>It was taken.</p>"), figure(credit="It is made.")]
    found = advise(content(summary="It was said.", blocks=blocks), swaps={})
    assert [(finding.block, finding.text) for finding in found.passive] == [
        (-1, "It was said."),
        (1, "It is given."),
        (2, "It was taken."),
    ]
    assert isinstance(found.passive[0], Finding)


def test_the_shipped_list_has_swaps_and_unavoidable_terms() -> None:
    page = content("Utilize fibromyalgia medicines with your own doctor.", blocks=None)
    assert advise(page).jargon
    assert not advise(page, swaps={}).jargon
    assert "naltrexone" in TERMS
    assert all(word and swap and word != swap for word, swap in SWAPS.items())


def test_every_block_is_read_and_an_empty_page_is_no_error() -> None:
    assert [block["type"] for block in every_block() if not advise(content(blocks=[block])).words] == [
        "clinic"
    ]  # its text comes from the clinic's profile
    assert advise({"title": "", "summary": "", "blocks": []}) == Advice()


def test_a_number_of_five_thousand_digits_is_no_error() -> None:
    digits = "9" * 5000
    assert not on(f"It helps 1 in {digits} people, or {digits}% of them.").denominators
