"""The starter library says what the clinical fact sheet allows, in words that patients can read."""

import re
from pathlib import Path

import yaml

from education.articles.public.home import TENTH
from education.core.text import lines
from education.references.models import Reference
from tests.advice.shipped import advise
from tests.content.words import NAMES, about, advice, blocks, cited, of_kind, page, pieces, rows, said
from tests.each import of_each

LDN = "ldn-for-autoimmune-diseases-and-fibromyalgia"
STATEMENTS: list[dict[str, str]] = yaml.safe_load(
    (Path(__file__).parent / "original_statements.yaml").read_text(encoding="utf-8")
)
# Section 0.2 of the fact sheet: what a page about LDN must not say.
FORBIDDEN = [
    r"\b(?:re)?balanc(?:e|es|ing)\b.*immune",
    r"\bnormali[sz]\w*",
    r"\bproven\b(?! treatment)",
    r"\bsafe and effective\b",
    r"\bdefinitely\b",
    r"\bworth a try\b",
    r"\bnothing to lose\b",
    r"(?<!“)\bnatural(?:ly)?\b",  # in quotation marks, a page may answer the word
    r"\bboosts?\b.*endorphin",
    r"\bworse than the disease\b",
    r"\bFDA-approved\b",
    r"\breverses?\b",
    r"\balternative to\b",
    r"\bmiracle\b",
    r"\bno side effects\b",
]
# What readers have heard elsewhere. A page may name it only in a paragraph that denies it, or says what may harm.
HEARD_ELSEWHERE = [r"\bre-?sets?\b.*immune", r"\bcures?\b", r"\bnatural(?:ly)?\b"]
DENIAL = re.compile(r"\b(?:no|not|nobody|none|never|harm\w*)\b|n't\b", re.IGNORECASE)


# The clinic's original page


def test_all_twenty_four_statements_of_the_original_page_are_answered() -> None:
    assert [statement["id"] for statement in STATEMENTS] == [f"S{number}" for number in range(1, 25)]


@of_each(STATEMENTS)
def test_each_corrected_statement_is_in_its_block_under_its_heading(statement: dict[str, str]) -> None:
    heading, found = "", []
    prose = [piece for piece in pieces(statement["article"]) if piece.kind != "fact"]
    for piece, words in zip(prose, said(statement["article"]), strict=True):
        heading = words if piece.kind in ("h2", "h3") else heading
        if statement["says"] in words:
            found.append((page(statement["article"])["blocks"][piece.block]["type"], heading))
    assert (statement["block"], statement.get("under", "")) in found


def test_the_ldn_page_keeps_its_title_and_the_clinics_story() -> None:
    story = [
        "What autoimmune means",
        "What low-dose naltrexone is",
        "How it might work",
        "What the research shows",
        "Side effects",
        "If you would like to talk it through",
    ]
    assert page(LDN)["title"] == "Low-dose naltrexone for autoimmune diseases and fibromyalgia"
    assert len(re.findall(r"[.!?]", page(LDN)["blocks"][0]["body"])) == 2
    invitation = ["Who might reasonably ask about it", "What autoimmune means"]
    assert [words for words in said(LDN) if words in invitation] == invitation
    assert [heading for heading in said(LDN) if heading in story] == story


def test_the_ldn_page_says_what_the_drawing_of_doses_on_home_shows() -> None:
    assert TENTH in " ".join(said(LDN))


# Words


@of_each(NAMES)
def test_a_sentence_has_twenty_words_at_most_and_a_paragraph_seventy_five(name: str) -> None:
    assert advice(name).long_sentences == []
    assert advice(name).long_paragraphs == []


@of_each(NAMES)
def test_a_page_reads_at_grade_eight_or_below(name: str) -> None:
    for grade in (advice(name).flesch_kincaid, advice(name).coleman_liau):
        assert grade is not None
        assert grade.without_terms <= 8


