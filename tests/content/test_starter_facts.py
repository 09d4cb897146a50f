"""The starter library against the clinical fact sheets: what must stand where, which numbers, and at what length."""

import re
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
import yaml

from education.advice.reading import BODY_KINDS, MIN_GRADED_WORDS, SENTENCE_END, flesch_kincaid, words_of
from education.articles.library.loading import STARTER
from education.consultations.defaults import QUESTIONS
from education.references.actions import CITATION
from tests.advice.shipped import TERMS
from tests.content.words import NAMES, about, advice, of_kind, page, pieces, rows, said, word_count
from tests.each import of_each

ROOT = Path(__file__).parents[2]
LDN = "ldn-for-autoimmune-diseases-and-fibromyalgia"
CLINICAL = [name for name in NAMES if page(name)["topic"] != "about-this-clinic"]
LINES: list[dict[str, str]] = yaml.safe_load((Path(__file__).parent / "sheet_lines.yaml").read_text(encoding="utf-8"))
NUMBERS: dict[str, str] = yaml.safe_load((Path(__file__).parent / "numbers.yaml").read_text(encoding="utf-8"))
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")

OPIOIDS = [
    *("codeine", "hydrocodone", "oxycodone", "tramadol", "morphine", "fentanyl", "methadone", "buprenorphine"),
    *("tapentadol", "hydromorphone", "meperidine", "heroin"),
]
BRANDS = [
    *(
        "Tylenol #3",
        "Vicodin",
        "Norco",
        "Lortab",
        "Percocet",
        "OxyContin",
        "Ultram",
        "Nucynta",
        "Dilaudid",
        "Duragesic",
    ),
    *("Suboxone", "Subutex", "Butrans", "Lomotil"),
]
HARM_A_BABY = re.compile(
    r"\b(?:methotrexate|mycophenolate|cyclophosphamide|leflunomide|thalidomide|acitretin|teriflunomide|cladribine|"
    r"bosentan|JAK inhibitors?|upadacitinib|tofacitinib|fingolimod|ozanimod|etrasimod)\b",
    re.IGNORECASE,
)
SAYS_SO = re.compile(
    r"\bharms? (?:a|an|the|your) (?:unborn )?baby\b|\bharms? (?:mother and|an unborn) baby\b", re.IGNORECASE
)


def text_of(name: str) -> str:
    return " ".join(said(name))


# What the sheet asks for


@of_each(LINES)
def test_each_correction_and_safety_line_of_the_sheet_stands_on_its_page(line: dict[str, str]) -> None:
    if "left_out" in line:
        assert len(line["left_out"].split()) >= 5
    elif "file" in line:
        assert line["says"] in (ROOT / line["file"]).read_text(encoding="utf-8")
    else:
        assert line["block"] in blocks_that_say(line["page"], line["says"])


def blocks_that_say(name: str, words: str) -> list[Any]:
    prose = [piece for piece in pieces(name) if piece.kind != "fact"]
    found = [piece.block for piece, spoken in zip(prose, said(name), strict=True) if words in spoken]
    return [page(name)["blocks"][number].get("level", page(name)["blocks"][number]["type"]) for number in found]


def test_no_line_of_the_sheet_is_missed() -> None:
    lengths = {"A1": 25, "A2": 34, "A3": 8, "A4": 42}
    lengths |= {"B1": 14, "B2": 10, "B3": 7, "B4": 12, "B5": 6, "B6": 11, "B7": 6, "B8": 6}
    assert [line["id"] for line in LINES] == [
        f"{part}.{n}" for part, last in lengths.items() for n in range(1, last + 1)
    ]


@of_each(CLINICAL)
def test_every_number_on_a_page_is_in_a_sheet(name: str) -> None:
    found = {match[0].rstrip(",").replace(",", "") for words in said(name) for match in NUMBER.finditer(words)}
    assert found - NUMBERS.keys() == set()


# What the clinician has to confirm

NOTES = " ".join((STARTER / "for-the-clinician.md").read_text(encoding="utf-8").split())
QUOTED = re.compile(r"“((?:[^“”]|“[^“”]*”)+)”")


def test_the_clinician_gets_each_line_that_nobody_looked_up_and_each_decision() -> None:
    unseen = [line["id"] for line in LINES if "mark" in line]
    assert len(unseen) > 50
    listed = {*re.findall(r"\b[A-H]\d*(?:\.\d+)?\b", NOTES), *(f"B1.{number}" for number in range(1, 14))}
    assert "B1.1 to B1.13:" in NOTES
    assert [line for line in unseen if line not in listed] == []
    assert [number for number in range(1, 21) if f"- **H{number}** " not in NOTES] == []


