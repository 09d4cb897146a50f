"""Where words are in a draft, each place with its sentence; and the draft with other words in chosen places.

Links, citations, choices and addresses are no words: nothing is found or replaced in them.
"""

import html
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django_prose_editor.fields import ProseEditorField

from education.articles.content.blocks import Block
from education.articles.models import Article

HEAD = {"title": "title", "summary": "summary", "aliases": "other names"}  # of the article itself, as screens say it
AROUND = 160  # characters of a sentence that are shown on each side
CITED = r"\[@[^\]\s<>]{1,80}\]"
SENTENCE_END = re.compile(rf"[.!?…](?:{CITED})*(?:\s+|$)")
TAG = re.compile(r"(<[^>]*>)")
PASSAGE = re.compile(r"</?(?:p|li|ul|ol|h2|h3|br)\b")  # where one passage ends; other tags are within it


@dataclass(frozen=True)
class Wanted:
    find: str
    put: str
    match_case: bool = False
    whole_words: bool = True

    @property
    def pattern(self) -> re.Pattern[str]:
        """What finds the words: with any space between them and either apostrophe, across citations."""
        words = r"\s+".join(re.escape(word).replace("'", "[’']").replace("’", "[’']") for word in self.find.split())
        words = rf"(?<!\w){words}(?!\w)" if self.whole_words else words
        return re.compile(rf"{CITED}|(?P<found>{words})", re.NOFLAG if self.match_case else re.IGNORECASE)

    def instead(self, found: str) -> str:
        """A capital letter at the beginning stays one, unless upper and lower case were to be told apart."""
        capital = not self.match_case and found[:1].isupper() and self.find[:1].islower()
        return self.put[:1].upper() + self.put[1:] if capital else self.put


@dataclass(frozen=True)
class Place:
    number: int  # on its page
    where: str  # what it is in, such as “care card”
    lead: str
    found: str
    put: str
    tail: str


@dataclass
class Walk:
    """Goes through a draft once, and collects the places. Those that are `chosen`, by number, are replaced."""

    wanted: Wanted
    chosen: Collection[int] = ()
    places: list[Place] = field(default_factory=list)

    def page(self, article: Article, blocks: list[Block]) -> list[tuple[models.Model, list[str]]]:
        """The rows that changed, blocks or the article itself, with the names of the fields that did."""
        rows: list[tuple[models.Model, str, list[str]]] = [(article, "", list(HEAD))]
        rows += [(block, block.kind_name, list(_fields(block))) for block in blocks]
        changed = [(row, self._row(row, kind, names)) for row, kind, names in rows]
        return [(row, names) for row, names in changed if names]

    def _row(self, row: models.Model, kind: str, names: list[str]) -> list[str]:
        changed = []
        for name in names:
            before = getattr(row, name)
            is_rich = isinstance(row._meta.get_field(name), ProseEditorField)
            after = self._rich(before, kind) if is_rich else self._value(before, kind or HEAD[name])
            if after != before:
                setattr(row, name, after)
                changed.append(name)
        return changed

    def _value(self, value: Any, where: str) -> Any:
        if isinstance(value, list):
            return [self._value(inner, where) for inner in value]
        if not isinstance(value, str):
            return value
        return "\n".join(self._words(line, where) for line in value.split("\n"))

    def _rich(self, source: str, where: str) -> str:
        """The places in rich text. Words are found within one stretch of the same marks; their sentence is shown across
        marks.
        """
        parts = TAG.split(source)
        texts = [html.unescape(part) for part in parts[::2]]
        for number, words in enumerate(texts):
            before, after = _beside(parts, texts, number)
            parts[2 * number] = html.escape(self._words(words, where, before, after), quote=False)
        return "".join(parts)

    def _words(self, words: str, where: str, before: str = "", after: str = "") -> str:
        def put(match: re.Match[str]) -> str:
            if match["found"] is None:
                return match[0]
            other = self.wanted.instead(match[0])
            lead, tail = _sentence(before + words[: match.start()], words[match.end() :] + after)
            self.places.append(Place(len(self.places), where, lead, match[0], other, tail))
            return other if self.places[-1].number in self.chosen else match[0]

        return self.wanted.pattern.sub(put, words)


def _fields(block: Block) -> Iterator[str]:
    """The fields of a block that hold words: no choices, facts, numbers or lists of studies."""
    for name in block.content_fields:
        column = block._meta.get_field(name)
        is_list_of_keys = name in block.list_fields and name not in block.cited_fields
        is_text = isinstance(column, models.CharField | models.TextField | models.JSONField)
        if is_text and not (column.choices or name in block.fact_fields or is_list_of_keys):
            yield name


def _beside(parts: list[str], texts: list[str], number: int) -> tuple[str, str]:
    """What comes before and after this text in the same passage. The odd items of `parts` are tags."""
    first, last = number, number
    while first > 0 and not PASSAGE.match(parts[2 * first - 1]):
        first -= 1
    while last < len(texts) - 1 and not PASSAGE.match(parts[2 * last + 1]):
        last += 1
    return "".join(texts[first:number]), "".join(texts[number + 1 : last + 1])


def _sentence(before: str, after: str) -> tuple[str, str]:
    ends = [match.end() for match in SENTENCE_END.finditer(before) if match.end() < len(before)]
    lead = before[ends[-1] :] if ends else before
    found = SENTENCE_END.search(after)
    tail = after[: found.end()].rstrip() if found else after
    lead = f"…{lead[-AROUND:]}" if len(lead) > AROUND else lead
    return lead, f"{tail[:AROUND]}…" if len(tail) > AROUND else tail