def test_the_grade_tells_hard_from_easy() -> None:
    """So that the test above can fail."""
    hard = "Immunomodulatory pharmacotherapeutic interventions demonstrate heterogeneous symptomatological responses."
    grade = advise({"title": "", "summary": hard, "blocks": []}).flesch_kincaid
    assert grade is not None
    assert grade.without_terms > 20


@of_each(NAMES, FORBIDDEN)
def test_no_page_makes_an_unproven_promise(name: str, phrase: str) -> None:
    assert [words for words in said(name) if re.search(phrase, words, re.IGNORECASE)] == []


@of_each(NAMES, HEARD_ELSEWHERE)
def test_a_promise_that_readers_have_heard_stands_only_where_it_is_denied(name: str, phrase: str) -> None:
    heard = [words for words in said(name) if re.search(phrase, words, re.IGNORECASE)]
    assert [words for words in heard if not DENIAL.search(words)] == []


@of_each(
    [
        "LDN may even reset the immune system.",
        "It balances your immune response.",
        "It is a proven, safe and effective drug.",
        "It is definitely worth a try.",
        "Their side effects are almost worse than the disease.",
        "It naturally boosts endorphins.",
    ]
)
def test_the_forbidden_phrases_match_the_original_pages_promises(promise: str) -> None:
    phrases = [*FORBIDDEN, *HEARD_ELSEWHERE]
    assert any(re.search(phrase, promise, re.IGNORECASE) for phrase in phrases)
    assert not DENIAL.search(promise)


@of_each(NAMES)
def test_numbers_are_natural_frequencies_with_one_denominator_on_a_page(name: str) -> None:
    assert advice(name).denominators == []
    words = " ".join(said(name))
    assert "%" not in words
    assert not re.search(r"\b(?:p ?[<=]|n ?=|RR|OR|CI)\b", words)


NUMBERS_TO_CALL = re.compile(
    r"\b(?:911|988)\b|1-800-222-1222|1-800-QUIT-NOW|1-833-TLC-MAMA|866-626-6847"  # those of the fact sheet
)


@of_each(NAMES)
def test_no_telephone_number_is_invented(name: str) -> None:
    words = NUMBERS_TO_CALL.sub("", re.sub(r"\b(?:19|20)\d\d\b", "", " ".join(said(name))))
    assert not re.search(r"\b(?:112|999|0800)\b|\d{3}[ -]\d{3,4}", words)


@of_each(NAMES)
def test_every_emergency_card_names_the_crisis_line(name: str) -> None:
    for block in blocks(name, "care"):
        assert block["level"] != "emergency" or "988" in block["body"]


# The five messages of section 0.1, by the words that carry each.
MESSAGES = [
    ["approved in the US", "50 mg", "opioid and alcohol use disorder", "No low-dose form", "off-label"],
    ["limited and mixed", "Three fibromyalgia trials", "no better than an inactive pill"],
    ["does not replace treatment", "Never stop a DMARD, biologic, steroid or thyroid medicine", "lasting damage"],
    ["Never take LDN with opioids", "Vicodin", "Suboxone", "codeine", "tramadol", "withdrawal"],
    ["Tell your clinician first", "liver disease", "pregnant or breastfeeding", "surgery planned"],
]


def test_the_ldn_page_has_the_five_messages_in_its_key_points() -> None:
    (key_points,) = blocks(LDN, "key-points")
    for message in MESSAGES:
        assert any(all(part in item for part in message) for item in key_points["items"]), message


@of_each(sorted({*of_kind("condition"), *about("low-dose-naltrexone")}))
def test_every_page_about_ldn_says_what_it_is_not(name: str) -> None:
    """The common footer of the fact sheet: off-label, made to order, no replacement, never with opioids."""
    words = " ".join(said(name))
    for part in ("off-label", "to order", "with opioids", "liver disease"):
        assert part in words, part


# Structure


