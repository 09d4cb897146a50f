"""How places were found in the editions that are older than stored places. Frozen: a change here is a false alarm.

Migration 0007 stored what `places_json` finds; `manage.py editions_verify` finds it again, since the digests of those
editions can't cover it. It imports nothing of the site: the templates that drew this HTML may be gone by now.
"""

import html
import json
import re
from typing import Any
from urllib.parse import unquote, urlsplit

NOT_PROSE = {"a", "button", "caption", "dfn", "figure", "h2", "h3", "h4", "summary", "sup", "svg", "th"}
SLOTS = {"<!--clinic-emergency-line-->": "emergency", "<!--clinic-facts-->": "facts"}
REFERENCES = '<section class="references"'
EMERGENCY_CARD = re.compile(r' class="care care-emergency" aria-labelledby="([^"]+)"')
CLAIM = re.compile(r' class="claim" data-studies="([^"]*)"')
HEADING = re.compile(r' id="([^"]+)"')
LINK = re.compile(r' href="([^"]*)"')
CITATION = re.compile(r'<sup class="cite">.*?</sup>', re.DOTALL)
TAG = re.compile(r"<!--.*?-->|<(?P<closing>/?)(?P<name>[a-zA-Z][^\s/>]*)(?P<attributes>[^>]*)>", re.DOTALL)
SPACING_TAG = re.compile(r"</(?:p|li|h2|h3|ul|ol)>|<br>")


def places_json(page: str, content: str) -> str:
    """The places in an edition with this HTML, which was drawn from this canonical content."""
    found = _Finder(page)
    for tag in TAG.finditer(page):
        found.read(tag)
    places = {
        "language": json.loads(content).get("language", "en"),
        "words": len(_words(page).split()),
        "emergency": found.emergency,
        "headings": found.headings,
        "claims": found.claims,
        "links": found.links,
        "slots": found.slots,
        "text": found.text,
    }
    return json.dumps(places, ensure_ascii=False, separators=(",", ":"))


def _words(page: str) -> str:
    """The words that somebody reads through: without citations, references and tags."""
    read = CITATION.sub(" ", page.partition(REFERENCES)[0])
    return " ".join(html.unescape(TAG.sub("", SPACING_TAG.sub(" ", read))).split())


class _Finder:
    """Reads a page from tag to tag."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.body_end = len(page.partition(REFERENCES)[0])
        self.emergency = ""
        self.headings: list[tuple[str, str]] = []  # id, title
        self.claims: list[tuple[int, int, list[str]]] = []  # opening tag; keys of studies
        self.links: list[Any] = []  # start, where its words start and end, end; path; text in it
        self.slots: list[tuple[int, int, str]] = []
        self.text: list[tuple[int, int]] = []
        self.at = 0
        self.not_prose: list[str] = []
        self.heading: tuple[str, int] | None = None
        self.link: tuple[int, int, str] | None = None
        self.link_text: list[tuple[int, int]] = []

    def read(self, tag: re.Match[str]) -> None:
        self._text(self.at, min(tag.start(), self.body_end))
        self.at = tag.end()
        if tag[0] in SLOTS:
            self.slots.append((*tag.span(), SLOTS[tag[0]]))
        elif tag["closing"]:
            self._closing(tag)
        elif tag["name"] and not tag["attributes"].endswith("/"):
            self._opening(tag)

    def _text(self, start: int, end: int) -> None:
        if start >= end or self.page[start:end].isspace():
            return
        if not self.not_prose:
            self.text.append((start, end))
        elif self.link and self.not_prose == ["a"]:
            self.link_text.append((start, end))

    def _opening(self, tag: re.Match[str]) -> None:
        name, attributes = tag["name"], tag["attributes"]
        if name in NOT_PROSE:
            self.not_prose.append(name)
        if name == "section" and (card := EMERGENCY_CARD.fullmatch(attributes)):
            self.not_prose.append(name)
            self.emergency = self.emergency or card[1]
        elif name == "div" and (claim := CLAIM.fullmatch(attributes)):
            self.claims.append((*tag.span(), claim[1].split()))
        elif name == "h2" and (heading := HEADING.match(attributes)):
            self.heading = heading[1], tag.end()
        elif name == "a" and (link := LINK.fullmatch(attributes)):
            self._open_link(tag, html.unescape(link[1]))

    def _open_link(self, tag: re.Match[str], href: str) -> None:
        parts = urlsplit(href)
        path = "" if parts.scheme or parts.netloc else unquote(parts.path)
        if path and not self.link and tag.start() < self.body_end:
            self.link, self.link_text = (*tag.span(), path), []

    def _closing(self, tag: re.Match[str]) -> None:
        name = tag["name"]
        if self.not_prose and self.not_prose[-1] == name:
            self.not_prose.pop()
        if name == "a" and self.link and "a" not in self.not_prose:
            start, inner_start, path = self.link
            self.links.append((start, inner_start, *tag.span(), path, self.link_text))
            self.link = None
        elif name == "h2" and self.heading:
            place, start = self.heading
            self.headings.append((place, _words(self.page[start : tag.start()])))
            self.heading = None
