"""Canonical content as the pieces somebody reads one after another: what compare and advice work on.

Each block is read by the fields it declares. One of a type that is not declared any more, as an old edition may hold,
is read field by field.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField
from django.utils.formats import date_format
from django.utils.text import capfirst

from education.articles.content.blocks import BLOCK_TYPES, BlockContent
from education.articles.content.blocks.base import Block
from education.articles.content.canonical import Content
from education.articles.models import Article
from education.core.richtext import BREAK, Run, paragraphs

WORD = re.compile(r"(\s*)(\[@[^\]\s<>]{1,80}\]|\S+?(?=\[@)|\S+)")
RICH = re.compile(r"<(?:p|ul|ol|h2|h3)>")
HEAD = -1  # in place of a block's number: the page's own title and summary
IDENTITY = -2  # the same: what a page is, and where it stands
ROW = "row"


@dataclass(frozen=True)
class Word:
    text: str
    strong: bool = False
    em: bool = False
    href: str = ""
    spaced: bool = True  # a space comes before it
    begins_cell: bool = False  # another one of a table's row; an empty cell is a word without letters

    @property
    def key(self) -> tuple[str, bool, bool, str, bool]:
        """What makes two words the same: the space before them does not count."""
        return self.text, self.strong, self.em, self.href, self.begins_cell

    @property
    def gap(self) -> str:
        """What stands before it."""
        return " | " if self.begins_cell else " " if self.spaced else ""

    @property
    def shown(self) -> str:
        return self.text or ("(empty)" if self.begins_cell else "")


@dataclass(frozen=True)
class Piece:
    """A heading (h1 to h3), paragraph (p), point of a list (li), row of a table or a fact about a block (fact)."""

    block: int
    kind: str
    words: tuple[Word, ...]

    @cached_property
    def text(self) -> str:
        return "".join(f"{word.gap}{word.shown}" for word in self.words).strip()

    @property
    def key(self) -> tuple[Any, ...]:
        return self.kind, *(word.key for word in self.words)


def pieces(content: Content, *, whole_rows: bool = False) -> list[Piece]:
    """Each cell of a table is a piece of its own, or with `whole_rows` each row: a cell says little without its row."""
    head = [_plain(HEAD, "h1", content["title"]), _plain(HEAD, "p", content["summary"])]
    body = [piece for number, block in enumerate(content["blocks"]) for piece in _block(number, block)]
    found = [*head, *body] if whole_rows else chain.from_iterable(map(_cells, [*head, *body]))
    return [piece for piece in found if piece.words]


def facts_of_page(content: Content) -> list[Piece]:
    """What stands in no text and is signed with it. Not the author, who is asked for where the page is signed."""
    told = [(IDENTITY, name, content.get(name, "")) for name in ("slug", "kind", "language")]
    told += [(HEAD, "aliases", alias) for alias in content.get("aliases", [])]
    fields = {name: Article._meta.get_field(name) for _, name, _ in told}
    return [_labelled(number, fields[name], value) for number, name, value in told if value]


def _block(number: int, content: BlockContent) -> Iterator[Piece]:
    block = BLOCK_TYPES.get(content["type"])
    for name in block.content_fields if block else sorted(content):
        if name in content and name != "type":
            yield from _value(number, block, name, content[name])


def _value(number: int, block: type[Block] | None, name: str, value: Any, *, listed: bool = False) -> Iterator[Piece]:
    if listed and isinstance(value, list) and all(isinstance(cell, str) for cell in value):
        yield Piece(number, ROW, tuple(_row(value)))
    elif isinstance(value, list):
        for item in value:
            yield from _value(number, block, name, item, listed=True)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _value(number, block, key, inner, listed=listed)
    elif isinstance(value, str) and not _is_fact(block, name):
        yield from _prose(number, name == (block or Block).title_field, value, listed)
    elif value not in ("", None):
        said = f"[@{value}]" if block and _names_studies(block, name) else value
        yield _labelled(number, _field(block, name) or name, said)


def _names_studies(block: type[Block], name: str) -> bool:
    """Whether the field is a list of keys, as those of the studies behind a claim."""
    return name in block.list_fields and name in block.fact_fields


def _prose(number: int, is_title: bool, value: str, listed: bool) -> Iterator[Piece]:
    if RICH.match(value):
        for kind, runs in paragraphs(value):
            yield Piece(number, kind, tuple(_words(runs)))
    elif value:
        yield _plain(number, "h2" if is_title else "li" if listed else "p", value)


def _plain(number: int, kind: str, text: str) -> Piece:
    return Piece(number, kind, tuple(_words([Run(text)])))


def _row(cells: list[str]) -> Iterator[Word]:
    for place, cell in enumerate(cells):
        first, *others = _words([Run(cell)]) if cell.strip() else [Word("")]
        yield replace(first, begins_cell=place > 0)
        yield from others


def _cells(piece: Piece) -> Iterator[Piece]:
    """The filled cells of a row, each as a point of a list; any other piece as it is."""
    if piece.kind != ROW:
        yield piece
        return
    cells: list[list[Word]] = [[]]
    for word in piece.words:
        if word.begins_cell:
            cells.append([])
        cells[-1] += [replace(word, begins_cell=False)] if word.text else []
    yield from (Piece(piece.block, "li", tuple(cell)) for cell in cells)


def _words(runs: list[Run]) -> Iterator[Word]:
    space = False
    for run in runs:
        space = space or run.text == BREAK
        for before, text in WORD.findall("" if run.text == BREAK else run.text):
            yield Word(text, run.strong, run.em, run.href, spaced=bool(before) or space)
            space = False
        space = space or run.text[-1:].isspace()


def _is_fact(block: type[Block] | None, name: str) -> bool:
    """A choice or a name that no patient reads as it stands."""
    return bool(getattr(_field(block, name), "choices", None)) or (block is not None and name in block.fact_fields)


def _labelled(number: int, field: Any, value: Any) -> Piece:
    """A field as a label and a value, such as “Level: Urgent: get advice today”. `field` may be only a name."""
    return _plain(number, "fact", f"{capfirst(getattr(field, 'verbose_name', field))}: {_said(field, value)}")


def _said(field: Any, value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(field, DateField):
        return date_format(date.fromisoformat(value))
    return dict(getattr(field, "flatchoices", None) or ()).get(value, value)


def _field(block: type[Block] | None, name: str) -> Any:
    """The field of the model; None for a key inside a field's own JSON, and for a block that is not declared."""
    try:
        return block._meta.get_field(name) if block else None
    except FieldDoesNotExist:
        return None
