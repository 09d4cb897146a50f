"""Where the clinic speaks in its own name around its pages, and the words that are built in there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from education.wording import lists

BUILT_IN = Path(__file__).with_name("places.yaml")
LIMIT = 200  # characters, where a place names no other
LINES = 60  # of a list
WORDS, PAGES, SECTIONS, NAMES = "words", "pages", "sections", "names"
FILLED_IN = re.compile(r"\{(\w+)\}")
Words = dict[str, dict[str, str]]  # by page, then by name


@dataclass(frozen=True)
class Place:
    """One passage. Unless it is `plain`, patients read other words only after a clinician signed them.

    A place of another kind holds a list, see `lists`: of pages, of the parts (`options`) of its page, or of the names
    of the links in another list. What `keeps` names has to stay in it; what it `follows` is there by itself.
    """

    key: str  # its page and its name
    label: str
    words: str
    hint: str = ""
    limit: int = LIMIT
    plain: bool = False
    optional: bool = False
    if_empty: str = "it isn’t shown"  # what then becomes of an optional one
    fills: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    kind: str = WORDS
    follows: str = ""
    keeps: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def page(self) -> str:
        return self.key.partition(".")[0]

    @property
    def name(self) -> str:
        return self.key.partition(".")[2]

    def problem(self, words: str) -> str:
        """Why these words can't be here, and what to do; empty if they can."""
        if self.kind != WORDS:
            return self._list_problem(words)
        if not words.strip():
            return "" if self.optional else "Write some words here, or press “As built in”."
        if len(words) > self.limit:
            return f"These are {len(words)} characters. Shorten them to {self.limit}."
        found = FILLED_IN.findall(words)
        for name in found:
            if name not in self.fills:
                return f"“{{{name}}}” is nothing that can be filled in here. {self.may_use}"
        if re.search(r"[{}]", FILLED_IN.sub("", words)):
            return f"A bracket {{ or }} stands alone. {self.may_use}"
        missing = [f"{{{name}}}" for name in self.needs if name not in found]
        return f"Write {' and '.join(missing)} somewhere in these words: patients need it." if missing else ""

    def _list_problem(self, words: str) -> str:
        if len(words.splitlines()) > LINES:
            return f"These are more than {LINES}. Take some out."
        if self.kind == NAMES:
            return lists.names_problem(words, self.limit)
        sections = self.kind == SECTIONS
        problem = lists.sections_problem(words, self.options) if sections else lists.pages_problem(words)
        seen = lists.shown(words, self.options)
        lost = next((value for value in self.keeps if value not in seen), "")
        return problem or (f"“{self.options.get(lost, lost)}” has to stay: patients need it." if lost else "")

    @property
    def is_list(self) -> bool:
        return self.kind in (PAGES, SECTIONS)

    @property
    def holds(self) -> str:
        """What staff write there."""
        return "list" if self.is_list else self.kind

    @property
    def box(self) -> str:
        """The place beside which it is written: that of the names of links is their list."""
        return self.name.removesuffix("_names") if self.kind == NAMES else self.name

    @property
    def names_key(self) -> str:
        """The key of the place that holds the names of the links in this list, if there is one."""
        return f"{self.key}_names"

    @property
    def may_use(self) -> str:
        names = ", ".join(f"{{{name}}}" for name in self.fills)
        return f"You may use {names}." if names else "Leave the brackets out."


@dataclass(frozen=True)
class SitePart:
    title: str
    hint: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class SitePage:
    """What is edited together because it is read together. `path`: where it is read; empty where that varies."""

    name: str
    title: str
    path: str
    parts: tuple[SitePart, ...] = field(repr=False)

    @property
    def places(self) -> list[Place]:
        return [place for part in self.parts for place in part.places]


@cache
def pages() -> dict[str, SitePage]:
    read: dict[str, Any] = yaml.safe_load(BUILT_IN.read_text(encoding="utf-8"))
    return {
        name: SitePage(name, page["title"], page.get("path", ""), _parts(name, page)) for name, page in read.items()
    }


@cache
def places() -> dict[str, Place]:
    """All places by key, in the order of the screen."""
    return {place.key: place for page in pages().values() for place in page.places}


def as_built_in() -> Words:
    return {page.name: {place.name: place.words for place in page.places} for page in pages().values()}


def filled(words: str, **values: str) -> str:
    """The words with what they name in braces."""
    return FILLED_IN.sub(lambda found: values.get(found[1], ""), words)


def _parts(page: str, read: dict[str, Any]) -> tuple[SitePart, ...]:
    return tuple(
        SitePart(
            part["title"],
            part.get("hint", ""),
            tuple(_place(f"{page}.{name}", place) for name, place in part["places"].items()),
        )
        for part in read["parts"]
    )


def _place(key: str, read: dict[str, Any]) -> Place:
    given: Any = {name: tuple(value) if isinstance(value, list) else value for name, value in read.items()}
    return Place(key, **given | {"words": written_out(read["words"])})


def written_out(words: str | list[str]) -> str:
    """A list has one line of words for each of its entries."""
    return words if isinstance(words, str) else "\n".join(words)
