"""Items of the Patient Education Materials Assessment Tool (PEMAT-P) that can be checked automatically, per condition.

The numbers are the tool's. Whether the tone is kind, or a picture helps, is for people to say.
"""

import re

import pytest

from education.advice.draft import DraftAdvice
from education.advice.models import Judgement
from education.articles.models import Article
from tests.content.words import advice, blocks, of_kind, page, pieces, said
from tests.each import of_each

CONDITIONS = of_each(of_kind("condition"))
UNAVOIDABLE = re.compile(r"“[Cc]hronic”")  # pain: the name of the condition
VERB = re.compile(r"^[A-Z][a-z]+\b(?!\.)")
NO_ACTION = re.compile(r"^(?:You|It|There|Try to be|Be aware)\b")


@CONDITIONS
def test_1_the_page_says_at_once_what_it_is_for(name: str) -> None:
    assert 12 <= len(page(name)["summary"].split()) <= 26
    for part in ("when to get help", "low-dose naltrexone (LDN)"):
        assert part in page(name)["summary"]


@CONDITIONS
def test_3_it_uses_common_words(name: str) -> None:
    assert [finding for finding in advice(name).jargon if not UNAVOIDABLE.search(finding.note)] == []


@CONDITIONS
def test_5_it_is_mostly_in_the_active_voice(name: str) -> None:
    assert len(advice(name).passive) <= 0.15 * advice(name).sentences


@CONDITIONS
def test_6_and_7_numbers_are_clear_and_need_no_calculation(name: str) -> None:
    assert advice(name).denominators == []
    assert not re.search(r"\d\s*(?:%|per ?cent\b|×)|\d\.\d\d", " ".join(said(name)))


@CONDITIONS
def test_8_it_comes_in_short_pieces(name: str) -> None:
    assert advice(name).long_paragraphs == []
    in_a_row = 0
    for piece in pieces(name):
        in_a_row = in_a_row + 1 if piece.kind == "p" else 0
        assert in_a_row <= 6, piece.text
    for block in page(name)["blocks"]:
        for field in ("items", "dos", "donts", "known", "not_known"):
            assert len(block.get(field, ())) <= 7


@CONDITIONS
def test_9_and_10_headings_say_what_follows(name: str) -> None:
    headings = [piece.text for piece in pieces(name) if piece.kind in ("h2", "h3")]
    assert len(headings) >= 10
    assert all(2 <= len(heading.split()) <= 16 for heading in headings)


@CONDITIONS
def test_11_it_has_a_summary(name: str) -> None:
    assert [3 <= len(block["items"]) <= 5 for block in blocks(name, "key-points")] == [True]


@CONDITIONS
def test_12_what_matters_most_stands_out(name: str) -> None:
    assert {"care", "key-points", "do-dont"} <= {block["type"] for block in page(name)["blocks"]}


@CONDITIONS
def test_15_to_19_pictures_have_titles_and_tables_are_simple(name: str) -> None:
    shown = [block for kind in ("figure", "risk", "table") for block in blocks(name, kind)]
    assert shown
    assert all(block.get("caption") or block.get("title") for block in shown)
    assert all(len(figure["alt"].split()) >= 8 for figure in blocks(name, "figure"))
    for table in blocks(name, "table"):
        assert len(table["rows"][0]) <= 3
        assert all(0 < len(heading.split()) <= 5 for heading in table["rows"][0])


@CONDITIONS
def test_20_to_22_it_tells_the_reader_what_to_do_step_by_step(name: str) -> None:
    dos = [item for block in blocks(name, "do-dont") for item in block["dos"]]
    assert len(dos) >= 3
    assert [item for item in dos if not VERB.match(item) or NO_ACTION.match(item) or len(item.split()) > 32] == []
    assert len(re.findall(r"\b[Yy]ou(?:r|rs|rself)?\b", " ".join(said(name)))) >= 30


@CONDITIONS
def test_23_it_has_questions_to_take_along(name: str) -> None:
    assert [len(block["items"]) >= 4 for block in blocks(name, "questions")] == [True]


@pytest.mark.usefixtures("starter_pages")
def test_no_item_that_can_be_counted_fails_on_the_advice_screen() -> None:
    """As staff see it, with the shipped list of plain words."""
    for name in of_kind("condition"):
        draft = DraftAdvice(Article.objects.select_related("topic", "author").get(slug=page(name)["slug"]))
        failed = {
            one.item.number: one.observation.text
            for one in draft.items
            if one.observation.verdict == Judgement.Verdict.NO
        }
        assert failed == {}, name
