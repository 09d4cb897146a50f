"""What a page must say wherever opioids, methotrexate, pregnancy or fever come up, and with what a page begins."""

import re

from django.template.loader import render_to_string

from education.consultations.defaults import QUESTIONS, REPLIES
from education.wording.places import places
from tests.content.test_starter_facts import HARM_A_BABY, SAYS_SO
from tests.content.words import blocks, of_kind, page, rows, said
from tests.each import of_each

PAGES = [
    "already-taking-ldn",
    "celiac-disease",
    "complex-regional-pain-syndrome",
    "crohns-disease",
    "graves-disease",
    "how-to-read-a-study",
    "inflammatory-bowel-disease",
    "ldn-decision-crohns-disease",
    "ldn-decision-fibromyalgia",
    "ldn-decision-multiple-sclerosis",
    "living-well",
    "long-covid-and-me-cfs",
    "multiple-sclerosis",
    "pregnancy-and-breastfeeding",
    "psoriatic-arthritis",
    "ulcerative-colitis",
]
CONDITIONS = [name for name in PAGES if name in of_kind("condition")]
OPIOIDS = ("codeine", "hydrocodone", "oxycodone", "tramadol", "morphine", "fentanyl", "methadone", "buprenorphine")
BRANDS = ("Vicodin", "Norco", "Percocet", "Suboxone")


@of_each(PAGES)
def test_a_page_that_names_opioids_names_six_of_them_and_four_brands(name: str) -> None:
    words = " ".join(said(name))
    assert "opioid" in words
    assert sum(opioid in words for opioid in OPIOIDS) >= 6
    assert [brand for brand in BRANDS if brand not in words] == []


@of_each(PAGES)
def test_methotrexate_is_taken_once_a_week(name: str) -> None:
    words = " ".join(said(name))
    assert "methotrexate" not in words.lower() or "once a week" in words


@of_each(CONDITIONS)
def test_a_condition_page_says_that_medicines_can_harm_an_unborn_baby(name: str) -> None:
    assert re.search(r"harm an unborn baby", " ".join(said(name)))


@of_each(PAGES)
def test_a_fever_has_its_number_on_both_scales(name: str) -> None:
    cards = " ".join(block["body"] for block in blocks(name, "care"))
    fevers = re.findall(r"[^<>]*\bfever of[^<>]*", cards)
    assert all("100.4 °F (38 °C)" in fever for fever in fevers)


@of_each(CONDITIONS)
def test_a_condition_page_begins_with_its_answers(name: str) -> None:
    first = page(name)["blocks"][0]
    assert first["type"] == "text"
    asked = re.findall(r"<strong>([^<]+)</strong>", first["body"])
    assert [question.split()[0] for question in asked] == ["Does", "How", "Who"]


def test_addresses_within_the_page_on_bowel_disease_still_lead_somewhere() -> None:
    """Others may have linked to a part of it when it was the only page on the two illnesses."""
    kept = [
        "What it is",
        "Who gets it",
        "What you may notice",
        "How it is found",
        "Treatments that help",
        "Studies of LDN in IBD",
        "What is known about LDN in IBD, and what is not",
        "Living with it",
        "What you can do",
        "Questions to ask your clinician",
    ]
    assert [heading for heading in kept if heading not in said("inflammatory-bowel-disease")] == []
    assert [table["caption"] for table in blocks("inflammatory-bowel-disease", "table")] == ["How the two differ"]


# Beside the pages: the glossary, what opens over a word of a page, the request form, the search, mails

OPIOIDS_EXPLAINED = {
    "glossary": next(row["definition"] for row in rows("glossary") if row["slug"] == "opioid"),
    "form": next(str(question["help"]) for question in QUESTIONS if question["key"] == "opioids"),
    "search": render_to_string("search/_opioid.html"),
}
AROUND = {
    **{f"glossary, {row['slug']}": row["definition"] for row in rows("glossary")},
    **{f"topic {row['slug']}": row["summary"] for row in rows("topics")},
    **{f"form, {question['key']}": f"{question['words']} {question['help']}" for question in QUESTIONS},
    **{key: place.words for key, place in places().items()},
}
MAILS = [place.words for key, place in places().items() if place.page in ("mail", "staff_mail")] + [
    f"{reply['subject']} {reply['words']}" for reply in REPLIES
]


@of_each(OPIOIDS_EXPLAINED)
def test_whatever_explains_opioids_names_six_of_them_and_four_brands(where: str) -> None:
    words = OPIOIDS_EXPLAINED[where]
    assert sum(opioid in words for opioid in OPIOIDS) >= 6
    assert [brand for brand in BRANDS if brand not in words] == []


def test_whoever_searches_for_an_opioid_is_told_to_get_help_even_without_signs() -> None:
    words = OPIOIDS_EXPLAINED["search"]
    assert "get medical help the same day, even if you feel well" in words
    assert "no opioid until you have medical advice" in words
    signs = words.partition("Call the emergency number now for")[2].partition(".")[0]
    for sign in ("confusion", "slow breathing", "a seizure", "vomiting that does not stop", "pregnancy"):
        assert sign in signs


@of_each(AROUND)
def test_methotrexate_is_taken_once_a_week_in_what_stands_by_itself(where: str) -> None:
    assert "methotrexate" not in AROUND[where].lower() or "once a week" in AROUND[where]


@of_each([row["slug"] for row in rows("glossary") if HARM_A_BABY.search(row["term"])])
def test_the_glossary_says_which_medicine_harms_a_baby(slug: str) -> None:
    assert SAYS_SO.search(AROUND[f"glossary, {slug}"])


def test_no_mail_names_a_medicine() -> None:
    named = re.compile(rf"LDN|naltrexone|opioid|{'|'.join([*OPIOIDS, *BRANDS])}", re.IGNORECASE)
    assert [words for words in MAILS if named.search(words) or HARM_A_BABY.search(words)] == []
