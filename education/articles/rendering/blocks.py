"""From one block of canonical content to HTML: what its template needs, by its type."""

import html
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from education.articles.content.blocks import CareCardBlock, ClaimBlock
from education.articles.content.canonical import Content
from education.core.html import plain, safe, sanitise
from education.core.text import heading_id
from education.images.models import Picture
from education.references.actions import CITATION
from education.references.models import Reference

# Filled in when a page is served: the clinic's own words, which may change while the edition stays.
EMERGENCY_SLOT = "<!--clinic-emergency-line-->"
FACTS_SLOT = "<!--clinic-facts-->"
CARE_WORDS = {
    CareCardBlock.Level.NON_URGENT: "Not urgent:",
    CareCardBlock.Level.URGENT: "Urgent:",
    CareCardBlock.Level.EMERGENCY: "Emergency:",
}
HEADING = re.compile(r"<(h[23])>(.*?)</\1>", re.DOTALL)
CITATIONS = re.compile(f"(?:{CITATION.pattern})+")
DOSE = re.compile(r"(?<=[0-9]) (?=(?:mg|mcg|g|kg|ml)\b)")
BARS = {"strong": (1, 1, 1), "moderate": (1, 1, 0), "low": (1, 0, 0), "conflicting": (1, 0, 1), "none": (0, 0, 0)}
DOT = 10  # the side of the square in which a dot of a risk picture stands
DOTS_A_ROW = {100: 10, 1000: 40}


@dataclass
class Page:
    """What the blocks of one page share while it is rendered: ids that are taken, numbers of references, pictures."""

    references: dict[str, Reference]
    pictures: dict[str, Picture]
    ids: set[str] = field(default_factory=lambda: {"main", "references", "contents", "key-points", "related"})
    uses: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def cited(self, source: str) -> SafeString:
        """`source` with each `[@key]` as a numbered link, and no line that ends between a number and its unit."""
        return safe(CITATIONS.sub(self._links, DOSE.sub("\N{NO-BREAK SPACE}", source)))

    def line(self, words: str) -> SafeString:
        """Plain words, in which studies may be cited."""
        return self.cited(html.escape(words))

    def lines(self, items: list[str]) -> list[SafeString]:
        return [self.line(item) for item in items]

    def studies(self, keys: list[str]) -> SafeString:
        return self.cited("".join(f"[@{html.escape(key)}]" for key in keys))

    def rich(self, source: str, profile: str) -> SafeString:
        return self.cited(HEADING.sub(self._heading, sanitise(source, profile)))

    def new_id(self, words: str) -> str:
        return heading_id(words, self.ids)

    def _heading(self, match: re.Match[str]) -> str:
        tag, inner = match.groups()
        return f'<{tag} id="{self.new_id(CITATION.sub("", plain(inner)))}">{inner}</{tag}>'

    def _links(self, match: re.Match[str]) -> str:
        """Studies that are cited together stand in the order of their numbers."""
        numbers = {key: number for number, key in enumerate(self.references, start=1)}
        keys = sorted(CITATION.findall(match[0]), key=numbers.__getitem__)
        return "".join(self._link(key, numbers[key]) for key in keys)

    def _link(self, key: str, number: int) -> str:
        self.uses[key] += 1
        label = f'<span class="visually-hidden">Reference </span>{number}'
        return f'<sup class="cite"><a href="#ref-{number}" id="cite-{number}-{self.uses[key]}">{label}</a></sup>'


def block_html(block: Content, page: Page) -> str:
    kind = block["type"]
    if kind == "text":
        return page.rich(block["body"], "text")
    context = block | PREPARE[kind](block, page)
    return render_to_string(f"articles/blocks/{kind}.html", {"block": context})


def _care(block: Content, page: Page) -> Content:
    return {
        "id": page.new_id(block["title"]),
        "level_words": CARE_WORDS[block["level"]],
        "body": page.rich(block["body"], "card"),
        "emergency_slot": safe(EMERGENCY_SLOT) if block["level"] == CareCardBlock.Level.EMERGENCY else "",
    }


def _titled(*lists: str) -> Callable[[Content, Page], Content]:
    """For a block with a heading and these lists."""

    def prepare(block: Content, page: Page) -> Content:
        return {"id": page.new_id(block["title"]), **{name: page.lines(block[name]) for name in lists}}

    return prepare


def _claim(block: Content, page: Page) -> Content:
    grade, _, means = str(ClaimBlock.Grade(block["grade"]).label).partition(": ")
    return {
        "text": page.line(block["text"]),
        "grade_words": grade.lower(),
        "means": f"{means[:1].upper()}{means[1:]}.",
        "direction_words": str(ClaimBlock.Direction(block["direction"]).label).lower(),
        "graded_on": date.fromisoformat(block["graded_on"]) if block["graded_on"] else None,
        "studies_for": page.studies(block["references_for"]),
        "studies_against": page.studies(block["references_against"]),
        "bars": [
            {"x": 9 * n, "y": 12 - 4 * n, "height": 5 + 4 * n, "full": full}
            for n, full in enumerate(BARS[block["grade"]])
        ],
    }


def _figure(block: Content, page: Page) -> Content:
    return {"picture": page.pictures.get(block["picture"]), "caption": page.line(block["caption"])}


def _table(block: Content, page: Page) -> Content:
    caption = page.line(block["caption"])
    rows = [page.lines(row) for row in block["rows"]]
    return {"caption": caption, "head": rows[0] if rows else [], "rows": rows[1:], "id": page.new_id(block["caption"])}


def _expander(block: Content, page: Page) -> Content:
    return {"body": page.rich(block["body"], "card")}


def _risk(block: Content, page: Page) -> Content:
    groups = [
        {"count": block[f"{which}_count"], "words": block[f"{which}_group"]}
        for which in ("first", "second")
        if block[f"{which}_count"] != ""
    ]
    for group in groups:
        group |= dots(group["count"], block["denominator"])
    across = DOTS_A_ROW[block["denominator"]]
    size = {"width": across * DOT, "height": block["denominator"] // across * DOT}
    return {"title": page.line(block["title"]), "groups": groups, "size": size}


def dots(count: int, denominator: int) -> dict[str, str]:
    """Two paths of lines, one a row, that dashes with round ends draw as dots: those it happens to, and the others."""
    across = DOTS_A_ROW[denominator]
    full, over = divmod(count, across)
    hit, rest = [], []
    for row in range(denominator // across):
        inside = across if row < full else over if row == full else 0
        y = row * DOT + DOT // 2
        if inside:
            hit.append(f"M{DOT // 2} {y}h{(inside - 1) * DOT + 0.1}")
        if inside < across:
            rest.append(f"M{inside * DOT + DOT // 2} {y}h{(across - inside - 1) * DOT + 0.1}")
    return {"hit": "".join(hit), "rest": "".join(rest)}


PREPARE: dict[str, Callable[[Content, Page], dict[str, Any]]] = {
    "care": _care,
    "key-points": lambda block, page: {"items": page.lines(block["items"])},
    "questions": _titled("items"),
    "steps": _titled("items"),
    "do-dont": _titled("dos", "donts"),
    "known": _titled("known", "not_known"),
    "claim": _claim,
    "figure": _figure,
    "table": _table,
    "expander": _expander,
    "risk": _risk,
    "clinic": lambda block, page: {"id": page.new_id(block["title"]), "facts_slot": safe(FACTS_SLOT)},
}
