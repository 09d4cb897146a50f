"""From canonical content to the HTML of an edition."""

import html
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from education.articles.content import Content, texts
from education.articles.models import CareCardBlock
from education.core.html import plain, safe, sanitise
from education.core.text import heading_id
from education.references.actions import CITATION, cited_keys, resolve
from education.references.models import Reference

# Filled in when a page is served: the clinic's own line, which may change while the edition stays.
EMERGENCY_SLOT = "<!--clinic-emergency-line-->"
CARE_WORDS = {
    CareCardBlock.Level.NON_URGENT: "Not urgent:",
    CareCardBlock.Level.URGENT: "Urgent:",
    CareCardBlock.Level.EMERGENCY: "Emergency:",
}
HEADING = re.compile(r"<(h[23])>(.*?)</\1>", re.DOTALL)
CITED = re.compile(r'<sup class="cite">.*?</sup>', re.DOTALL)
CONTENTS = re.compile(r'<h2 id="([^"]+)"[^>]*>(.*?)</h2>', re.DOTALL)


@dataclass
class _Page:
    """What the blocks of one page share while it is rendered: ids that are taken, numbers of references."""

    references: dict[str, Reference]
    ids: set[str] = field(default_factory=lambda: {"main", "references", "contents", "key-points"})
    uses: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def cited(self, source: str) -> SafeString:
        """`source` with each `[@key]` as a numbered link."""
        return safe(CITATION.sub(self._link, source))

    def rich(self, source: str, profile: str) -> SafeString:
        return self.cited(HEADING.sub(self._heading, sanitise(source, profile)))

    def new_id(self, words: str) -> str:
        return heading_id(words, self.ids)

    def _heading(self, match: re.Match[str]) -> str:
        tag, inner = match.groups()
        return f'<{tag} id="{self.new_id(CITATION.sub("", plain(inner)))}">{inner}</{tag}>'

    def _link(self, match: re.Match[str]) -> str:
        key = match[1]
        number = list(self.references).index(key) + 1
        self.uses[key] += 1
        label = f'<span class="visually-hidden">Reference </span>{number}'
        return f'<sup class="cite"><a href="#ref-{number}" id="cite-{number}-{self.uses[key]}">{label}</a></sup>'


def render(content: Content) -> tuple[SafeString, list[Reference]]:
    """The HTML of a page and the references it cites. Raises UnknownReference."""
    page = _Page(resolve(key for text in texts(content) for key in cited_keys(text)))
    blocks = [_render_block(block, page) for block in content["blocks"]]
    cited = [
        {"reference": reference, "number": number, "uses": range(1, page.uses[key] + 1)}
        for number, (key, reference) in enumerate(page.references.items(), start=1)
    ]
    if cited:
        blocks.append(render_to_string("articles/references.html", {"cited": cited}))
    return safe("\n".join(blocks)), list(page.references.values())


def _render_block(block: Content, page: _Page) -> str:
    kind = block["type"]
    if kind == "text":
        return page.rich(block["body"], "text")
    context: dict[str, Any] = dict(block)
    if kind in ("care", "questions"):
        context["id"] = page.new_id(block["title"])
    if kind == "care":
        context |= {
            "level_words": CARE_WORDS[block["level"]],
            "body": page.rich(block["body"], "card"),
            "emergency_slot": safe(EMERGENCY_SLOT) if block["level"] == CareCardBlock.Level.EMERGENCY else "",
        }
    if "items" in block:
        context["items"] = [page.cited(html.escape(item)) for item in block["items"]]
    return render_to_string(f"articles/blocks/{kind}.html", {"block": context})


def contents(edition_html: str) -> list[dict[str, str]]:
    """The headings of a rendered page, for “On this page”."""
    return [{"id": match[1], "title": reading_text(match[2])} for match in CONTENTS.finditer(edition_html)]


def without_references(edition_html: str) -> str:
    """The part of a page that somebody reads through."""
    return CITED.sub(" ", edition_html.partition('<section class="references"')[0])


def reading_text(edition_html: str) -> str:
    return plain(without_references(edition_html))


def with_emergency_line(edition_html: str, words: str) -> SafeString:
    line = f'<p class="emergency-line">{html.escape(words)}</p>' if words else ""
    return safe(edition_html.replace(EMERGENCY_SLOT, line))
