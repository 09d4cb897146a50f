"""From one block of canonical content to HTML, with what the blocks of one page share."""

import html
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.safestring import SafeString

from education.articles.content.blocks import BLOCK_TYPES, BlockContent
from education.articles.content.blocks.base import Renderer
from education.core.html import plain, safe, sanitise
from education.core.text import FIRST_REPEAT, heading_id
from education.images.models import Picture
from education.references.actions import CITATION
from education.references.models import Reference

HEADING = re.compile(r"<(h[23])>(.*?)</\1>", re.DOTALL)
CITATIONS = re.compile(f"(?:{CITATION.pattern})+")
DOSE = re.compile(r"(?<=[0-9]) (?=(?:mg|mcg|g|kg|ml)\b)")
IDS_OF_THE_PAGE = frozenset({"main", "references", "contents", "key-points", "related"})


@dataclass
class PageRenderer(Renderer):
    """Renders the blocks of one page; keeps count of the ids that are taken and of how often each study was cited."""

    references: dict[str, Reference]  # by key, in the order of their numbers
    pictures: dict[str, Picture]  # by name
    ids: dict[str, int] = field(default_factory=lambda: dict.fromkeys(IDS_OF_THE_PAGE, FIRST_REPEAT))
    uses: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # citations so far, by key

    def line(self, words: str) -> SafeString:
        return self._cited(html.escape(words))

    def lines(self, items: list[str]) -> list[SafeString]:
        return [self.line(item) for item in items]

    def rich(self, source: str, profile: str) -> SafeString:
        return self._cited(HEADING.sub(self._heading, sanitise(source, profile)))

    def studies(self, keys: list[str]) -> SafeString:
        return self._cited("".join(f"[@{html.escape(key)}]" for key in keys))

    def picture(self, name: str) -> Picture | None:
        return self.pictures.get(name)

    def new_id(self, words: str) -> str:
        return heading_id(words, self.ids)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {key: number for number, key in enumerate(self.references, start=1)}

    def _cited(self, source: str) -> SafeString:
        """`source` with each `[@key]` as a numbered link, and no line that ends between a number and its unit."""
        return safe(CITATIONS.sub(self._links, DOSE.sub("\N{NO-BREAK SPACE}", source)))

    def _heading(self, match: re.Match[str]) -> str:
        tag, inner = match.groups()
        return f'<{tag} id="{self.new_id(CITATION.sub("", plain(inner)))}">{inner}</{tag}>'

    def _links(self, match: re.Match[str]) -> str:
        return self.cite(CITATION.findall(match[0]))

    def cite(self, keys: list[str]) -> str:
        """Numbered links. Studies that are cited together stand in the order of their numbers."""
        return "".join(self._link(key, self._numbers[key]) for key in sorted(keys, key=self._numbers.__getitem__))

    def _link(self, key: str, number: int) -> str:
        self.uses[key] += 1
        label = f'<span class="visually-hidden">Reference </span>{number}'
        return f'<sup class="cite"><a href="#ref-{number}" id="cite-{number}-{self.uses[key]}">{label}</a></sup>'


def block_html(block: BlockContent, renderer: Renderer) -> str:
    return BLOCK_TYPES[block["type"]].html(block, renderer)
