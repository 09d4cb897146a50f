"""Canonical content as the pieces somebody reads one after another: what compare and advice work on.

Knows no block by name: a new kind of block is read by the fields it declares.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst

from education.articles.content.blocks import BLOCK_TYPES
from education.articles.content.canonical import Content
from education.core.richtext import BREAK, Run, paragraphs

WORD = re.compile(r"(\s*)(\[@[^\]\s<>]{1,80}\]|\S+?(?=\[@)|\S+)")
RICH = re.compile(r"<(?:p|ul|ol|h2|h3)>")
HEADINGS = {"title", "heading"}
NOT_PROSE = {"drawing", "picture", "image", "credit"}
HEAD = -1  # in place of a block's number: the page's own title and summary


@dataclass(frozen=True)
class Word:
    text: str
    strong: bool = False
    em: bool = False
    href: str = ""
    spaced: bool = True  # a space stands before it

    @property
    def key(self) -> tuple[str, bool, bool, str]:
        """What makes two words the same: the space before them does not count."""
        return self.text, self.strong, self.em, self.href


@dataclass(frozen=True)
class Piece:
    """A heading (h1 to h3), paragraph (p), point of a list (li) or a fact about a block (fact)."""

    block: int
    kind: str
    words: tuple[Word, ...]

    @cached_property
    def text(self) -> str:
        return "".join(f"{' ' if word.spaced else ''}{word.text}" for word in self.words).strip()

    @property
    def key(self) -> tuple[Any, ...]:
        return self.kind, *(word.key for word in self.words)


def pieces(content: Content) -> list[Piece]:
    head = [_plain(HEAD, "h1", content["title"]), _plain(HEAD, "p", content["summary"])]
    body = [piece for number, block in enumerate(content["blocks"]) for piece in _block(number, block)]
    return [piece for piece in [*head, *body] if piece.words]


def _block(number: int, block: Content) -> Iterator[Piece]:
    model = BLOCK_TYPES.get(block["type"])
    names = model.content_fields if model else sorted(block)
    for name in names:
        if name in block and name != "type":
            yield from _value(number, block["type"], name, block[name])


def _value(number: int, block_type: str, name: str, value: Any, *, listed: bool = False) -> Iterator[Piece]:
    if isinstance(value, list):
        for item in value:
            yield from _value(number, block_type, name, item, listed=True)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _value(number, block_type, key, inner, listed=listed)
    elif isinstance(value, str) and not _is_fact(block_type, name):
        yield from _prose(number, name, value, listed)
    elif value not in ("", None):
        yield _plain(number, "fact", _fact(block_type, name, value))


def _prose(number: int, name: str, value: str, listed: bool) -> Iterator[Piece]:
    if RICH.match(value):
        for kind, runs in paragraphs(value):
            yield Piece(number, kind, tuple(_words(runs)))
    elif value:
        yield _plain(number, "h2" if name in HEADINGS else "li" if listed else "p", value)


def _plain(number: int, kind: str, text: str) -> Piece:
    return Piece(number, kind, tuple(_words([Run(text)])))


def _words(runs: list[Run]) -> Iterator[Word]:
    space = False
    for run in runs:
        space = space or run.text == BREAK
        for before, text in WORD.findall("" if run.text == BREAK else run.text):
            yield Word(text, run.strong, run.em, run.href, spaced=bool(before) or space)
            space = False
        space = space or run.text[-1:].isspace()


def _field(block_type: str, name: str) -> Any:
    model = BLOCK_TYPES.get(block_type)
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _is_fact(block_type: str, name: str) -> bool:
    """A choice or a name that no patient reads as it stands."""
    return name in NOT_PROSE or bool(getattr(_field(block_type, name), "choices", None))


def _fact(block_type: str, name: str, value: Any) -> str:
    field = _field(block_type, name)
    said = dict(getattr(field, "flatchoices", None) or ()).get(value, value)
    return f"{capfirst(getattr(field, 'verbose_name', name))}: {said}"
