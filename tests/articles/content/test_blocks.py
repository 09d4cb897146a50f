"""Every kind of block: what is kept of it, how it is written in a file, what patients and editors see of it."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.html import escape

from education.articles.content.blocks import BLOCK_TYPES, BLOCKS
from education.articles.content.blocks.risk import dots
from education.articles.content.canonical import canonical_json, draft_content, texts
from education.articles.content.tables import cells_of, framed_line
from education.articles.library import loading
from education.articles.library.markdown import BLOCKS_BY_NAME
from education.articles.models import Article
from education.articles.rendering.places import reading_text
from education.references.actions import cited_keys
from tests.articles.conftest import Write
from tests.articles.drawn import drawn, html_of
from tests.cast import (
    article,
    claim,
    clinic,
    clinic_facts,
    do_dont,
    every_block,
    expander,
    figure,
    known,
    options,
    picture,
    published,
    reference,
    risk,
    steps,
    table,
    what_matters,
)
from tests.each import of_each
from tests.queries import asked
from tests.screens import body, plain_words, tags

pytestmark = pytest.mark.django_db
Block = dict[str, Any]


def said(html: str) -> str:
    return plain_words(html)


def test_each_kind_can_be_kept_written_read_and_shown() -> None:
    assert [block.block_type for block in BLOCKS] == list(BLOCK_TYPES)
    assert (
        set(BLOCK_TYPES)
        == {block["type"] for block in every_block()}
        == {block.block_type for block in BLOCKS_BY_NAME.values()}
    )
    assert {"", "picture", "emergency"} < set(BLOCKS_BY_NAME)


def test_whoever_looks_for_a_picture_or_a_table_finds_that_first() -> None:
    """The list keeps this order when somebody types into it: “picture” led to the risk picture."""
    kinds = list(BLOCK_TYPES)
    assert max(kinds.index("figure"), kinds.index("table")) < kinds.index("risk")


@of_each(every_block())
def test_what_is_kept_of_a_block_makes_the_same_block_again(block: Block) -> None:
    kept = BLOCK_TYPES[block["type"]].from_content(block)
    assert kept.content() == block
    draft = article(blocks=[block])
    assert draft_content(draft)["blocks"] == [block]
    assert canonical_json(draft_content(draft)) == canonical_json(draft_content(Article.objects.get()))
    assert str(kept) != "empty"


CITED = [
    do_dont(dos=["a[@a-1]"], donts=["b[@b-1]"]),
    known(known=["a[@a-1]"], not_known=["b[@b-1]"]),
    claim("c[@a-1]", references_against=["b-1"], nothing_against=False),
    claim("c", references_for=["a-1", "b-1"]),
    table(caption="Two[@a-1]", rows=[["x", "y"], ["z", "w[@b-1]"]]),
    steps("How", "a[@a-1]", "b[@b-1]"),
    expander(body="<p>a[@a-1] b[@b-1]</p>"),
    figure(caption="a[@a-1] b[@b-1]"),
    options(rows=[["", "Wait", "Ask"], ["Cost", "a[@a-1]", "b[@b-1]"]]),
    risk(title="a[@a-1] b[@b-1]"),
]


@of_each(CITED)
def test_a_study_cited_anywhere_in_a_block_counts_and_is_linked(block: Block) -> None:
    first, second = reference("a-1"), reference("b-1")
    assert cited_keys(" ".join(texts({"blocks": [block]}))) == ["a-1", "b-1"]
    page = drawn(block)
    assert page.references == [first, second]
    assert re.findall(r'<sup class="cite"><a href="#(ref-\d)" id="(cite-\d-\d)"', page.html) == [
        ("ref-1", "cite-1-1"),
        ("ref-2", "cite-2-1"),
    ]
    assert "[@" not in page.html


# Tables


@of_each(
    [
        ("a | b", ["a", "b"]),
        ("| a | b |", ["a", "b"]),
        ("|  | b |", ["", "b"]),
        (r"a \| b | c \\ d", ["a | b", r"c \ d"]),
        (r"a\b | c", [r"a\b", "c"]),
        ("a", ["a"]),
        ("| a", ["", "a"]),
    ]
)
def test_a_line_is_cut_into_cells_at_its_bars(case: tuple[str, list[str]]) -> None:
    line, cells = case
    assert cells_of(line) == cells
    assert cells_of(framed_line(cells)) == cells


def test_a_table_has_a_caption_and_headings_with_their_scope() -> None:
    page = html_of(table())
    scopes = [given.get("scope") for tag, given in tags(page) if tag == "th"]
    assert scopes == ["col", "col", "row", "row"]
    assert re.search(r'<caption id="two-studies">Two studies</caption>', page)
    plain = html_of(table(row_headings=False))
    assert [given.get("scope") for tag, given in tags(plain) if tag == "th"] == ["col", "col"]


def test_the_corner_of_a_table_may_be_empty() -> None:
    page = html_of(table(rows=[["", "LDN"], ["Dreams", "More"]]))
    assert [given.get("scope") for tag, given in tags(page) if tag == "th"] == ["col", "row"]
    assert '<th scope="col"></th>' not in page


# Risks


@pytest.mark.parametrize(
    ("count", "denominator"), [(0, 100), (1, 100), (84, 100), (100, 100), (17, 1000), (1000, 1000)]
)
def test_a_risk_is_drawn_with_as_many_dots_as_people(count: int, denominator: int) -> None:
    def drawn(path: str) -> int:
        return sum(round((float(length) - 0.1) / 10) + 1 for length in re.findall(r"h([0-9.]+)", path))

    paths = dots(count, denominator)
    assert (drawn(paths["hit"]), drawn(paths["rest"])) == (count, denominator - count)


def test_a_risk_says_in_words_what_it_draws() -> None:
    page = html_of(risk())
    assert "84 in 100 women on LDN" in said(page)
    assert "86 in 100 women on placebo" in said(page)
    assert page.count("<svg") == page.count('aria-hidden="true"') == 2
    alone = html_of(risk(denominator=1000, first_count=1000, second_count="", second_group=""))
    assert "1,000 in 1,000 women on LDN" in said(alone)
    assert alone.count("<svg") == 1
    assert len(alone) < 2_500


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"second_group": ""}, "To compare, fill in both: how many, and of whom."),
        ({"second_count": ""}, "To compare, fill in both: how many, and of whom."),
    ],
)
def test_half_a_comparison_of_risks_is_not_published(fields: Block, problem: str) -> None:
    assert problem in " ".join(BLOCK_TYPES["risk"].publication_problems(risk(**fields)))


def test_a_risk_of_more_than_all_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"This is more than 100\."):
        BLOCK_TYPES["risk"].from_content(risk(second_count=101)).clean()


# Figures


def test_a_picture_is_shown_in_every_format_with_its_size() -> None:
    shown = picture()
    page = html_of(figure(drawing="", picture=shown.name, alt="A meadow."))
    sources = [given for tag, given in tags(page) if tag == "source"]
    assert [given["type"] for given in sources] == ["image/avif", "image/webp"]
    assert f"/media/pictures/{shown.name}-480.avif 480w" in str(sources[0]["srcset"])
    image = next(given for tag, given in tags(page) if tag == "img")
    assert (image["width"], image["height"], image["alt"]) == ("600", "300", "A meadow.")
    assert image["src"] == f"/media/pictures/{shown.name}-600.jpg"


def test_the_line_of_a_block_sets_its_heading_apart_and_curves_apostrophes() -> None:
    body = "<h2>What goes wrong</h2><p>In Crohn's disease the gut is inflamed.</p>"
    assert str(BLOCK_TYPES["text"](body=body)) == "What goes wrong · In Crohn’s disease the gut is inflamed."


def test_an_expander_opens_without_script() -> None:
    page = html_of(expander("More <b>", "<p>Inside.</p><script>alert(1)</script>"))
    assert "<summary>More &lt;b&gt;</summary>" in page
    assert "script" not in page


def test_the_words_of_every_block_are_read_and_searched() -> None:
    reference()
    words = reading_text(html_of(*every_block()))
    for part in (
        "Walk a little.",
        "Do not sit all day.",
        "It eases pain.",
        "Whether it helps.",
        "Second",
        "Then that.",
        "More words.",
    ):
        assert part in words


def test_rendering_asks_equally_often_for_one_claim_or_thirty() -> None:
    reference("a-1"), reference("b-1")
    some = [claim("x[@a-1]", references_for=["b-1"]), figure(drawing="", picture=picture().name), table(), risk()]
    assert [asked(lambda blocks=blocks: html_of(*blocks)) for blocks in (some, some * 30)] == [2, 2]


# Decisions


def test_each_option_is_told_as_a_whole_and_in_the_same_order() -> None:
    page = said(html_of(options()))
    assert "Your options Wait What may get better Nothing yet. Cost None. Ask What may get better" in page


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([["", "Wait", "Ask"], ["Cost", "None.", ""]], "Row 2 does not say something of each option."),
        ([["", "Wait", "Ask"], ["Cost", "None."]], "Row 2 does not say something of each option."),
        ([["", "Ask"], ["Cost", "A visit."]], "Name two options or more"),
    ],
)
def test_an_option_of_which_less_is_told_is_not_published(rows: list[list[str]], problem: str) -> None:
    model = BLOCK_TYPES["options"]
    assert [line for line in model.publication_problems(options(rows=rows)) if problem in line]
    assert list(model.publication_problems(options())) == []


def test_what_matters_to_a_reader_has_no_way_to_the_server() -> None:
    page = html_of(what_matters(), what_matters(title="Where are you now?"))
    assert not {"form", "button"} & {tag for tag, _ in tags(page)}
    names = [given["name"] for tag, given in tags(page) if given.get("type") == "radio"]
    assert len(names) == 4
    assert len(set(names)) == 2
    assert all("Would dreams" not in str(given) for _, given in tags(page))


def test_no_word_of_an_answer_is_linked_to_the_glossary() -> None:
    page = drawn(what_matters())
    linked = " ".join(page.html[span.start : span.end] for span in page.places.text)
    assert "dreams" not in linked
    assert "matters to you" not in linked


def test_a_reader_of_the_page_gets_what_was_published(client: Client) -> None:
    reference()
    published("lupus", blocks=every_block())
    page = body(client.get("/autoimmune-conditions/lupus/"))
    for words in (
        "Do and don’t",
        "<strong>low</strong>",
        "<strong>no difference</strong>",
        "Two studies",
        "More about it",
    ):
        assert words in page
    assert escape("<!--") not in page


@pytest.mark.parametrize("filled", [False, True])
def test_what_the_clinic_has_not_filled_in_about_a_visit_is_not_shown(client: Client, filled: bool) -> None:
    published("lupus", blocks=[clinic_facts("Coming to us")])
    if filled:
        clinic(fees="First visit: 90 dollars.\n\nLater visits: 60 dollars.", directions="<b>Bus 7</b>")
    page = body(client.get("/autoimmune-conditions/lupus/"))
    assert "Coming to us" in page
    assert ("The clinic has not written anything here yet." in plain_words(page)) is not filled
    assert ("What a visit costs First visit: 90 dollars. Later visits: 60 dollars." in plain_words(page)) is filled
    assert ("&lt;b&gt;Bus 7&lt;/b&gt;" in page) is filled
    assert "<p></p>" not in page, "read aloud as a paragraph of nothing"
    for words in ("Who we see", "Where we are", "Insurance", "Good-faith estimate", "None<"):
        assert words not in page


# In files

AWKWARD: list[Block] = [
    do_dont(title="Do: and don't #", dos=["do: a", "- b", "1. c"], donts=[]),
    claim("for: x | y: z [not a key] <b>", references_for=["a-1", "b-1"], graded_by="A: B, MD", nothing_against=False),
    claim(graded_by="", graded_on=""),
    known(known=["known: a", "not known: b"], not_known=["| c |"]),
    table(caption="A | b: c", row_headings=True, rows=[["", "a | b"], ["\\", "\\|"], ["first-column: headings", ""]]),
    steps("1. How", "1. a", "- b", "::: c"),
    expander("Why? ::: x", "<p>::: urgent</p><ul><li>a</li></ul>"),
    risk(first_count=0, second_count=0, title="a: b[@a-1]"),
    risk(second_count="", second_group="", denominator=1000, first_group="3 of them"),
]


def test_odd_words_in_any_block_survive_a_file(tmp_path: Path) -> None:
    reference("a-1"), reference("b-1")
    draft = article(blocks=AWKWARD)
    content, text = draft_content(draft), loading.to_text(draft)
    loading.export(tmp_path)
    draft.delete()
    loading.load(tmp_path, by=None, publish=False)
    loaded = Article.objects.get()
    assert draft_content(loaded) == content
    assert loading.to_text(loaded) == text


def test_the_file_of_a_claim_reads_well(folder: Path, write: Write) -> None:
    words = """::: claim low no-difference
text: It eases pain.[@younger-2013]
against: younger-2013
graded-by: Ann Author
graded-on: 2026-01-31
:::"""
    path = write(words, references="[younger-2013]")
    loading.load(folder, by=None, publish=True)
    assert words in loading.to_text(Article.objects.get())
    assert str(loading.load(folder, by=None, publish=True)) == "1 unchanged"
    assert path.exists()
