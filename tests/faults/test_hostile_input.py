"""What somebody typed, posted or wrote is read in time that grows with its length, not with the square of it.

Else one request holds a worker for minutes. Each function that reads such text is measured on twenty hostile shapes, at
one length and at four times that length; it may also refuse the longer one.
"""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from education.advice.reading import advise_on
from education.articles.content import links
from education.articles.content.blocks.claim import reference_keys
from education.articles.content.blocks.markdown import BrokenSource
from education.articles.content.canonical import Content
from education.articles.content.compare import compare
from education.articles.content.pieces import pieces
from education.articles.content.tables import cells_of
from education.articles.editing.formsets import posted_blocks
from education.articles.library.markdown import FRONT_KEYS, parse
from education.articles.rendering.blocks import PageRenderer
from education.articles.rendering.places import find_places
from education.clinic.dates import read_date
from education.consultations import search_terms
from education.consultations.form.forms import ConsultationForm
from education.consultations.form.posted import read_post, without_removed_line
from education.consultations.public.tokens import read_form_token
from education.consultations.triage.chart import spreadsheet_cell
from education.core.contact import email, telephone
from education.core.http import address_behind
from education.core.richtext import canonical_html, to_html, to_markdown
from education.core.sealing import SealError
from education.core.text import clean_input, folded, heading_id, lines, one_line
from education.core.vault import read_printed
from education.glossary.linking import TermLinks
from education.references.actions import cited_keys
from education.references.models import Reference
from education.search.queries import find
from education.search.words import words_of
from tests.cast import explained

MAX_GROWTH = 5  # times the work for four times the length
MEASURABLE, NOISE = 0.0005, 0.001  # seconds of this thread's processor time
SHORTEST, LONGEST = 1000, 8000  # characters; the longest is measured at four times as many
TRIES = 3
REFUSED = (ValidationError, BrokenSource, SealError)

Shape = Callable[[int], str]