@of_each([*of_kind("condition", "treatment"), "overview"])
def test_pages_about_health_say_when_to_get_help_and_what_to_ask(name: str) -> None:
    kinds = [block.get("level", block["type"]) for block in page(name)["blocks"]]
    assert kinds.count("emergency") == kinds.count("urgent") == 1
    assert kinds.index("emergency") < kinds.index("urgent")
    assert "questions" in kinds


@of_each(of_kind("condition"))
def test_condition_pages_follow_the_order_of_readers_questions(name: str) -> None:
    order = [
        "What it is",
        "Who gets it",
        "What you may notice",
        "How it is found",
        "Treatments that help",
        "Living with it",
    ]
    assert [words for words in said(name) if words in order] == order
    kinds = [block.get("level", block["type"]) for block in page(name)["blocks"]]
    wanted = ["key-points", "emergency", "urgent", "claim", "do-dont", "questions"]
    assert [kinds.index(kind) for kind in wanted] == sorted(kinds.index(kind) for kind in wanted)


@of_each(of_kind("condition"))
def test_condition_pages_answer_first(name: str) -> None:
    """Under the title one line each: whether LDN helps, how sure that is, and who must not take it."""
    first = [piece for piece in pieces(name) if piece.block == 0]
    asked = ("Does LDN help", "How sure is that?", "Who must not take")
    assert [piece.kind for piece in first[:3]] == ["li", "li", "li"]
    assert all(piece.text.startswith(words) for piece, words in zip(first, asked, strict=False))
    assert [block["type"] for block in page(name)["blocks"][:4]] == ["text", "key-points", "care", "care"]


@of_each(["overview", LDN, "fibromyalgia", "chronic-pain", "talking-to-your-clinician"])
def test_pages_also_address_carers(name: str) -> None:
    assert "If you are helping someone" in said(name)


@of_each(NAMES)
def test_every_page_leads_to_the_clinic(name: str) -> None:
    bodies = "".join(block.get("body", "") for block in page(name)["blocks"])
    assert "/request-a-consultation/" in bodies or "tell the clinic" in " ".join(said(name))


@of_each(NAMES)
def test_headings_are_followed_by_text(name: str) -> None:
    bodies = "".join(block["body"] for block in blocks(name, "text"))
    assert "<h2><" not in bodies
    assert not re.search(r"</h3><h[23]>|</h2><h2>", bodies)


@of_each(NAMES)
def test_files_are_named_after_their_slugs_and_have_aliases(name: str) -> None:
    front = page(name)
    assert front["slug"] == name
    assert front["aliases"] == lines("\n".join(front["aliases"]))
    assert 2 <= len(front["aliases"]) == len(set(front["aliases"]))


# References


@of_each(NAMES)
def test_every_cited_key_is_known_and_listed(name: str) -> None:
    assert cited(name) == page(name)["references"]
    assert set(cited(name)) <= {row["key"] for row in rows("references")}


def test_every_reference_is_cited() -> None:
    assert {row["key"] for row in rows("references")} == {key for name in NAMES for key in cited(name)}


def test_references_have_a_kind_a_status_and_a_source() -> None:
    assert [row["key"] for row in rows("references")] == sorted({row["key"] for row in rows("references")})
    for row in rows("references"):
        assert row["kind"] in Reference.Kind.values, row["key"]
        assert row["status"] in Reference.Status.values, row["key"]
        assert "pmid" not in row or row["pmid"].isdigit(), row["key"]
        assert "doi" not in row or row["doi"].startswith("10."), row["key"]
        place = row.get("doi") or row.get("pmid") or row.get("url") or row.get("journal")
        assert row["status"] != "current" or place, row["key"]


def test_references_say_how_we_know_them() -> None:
    """None is “current” if nobody has opened it, or what is left of it in an abstract."""
    for row in rows("references"):
        assert row["known_by"] in Reference.KnownBy.values, row["key"]
        assert row["status"] != "current" or row["known_by"] != Reference.KnownBy.NOT_SEEN, row["key"]
        assert "notice" not in row, "A journal's announcement is found by the check for retractions."
