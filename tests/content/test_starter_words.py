"""The starter library says what the clinical fact sheet allows, in words that patients can read."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from education.articles.library import STARTER
from education.core.html import plain
from education.core.text import lines
from education.references.models import Reference
from tests.content.words import NAMES, cited, grade, pieces, sentences, source, words

LDN = "ldn-for-autoimmune-diseases-and-fibromyalgia"
STATEMENTS: list[dict[str, str]] = yaml.safe_load(
    (Path(__file__).parent / "original_statements.yaml").read_text(encoding="utf-8")
)
# Section 0.2 of the fact sheet: what a page about LDN must not say.
FORBIDDEN = [
    r"\bre-?sets?\b.*immune",
    r"\b(?:re)?balanc(?:e|es|ing)\b.*immune",
    r"\bnormali[sz]\w*",
    r"\bproven\b(?! treatment)",
    r"\bsafe and effective\b",
    r"\bdefinitely\b",
    r"\bworth a try\b",
    r"\bnothing to lose\b",
    r"\bnatural(?:ly)?\b",
    r"\bboosts?\b.*endorphin",
    r"\bworse than the disease\b",
    r"\bFDA-approved\b",
    r"\bcures?\b",
    r"\brevers(?:e|es|ing)\b",
    r"\balternative to\b",
    r"\bmiracle\b",
    r"\bno side effects\b",
]


def test_all_twenty_four_statements_of_the_original_page_have_an_answer() -> None:
    assert [statement["id"] for statement in STATEMENTS] == [f"S{number}" for number in range(1, 25)]


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement["id"])
def test_the_corrected_statement_stands_on_its_page(statement: dict[str, str]) -> None:
    assert statement["says"] in " ".join(pieces(statement["article"]))


@pytest.mark.parametrize("name", NAMES)
def test_a_sentence_has_twenty_words_at_most(name: str) -> None:
    assert [sentence for sentence in sentences(name) if len(words(sentence)) > 20] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_page_can_be_read_after_eight_years_of_school(name: str) -> None:
    assert grade(name) <= 8


def test_the_grade_tells_hard_from_easy() -> None:
    """So the test above is known to be able to fail."""
    from tests.content import words as measure

    hard = (
        "Immunomodulatory pharmacotherapeutic interventions demonstrate heterogeneous symptomatological responsiveness."
    )
    assert measure.syllables("immunomodulatory") > 5
    assert measure.syllables("take") == measure.syllables("pain") == 1
    spoken = words(hard)
    assert 0.39 * len(spoken) + 11.8 * sum(map(measure.syllables, spoken)) / len(spoken) - 15.59 > 20


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("phrase", FORBIDDEN)
def test_no_page_promises_what_nobody_has_shown(name: str, phrase: str) -> None:
    said = [sentence for sentence in sentences(name) if re.search(phrase, sentence, re.IGNORECASE)]
    assert said == []


@pytest.mark.parametrize(
    "promise",
    [
        "LDN may even reset the immune system.",
        "It balances your immune response.",
        "It is a proven, safe and effective drug.",
        "It is definitely worth a try.",
        "Their side effects are almost worse than the disease.",
        "It naturally boosts endorphins.",
    ],
)
def test_the_phrases_catch_the_promises_of_the_original_page(promise: str) -> None:
    assert any(re.search(phrase, promise, re.IGNORECASE) for phrase in FORBIDDEN)


# The five messages of section 0.1, by the words that carry each.
MESSAGES = [
    ["approved in the US", "50 mg", "opioid and alcohol use disorder", "No low-dose form", "off-label"],
    [
        "limited and mixed",
        "Three fibromyalgia trials",
        "no better than a dummy treatment",
        "does not support routine use",
    ],
    ["does not replace treatment", "Never stop a DMARD, biologic, steroid or thyroid medicine", "lasting damage"],
    ["Never take LDN with opioids", "tramadol", "methadone", "buprenorphine", "cough and diarrhoea", "withdrawal"],
    ["Tell your clinician first", "liver disease", "pregnant or breast-feeding", "surgery planned"],
]


@pytest.mark.parametrize(("number", "message"), list(enumerate(MESSAGES)))
def test_the_five_messages_stand_in_one_box_near_the_top(number: int, message: list[str]) -> None:
    kinds = [block["type"] for block in source(LDN).blocks]
    assert kinds.count("key-points") == 1
    assert kinds.index("key-points") == 1
    items = source(LDN).blocks[1]["items"]
    assert len(items) == len(MESSAGES)
    assert [part for part in message if part not in items[number]] == []


def test_the_ldn_page_keeps_the_title_and_the_story_of_the_clinic() -> None:
    page = source(LDN)
    assert page.front["title"] == "Low-dose naltrexone for autoimmune diseases and fibromyalgia"
    assert len(re.findall(r"[.!?]", plain(page.blocks[0]["body"]))) == 2
    headings = [piece for piece in pieces(LDN) if piece in STORY]
    assert headings == STORY


STORY = [
    "What autoimmune means",
    "What low-dose naltrexone is",
    "How it might work",
    "What the research shows",
    "Side effects",
    "If you would like to talk it through",
]


@pytest.mark.parametrize("name", NAMES)
def test_every_key_it_cites_is_known_and_listed(name: str) -> None:
    rows = yaml.safe_load((STARTER / "references.yaml").read_text(encoding="utf-8"))
    known = {row["key"] for row in rows}
    assert set(cited(name)) <= known
    assert cited(name) == source(name).front["references"]


def test_references_have_a_kind_a_status_and_a_place_to_be_found() -> None:
    rows: list[dict[str, Any]] = yaml.safe_load((STARTER / "references.yaml").read_text(encoding="utf-8"))
    assert [row["key"] for row in rows] == sorted({row["key"] for row in rows})
    for row in rows:
        assert row["kind"] in Reference.Kind.values, row["key"]
        assert row["status"] in Reference.Status.values, row["key"]
        assert "pmid" not in row or row["pmid"].isdigit(), row["key"]
        assert "doi" not in row or row["doi"].startswith("10."), row["key"]
        assert (
            row["status"] != "current" or row.get("doi") or row.get("pmid") or row.get("url") or row.get("journal")
        ), row["key"]


@pytest.mark.parametrize("name", NAMES)
def test_headings_are_in_order_and_each_has_words_under_it(name: str) -> None:
    bodies = "".join(block["body"] for block in source(name).blocks if block["type"] == "text")
    levels = re.findall(r"<(h[23])>", bodies)
    assert levels[:1] in ([], ["h2"])
    assert "<h2><" not in bodies
    assert not re.search(r"</h3><h[23]>|</h2><h2>", bodies)


@pytest.mark.parametrize("name", NAMES)
def test_pages_name_numbers_and_harms_plainly(name: str) -> None:
    said = " ".join(pieces(name))
    assert "%" not in said
    assert not re.search(r"\b(?:p ?[<=]|n ?=|RR|OR|CI)\b", said)


@pytest.mark.parametrize("name", [name for name in NAMES if source(name).front["kind"] != "policy"])
def test_pages_about_health_say_when_to_get_help_and_what_to_ask(name: str) -> None:
    kinds = [block.get("level", block["type"]) for block in source(name).blocks]
    assert kinds.count("emergency") == 1
    assert kinds.count("urgent") == 1
    assert kinds.count("questions") == 1
    assert kinds.index("emergency") < kinds.index("urgent") < kinds.index("questions")
    assert "/request-a-consultation/" in "".join(block.get("body", "") for block in source(name).blocks)


@pytest.mark.parametrize("name", NAMES)
def test_files_are_named_for_their_pages_and_have_other_names(name: str) -> None:
    front = source(name).front
    assert front["slug"] == name
    assert front["aliases"] == lines("\n".join(front["aliases"]))
    assert 2 <= len(front["aliases"]) == len(set(front["aliases"]))


@pytest.mark.parametrize("name", NAMES)
def test_no_telephone_number_is_invented(name: str) -> None:
    said = re.sub(r"\b(?:19|20)\d\d\b", "", " ".join(pieces(name)))
    assert not re.search(r"\b(?:911|112|999|988|0800)\b|\d{3}[ -]\d{3,4}", said)
