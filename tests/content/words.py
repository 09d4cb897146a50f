"""The starter library as read from its files: canonical content, and the plain text that a patient reads."""

from functools import cache
from typing import Any

import yaml

from education.advice.reading import Advice
from education.articles.content import pieces as content_pieces
from education.articles.content.canonical import Content, texts
from education.articles.library.loading import STARTER, read
from education.references.actions import CITATION, cited_keys
from tests.advice.shipped import advise

SOURCES = read(STARTER)
NAMES = [name.removesuffix(".md") for name in SOURCES]


@cache
def page(name: str) -> Content:
    """As an edition would hold it, with the list of references that the file names."""
    source = SOURCES[f"{name}.md"]
    return {**source.front, "blocks": source.blocks}


@cache
def rows(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((STARTER / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def blocks(name: str, kind: str) -> list[dict[str, Any]]:
    return [block for block in page(name)["blocks"] if block["type"] == kind]


def of_kind(*kinds: str) -> list[str]:
    return [name for name in NAMES if page(name)["kind"] in kinds]


def about(topic: str) -> list[str]:
    return [name for name in NAMES if page(name)["topic"] == topic]


def path_of(content: Content) -> str:
    return f"/{content['slug']}/" if content["kind"] == "policy" else f"/{content['topic']}/{content['slug']}/"


@cache
def pieces(name: str) -> list[content_pieces.Piece]:
    return content_pieces.pieces(page(name))


@cache
def said(name: str) -> list[str]:
    """Every heading, paragraph and list item, without citations."""
    return [" ".join(CITATION.sub("", piece.text).split()) for piece in pieces(name) if piece.kind != "fact"]


@cache
def advice(name: str) -> Advice:
    return advise(page(name))


def cited(name: str) -> list[str]:
    return cited_keys(" ".join(texts(page(name))))


def word_count(name: str) -> int:
    """What there is to read: headings, text, lists, cards, tables and graded statements.

    Left out are the head of the file, references, text alternatives, and the small print under a graded statement.
    """
    read = (
        piece.text
        for block in page(name)["blocks"]
        for piece in content_pieces.pieces({"title": "", "summary": "", "blocks": [_as_read(block)]})
        if piece.kind != "fact"
    )
    return sum(len(CITATION.sub("", text).split()) for text in read)


def _as_read(block: dict[str, Any]) -> dict[str, Any]:
    """Without the fields that stand beside what is read."""
    if block["type"] == "claim":
        return {**block, "references_for": [], "references_against": [], "graded_by": "", "graded_on": ""}
    return {**block, "alt": ""} if block["type"] == "figure" else block