def repeated(unit: str, end: str = "") -> Shape:
    return lambda length: unit * (length // len(unit)) + end


def numbered(unit: str, start: str = "") -> Shape:
    return lambda length: start + "".join(unit.format(number) for number in range(length // len(unit)))


def within(opening: str, closing: str) -> Shape:
    def shape(length: int) -> str:
        depth = length // len(opening + closing)
        return f"{opening * depth}x{closing * depth}"

    return shape


SHAPES: dict[str, Shape] = {
    "one word": repeated("a"),
    "one number": repeated("1"),
    "numbers": repeated("1,", "x"),
    "spaces": repeated(" ", "x"),
    "different words": numbered("w{:x} "),
    "abbreviations": repeated("Dr. A dr a "),
    "apostrophes": repeated("a'a-"),
    "marks in the wrong order": lambda length: "a" + "\u0301" * (length // 2) + "\u0316" * (length // 2),
    "stars": repeated("a*b_ **", "x"),
    "brackets": repeated("["),
    "bars": repeated("|\\"),
    "dashes": repeated("- ", "x"),
    "different citations": numbered("[@{:x}]. "),
    "comments left open": repeated("<!--"),
    "elements left open": repeated("<div><b></i>"),
    "attributes": numbered("a{:x} ", start="<a "),
    "lists in lists": within("<ul><li>a", "</li></ul>"),
    "equal headings": repeated("<h2>a</h2>"),
    "empty marks": repeated("a<strong></strong>"),
    "line breaks": repeated("<br>", "x"),
}


# What reads it


def content(text: str) -> Content:
    return {"title": text, "summary": text, "blocks": [{"type": "text", "body": canonical_html(text)}]}


def compared(text: str) -> None:
    words = text.split()
    traded = [word for pair in zip(words[1::2], words[::2], strict=False) for word in pair]
    compare(content(text), content(" ".join(traded)))


def drawn(text: str) -> None:
    references = {key: Reference(key=key) for key in cited_keys(text)}
    rich = PageRenderer(references, {}).rich(canonical_html(text), "text")
    find_places(rich, language="en")
    links.paths(rich)
    links.headings(rich)
    PageRenderer(references, {}).line(text)


def advised(text: str) -> None:
    advise_on(pieces(content(text)), unavoidable=["a b", "x"], swaps={"a": "b", "w1 w2": "w3"})


HEAD = "".join(f"{key}:\n" for key in FRONT_KEYS)


def article_files(text: str) -> Iterator[str]:
    yield f"---\n{HEAD}\n---\n{text}"
    yield f"---\n{HEAD.replace('title:', f'title: {text}')}---\n"
    for opening in ("key-points", "table x", "steps x", "do-dont x", "claim low harms", "risk 100"):
        yield f"---\n{HEAD}---\n::: {opening}\n{text}\n:::\n"


def loaded(text: str) -> None:
    for file in article_files(text):
        with suppress(BrokenSource):
            parse(file)


def posted(text: str) -> None:
    fields = {"phone": text, "questions": text}
    read_post(RequestFactory().post("/", fields))
    urlencoded = f"{text}&phone={text}&{text}=1".encode()
    read_post(RequestFactory().post("/", urlencoded, content_type="application/x-www-form-urlencoded"))
    without_removed_line({"remove": f"questions:{text}", "questions": text})


def blocks_posted(text: str) -> None:
    names = {f"x-{number}-{text[:9]}": "1" for number in range(len(text) // 100)}
    posted_blocks({"x-TOTAL_FORMS": text, f"x-{text}-body": text, **names}, "x")


def asked(text: str) -> None:
    form = ConsultationForm.filled_with({})
    ConsultationForm(dict.fromkeys(form.fields, text)).is_valid()


def searched(text: str) -> None:
    search_terms.terms_for(text, "GB")


def withdrawn_with(text: str) -> None:
    search_terms.phone_terms(text, "GB")
    search_terms.terms_before(text)
    telephone.refusal(text)


READERS: list[Callable[[str], object]] = [
    clean_input, folded, lines, one_line, words_of, cited_keys, reference_keys, cells_of,
    canonical_html, to_markdown, to_html, drawn, compared, advised, loaded, blocks_posted,
    posted, asked, read_date, read_form_token, spreadsheet_cell, searched, withdrawn_with, email.key, email.suggestion,
    find, read_printed,
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
def test_four_times_the_text_takes_four_times_the_work(read: Callable[[str], object]) -> None:
    assert {name: growth for name, shape in SHAPES.items() if (growth := excess(read, shape))} == {}


def test_many_equal_headings_and_many_addresses_take_no_longer_each() -> None:
    def headings(text: str) -> None:
        taken: dict[str, int] = {}
        for _ in text:
            heading_id("a", taken)

    def addresses(text: str) -> None:
        address_behind("10.0.0.1", text.replace("a", "10.0.0.1, "), proxies=["10.0.0.1"])

    assert not excess(headings, SHAPES["one word"])
    assert not excess(addresses, SHAPES["one word"])


@pytest.mark.django_db
def test_the_terms_of_the_glossary_are_linked_in_long_texts() -> None:
    for term in ("a b c", "a", "dr a dr b", "w1 w2 w3"):
        explained(term)
    changed_at = datetime.now(UTC)

    def linked(text: str) -> None:
        TermLinks(changed_at).linked(text)

    assert {name: growth for name, shape in SHAPES.items() if (growth := excess(linked, shape))} == {}


# Measuring


def excess(read: Callable[[str], object], shape: Shape) -> str:
    """How far the work outgrows the text; empty when it keeps in proportion. A suspicion has to hold at twice and four
    times the length: what takes the square of it does, and a busy machine or a cache that overflows does not.
    """
    length = SHORTEST
    while (short := seconds(read, shape(length))) < MEASURABLE and length < LONGEST:
        length *= 2
    for _ in range(TRIES):
        long = min(seconds(read, shape(4 * length)) for _ in range(2))
        if long <= MAX_GROWTH * short + NOISE:
            return ""
        length *= 2
        short = min(seconds(read, shape(length)) for _ in range(2))
    return f"{long * 1000:.1f} ms for {2 * length} characters, {short * 1000:.1f} ms for half of them"


def seconds(read: Callable[[str], object], text: str) -> float:
    """Without the garbage collector, which now and then walks through all that the other tests have left."""
    gc.disable()
    try:
        begun = time.thread_time()
        with suppress(*REFUSED):
            read(text)
        return time.thread_time() - begun
    finally:
        gc.enable()