def test_what_the_clinician_is_asked_to_confirm_stands_on_a_page_in_these_words() -> None:
    pages = " ".join([text_of(name) for name in NAMES])
    around = [row["definition"] for row in rows("glossary")] + [
        str(question[part]) for question in QUESTIONS for part in ("words", "help")
    ]
    everywhere = " ".join([pages, *around]).lower()
    told = NOTES.partition("## Lines on many pages")[2]
    quoted = [words.removeprefix("don't: ").rstrip(".").lower() for words in QUOTED.findall(told)]
    assert len(quoted) > 80
    assert [words for words in quoted if words not in everywhere] == []


# Safety


@of_each(NAMES)
def test_no_page_names_opioids_without_six_names_and_four_brands(name: str) -> None:
    words = text_of(name)
    if re.search(r"\bopioids?\b", words, re.IGNORECASE):
        assert len([opioid for opioid in OPIOIDS if opioid in words.lower()]) >= 6
        assert len([brand for brand in BRANDS if brand in words]) >= 4


@of_each(sorted({*of_kind("condition"), *about("low-dose-naltrexone")}))
def test_every_page_about_ldn_says_when_it_may_start_again(name: str) -> None:
    assert "take no LDN until your prescriber gives a date" in text_of(name)


@of_each(NAMES)
def test_methotrexate_is_never_named_without_once_a_week(name: str) -> None:
    words = text_of(name).lower()
    assert "methotrexate" not in words or "once a week" in words


@of_each(NAMES)
def test_a_page_that_names_a_medicine_that_harms_a_baby_says_so(name: str) -> None:
    words = text_of(name)
    assert not HARM_A_BABY.search(words) or SAYS_SO.search(words)


@of_each(NAMES)
def test_a_fever_on_an_immune_medicine_has_its_number(name: str) -> None:
    words = text_of(name)
    assert "medicine that lowers immunity" not in words or "100.4 °F (38 °C)" in words


# Words


@of_each(NAMES)
def test_a_page_is_no_longer_than_a_tired_reader_can_take(name: str) -> None:
    most = {LDN: 1100, "what-the-research-shows": 1200}
    assert word_count(name) <= (900 if page(name)["kind"] == "condition" else most.get(name, 2000))


@of_each(NAMES)
def test_sentences_are_joined_and_not_chopped(name: str) -> None:
    """Twelve to sixteen words on average, in running text."""
    prose = [
        CITATION.sub("", piece.text)
        for piece in pieces(name)
        if piece.kind == "p" and piece.block >= 0 and page(name)["blocks"][piece.block]["type"] == "text"
    ]
    lengths = [len(words_of(sentence)) for text in prose for sentence in re.split(r"(?<=[.!?:])\s+(?=[“A-Z0-9])", text)]
    assert 12 <= mean(length for length in lengths if length > 2) <= 16.5


@pytest.mark.thorough
@of_each(NAMES)
def test_a_page_reads_at_grade_five_to_seven_in_all_its_words(name: str) -> None:
    grade = advice(name).flesch_kincaid
    assert grade is not None
    assert grade.all_words <= 7
    assert _grade_of_sentences(name) >= 5


def _grade_of_sentences(name: str) -> float:
    """Without what is shorter than five words: an answer to tick, a name, or a number in a table."""
    texts = [CITATION.sub("", piece.text) for piece in pieces(name) if piece.kind in BODY_KINDS]
    sentences = [words_of(sentence) for text in texts for sentence in SENTENCE_END.split(text)]
    long_enough = [words for words in sentences if len(words) >= MIN_GRADED_WORDS]
    words = tuple(word for sentence in long_enough for word in sentence)
    return flesch_kincaid(len(words), len(long_enough), words)


@of_each(NAMES)
def test_another_library_finds_it_as_easy(name: str) -> None:
    """Coleman-Liau counts letters, so it needs no dictionary. Names that nobody can make easier are left out."""
    import textstat  # takes a third of a second, which each process that only collects this file does without

    terms = re.compile(rf"\b(?:{'|'.join(map(re.escape, TERMS))})\b", re.IGNORECASE)
    body = [CITATION.sub("", piece.text).rstrip(".: ") for piece in pieces(name) if piece.kind in ("p", "li")]
    assert textstat.coleman_liau_index(terms.sub("", ". ".join(body))) <= 8


BRITISH = re.compile(
    r"\b(?:diarrhoea|paracetamol|physiotherap|coeliac|goitre|ciclosporin|breast-feed|colour|centre|programme|"
    r"\w+isation|randomised|recognise|anaesthe|feeling sick|dummy treatment|at the weekend|the toilet|slime|"
    r"organise|practise|behaviour|favour|judgement|licence|dialled|labelled|cancelled|catalogue)\w*",
    re.IGNORECASE,
)


@of_each(NAMES)
def test_us_english_with_one_kind_of_apostrophe(name: str) -> None:
    words = text_of(name)
    assert "’" not in words
    assert BRITISH.findall(words) == []


TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MARKUP = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)


@of_each(TEMPLATES)
def test_what_the_site_says_is_us_english_too(template: Path) -> None:
    source = re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert BRITISH.findall(MARKUP.sub(" ", source)) == []
