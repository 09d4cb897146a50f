"""What serving must find in the HTML of a page, stored beside each edition so that old markup is never searched again.

All positions are offsets into the HTML, in characters.
"""

import html
import json
import re
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

from education.articles.content.blocks.clinic import FACTS_SLOT
from education.articles.content.blocks.prose import EMERGENCY_SLOT
from education.articles.content.links import path_within_site
from education.core.html import plain

# Raise it when what is stored takes another form, and let `places_from` read every form: stored places never change.
# Format 1 is that of the editions which are older than stored places: see places_format_1.py.
FORMAT = 2

# No term is linked inside these elements, nor in an emergency card, which is acted on and not studied, nor among the
# studies of a claim, which are folded: the first use that is read should be the one that explains it.
NOT_PROSE = {
    "a", "button", "caption", "dfn", "figure", "h2", "h3", "h4", "label", "legend", "summary", "sup", "svg", "th",
}  # fmt: skip
SLOTS = {EMERGENCY_SLOT: "emergency", FACTS_SLOT: "facts"}
REFERENCES = '<section class="references"'
EMERGENCY_CARD = re.compile(r' class="care care-emergency" aria-labelledby="([^"]+)"')
FOLDED_STUDIES = ' class="claim-studies"'
CLAIM = re.compile(r' class="claim" data-studies="([^"]*)"')
HEADING = re.compile(r' id="([^"]+)"')
LINK = re.compile(r' href="([^"]*)"')
CITATION = re.compile(r'<sup class="cite">.*?</sup>', re.DOTALL)
TAG = re.compile(r"<!--.*?-->|<(?P<closing>/?)(?P<name>[a-zA-Z][^\s/>]*)(?P<attributes>[^>]*)>", re.DOTALL)


class Span(NamedTuple):
    start: int
    end: int


class Heading(NamedTuple):
    id: str
    title: str


class Claim(NamedTuple):
    """The opening tag of a claim, and the keys of the studies behind it."""

    start: int
    end: int
    studies: list[str]


class Link(NamedTuple):
    """A link within the site, from its opening tag to its closing one, and the text in it."""

    start: int
    inner_start: int
    inner_end: int
    end: int
    path: str
    text: list[Span]


class Slot(NamedTuple):
    """Where the clinic's own words go: `emergency` or `facts`."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, eq=False)
class Places:
    """Of one page. Equal to itself only, which makes it cheap as a part of a cache's key."""

    language: str
    words: int  # to read, without the references
    emergency: str  # id of the heading that says when to call for help; empty on a page without one
    headings: list[Heading]  # the main ones, for “On this page”
    claims: list[Claim]
    links: list[Link]  # none inside another, none among the references
    slots: list[Slot]
    text: list[Span]  # outside of links, where terms of the glossary may be linked

    @cached_property
    def paths(self) -> list[str]:
        """Every address of this site that the page links to."""
        return sorted({link.path for link in self.links})

    def to_json(self) -> str:
        stored = {field.name: getattr(self, field.name) for field in fields(self)}
        return json.dumps(stored, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=32)
def places_from(stored: str) -> Places:
    """The reverse of `Places.to_json`."""
    data = json.loads(stored)
    data["headings"] = [Heading(*row) for row in data["headings"]]
    data["claims"] = [Claim(*row) for row in data["claims"]]
    links = (Link(*row) for row in data["links"])
    data["links"] = [link._replace(text=[Span(*span) for span in link.text]) for link in links]
    data["slots"] = [Slot(*row) for row in data["slots"]]
    data["text"] = [Span(*row) for row in data["text"]]
    return Places(**data)


def find_places(page: str, *, language: str) -> Places:
    """The places of a page that has just been drawn."""
    found = _Finder(page)
    for tag in TAG.finditer(page):
        found.read(tag)
    found.end()
    return Places(
        language=language,
        words=len(reading_text(page).split()),
        emergency=found.emergency,
        headings=found.headings,
        claims=found.claims,
        links=found.links,
        slots=found.slots,
        text=found.text,
    )


def reading_text(page: str) -> str:
    """The words that somebody reads through: without citations and references."""
    return plain(CITATION.sub(" ", page.partition(REFERENCES)[0]))


def parts(page: str, headings: list[Heading]) -> list[tuple[Heading, str]]:
    """Each main heading with the words that somebody reads below it."""
    edges = [*(page.index(f' id="{heading.id}"') for heading in headings), len(page.partition(REFERENCES)[0])]
    pieces = (page[start:end].partition("</h2>")[2] for start, end in pairwise(edges))
    return [(heading, reading_text(piece)) for heading, piece in zip(headings, pieces, strict=True)]


class _Finder:
    """Reads a page from tag to tag."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.body_end = len(page.partition(REFERENCES)[0])
        self.emergency = ""
        self.headings: list[Heading] = []
        self.claims: list[Claim] = []
        self.links: list[Link] = []
        self.slots: list[Slot] = []
        self.text: list[Span] = []
        self.at = 0  # where the last tag ended
        self.not_prose: list[str] = []  # the open elements in which no term is linked, outermost first
        self.heading: tuple[str, int] | None = None  # the open one: id, and where its words begin
        self.link: Link | None = None  # the open one

    def read(self, tag: re.Match[str]) -> None:
        self._text(self.at, min(tag.start(), self.body_end))
        self.at = tag.end()
        if tag["name"] is None:
            self._comment(tag)
        elif tag["closing"]:
            self._closing(tag)
        elif not tag["attributes"].endswith("/"):
            self._opening(tag)

    def end(self) -> None:
        self._text(self.at, self.body_end)

    def _text(self, start: int, end: int) -> None:
        if start >= end or self.page[start:end].isspace():
            return
        if not self.not_prose:
            self.text.append(Span(start, end))
        elif self.link and self.not_prose == ["a"]:
            self.link.text.append(Span(start, end))

    def _comment(self, tag: re.Match[str]) -> None:
        if tag[0] in SLOTS:
            self.slots.append(Slot(*tag.span(), SLOTS[tag[0]]))

    def _opening(self, tag: re.Match[str]) -> None:
        name, attributes = tag["name"], tag["attributes"]
        if name in NOT_PROSE or attributes == FOLDED_STUDIES:
            self.not_prose.append(name)
        if name == "section" and (card := EMERGENCY_CARD.fullmatch(attributes)):
            self.not_prose.append(name)
            self.emergency = self.emergency or card[1]
        elif name == "div" and (claim := CLAIM.fullmatch(attributes)):
            self.claims.append(Claim(*tag.span(), claim[1].split()))
        elif name == "h2" and (heading := HEADING.match(attributes)):
            self.heading = heading[1], tag.end()
        elif name == "a" and (link := LINK.fullmatch(attributes)):
            self._open_link(tag, path_within_site(html.unescape(link[1])))

    def _open_link(self, tag: re.Match[str], path: str) -> None:
        if path and not self.link and tag.start() < self.body_end:
            self.link = Link(*tag.span(), 0, 0, path, [])

    def _closing(self, tag: re.Match[str]) -> None:
        name = tag["name"]
        if self.not_prose and self.not_prose[-1] == name:
            self.not_prose.pop()
        if name == "a" and self.link and "a" not in self.not_prose:  # and not that of a citation inside it
            self.links.append(self.link._replace(inner_end=tag.start(), end=tag.end()))
            self.link = None
        elif name == "h2" and self.heading:
            place, start = self.heading
            self.headings.append(Heading(place, reading_text(self.page[start : tag.start()])))
            self.heading = None
