"""Plain text: cleaned, compared, cut into lines, made into ids."""

from collections.abc import Callable

import pytest

from education.core.text import (
    MAX_MARKS,
    clean_input,
    counted,
    first_sentence,
    folded,
    heading_id,
    lines,
    one_line,
    shortened,
    whole_number,
)
from tests.each import of_each


@of_each(
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\x00b\x0bc\x1bd\x7fe", "a b\nc d e"),
        ("one\x85two\u2028three\x92four", "one\ntwo\nthree four"),
        ("stop\x1c\x1dtramadol\x1f\x1e and\x1c go\x1d\x1d", "stop tramadol and go"),
        ("\x00Ana \x01\x02 Ruiz\x03\n\x04", "Ana  Ruiz\n"),
        ("call\u202e \u2066Ana\u2069", "call Ana"),
        ("\ufeffa\ufffe", "a"),
        ("hydroxy\xadchloro\xadquine", "hydroxychloroquine"),  # as copied from a page
        ("a\ud800b", "ab"),
        ("e\u0301", "é"),
        ("tab\tstays 👩‍⚕️", "tab\tstays 👩‍⚕️"),
    ]
)
def test_cleaning_keeps_words_and_drops_what_breaks_files(case: tuple[str, str]) -> None:
    typed, kept = case
    assert clean_input(typed) == kept
    assert clean_input(kept) == kept


@pytest.mark.parametrize("clean", [clean_input, folded, one_line])
def test_marks_piled_on_a_letter_are_cut_before_they_are_put_in_order(clean: Callable[[str], str]) -> None:
    """Uncut, each of these calls would take half a minute."""
    piled = "a" + "\u0301" * 50_000 + "\u0316" * 50_000 + " b"
    assert len(clean(piled)) <= MAX_MARKS + 3
    assert clean(piled)[-1] == "b"


def test_a_letter_keeps_all_the_marks_that_a_language_puts_on_it() -> None:
    assert clean_input("ệ") == clean_input("e\u0323\u0302") == "ệ"
    zalgo = "a" + "\u0316" * MAX_MARKS
    assert clean_input(zalgo) == zalgo


@of_each(
    [
        ("Sjögren’s", "sjogren's"),
        ("  ÉCOLE  Ⅳ ", "ecole iv"),
        ("Straße", "strasse"),
        ("", ""),
        ("Łukasz Øst", "lukasz ost"),
        ("Đặng Þór Æsa", "dang thor aesa"),
        ("Işık İnan", "isik inan"),
        ("A\u200bna\u202a", "ana"),
    ]
)
def test_folding_leaves_what_people_compare(case: tuple[str, str]) -> None:
    typed, compared = case
    assert folded(typed) == compared


def test_lines_are_those_that_say_something() -> None:
    assert lines(" one \r\n\r\n\t\x00\n two\u00a0") == ["one", "two"]


def test_one_line_has_single_spaces() -> None:
    assert one_line(" a\r\n b\u2028c\t \x01d ") == "a b c d"


def test_a_number_stands_with_its_noun() -> None:
    assert [counted(number, "page") for number in (0, 1, 2)] == ["0 pages", "1 page", "2 pages"]
    assert [counted(number, "study", "studies") for number in (1, 2)] == ["1 study", "2 studies"]


def test_heading_ids_are_readable_and_never_twice() -> None:
    taken = {"main": 2}
    made = [heading_id(words, taken) for words in ("Sjögren’s disease", "Sjögrens disease", "Main", "main", "☃", "☃")]
    assert made == ["sjogren-s-disease", "sjogrens-disease", "main-2", "main-3", "part", "part-2"]


@of_each(
    [("0", 0), ("0012", 12), ("9" * 9, 999_999_999), *((odd, None) for odd in ("", "-1", "²", "٣", "1 ", "9" * 5000))]
)
def test_a_whole_number_is_short_enough_to_be_one(case: tuple[str, int | None]) -> None:
    typed, number = case
    assert whole_number(typed) == number


@of_each(
    [
        ("What it is. How it is treated.", "What it is."),
        ("Written by Dr. Ito. More below.", "Written by Dr. Ito."),
        ("For U.S. adults with lupus. More.", "For U.S. adults with lupus."),
        ("Is it worth it? Three choices.", "Is it worth it?"),
        ("Is it worth it?", "Is it worth it?"),
        ("Take 4.5 mg or less", "Take 4.5 mg or less."),
        (" ", ""),
    ]
)
def test_the_first_sentence_ends_where_a_reader_ends_it(case: tuple[str, str]) -> None:
    words, first = case
    assert first_sentence(words) == first


@pytest.mark.parametrize(
    ("words", "cut"),
    [
        ("Low-dose naltrexone", "Low-dose naltrexone"),
        ("Low-dose naltrexone for pain in fibromyalgia", "Low-dose naltrexone for pain…"),
        ("Report on the first studies of the and of their end", "Report on the first studies…"),
        ("Treatment of sclerosis: a review", "Treatment of sclerosis…"),
        ("The effects in people of vitamin A in pain", "The effects in people…"),
        ("Effects in people of vitamin A in pain", "Effects in people of vitamin A…"),
        ("of the and of the and of the and of the", "of…"),
        ("Acetylsalicylsäureunverträglichkeiten", "Acetylsalicylsäureunverträglich…"),
    ],
)
def test_a_title_is_cut_before_a_word_and_not_after_a_small_one(words: str, cut: str) -> None:
    assert shortened(words, 31) == cut
