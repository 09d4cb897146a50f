"""From one block of canonical content to HTML, with what the blocks of one page share."""

import html
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property, partial

from django.utils.safestring import SafeString

from education.articles.content.blocks import BLOCK_TYPES, BlockContent
from education.articles.content.blocks.base import Renderer
from education.articles.content.links import moved
from education.core.html import plain, safe, sanitise
from education.core.text import FIRST_REPEAT, heading_id
from education.images.models import Picture
from education.references.actions import CITATION
from education.references.groups import by_kind, in_words
from education.references.models import Reference

HEADING = re.compile(r"<(h[23])>(.*?)</\1>", re.DOTALL)
CITATIONS = re.compile(f"(?:{CITATION.pattern})+")
PARAGRAPH_END = re.compile(r"(?<=</p>)|(?<=</li>)")
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
        return self._cited(HEADING.sub(self._heading, moved(sanitise(source, profile))), in_margin=True)

    def studies(self, keys: list[str]) -> SafeString:
        groups = by_kind([self.references[key] for key in keys])
        cited = (self.cite([study.key for study in group], set()) for group in groups)
        return safe("; ".join(f"{in_words(group)} ({links})" for group, links in zip(groups, cited, strict=True)))

    def picture(self, name: str) -> Picture | None:
        return self.pictures.get(name)

    def new_id(self, words: str) -> str:
        return heading_id(words, self.ids)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {key: number for number, key in enumerate(self.references, start=1)}

    def _cited(self, source: str, *, in_margin: bool = False) -> SafeString:
        """`source` with each `[@key]` as a numbered link, and no line that ends between a number and its unit.

        `in_margin`: the first link of a paragraph to each study also carries what wide screens show beside the text.
        """
        paragraphs = PARAGRAPH_END.split(DOSE.sub("\N{NO-BREAK SPACE}", source))
        unnoted = [set(CITATION.findall(paragraph)) if in_margin else set() for paragraph in paragraphs]
        return safe(
            "".join(
                CITATIONS.sub(partial(self._links, unnoted=keys), paragraph)
                for keys, paragraph in zip(unnoted, paragraphs, strict=True)
            )
        )

    def _heading(self, match: re.Match[str]) -> str:
        tag, inner = match.groups()
        return f'<{tag} id="{self.new_id(CITATION.sub("", plain(inner)))}">{inner}</{tag}>'

    def _links(self, match: re.Match[str], *, unnoted: set[str]) -> str:
        return self.cite(CITATION.findall(match[0]), unnoted)

    def cite(self, keys: list[str], unnoted: set[str]) -> str:
        """Numbered links. Studies that are cited together stand in the order of their numbers."""
        ordered = sorted(keys, key=self._numbers.__getitem__)
        return "".join(self._link(key, self._numbers[key], unnoted) for key in ordered)

    def _link(self, key: str, number: int, unnoted: set[str]) -> str:
        self.uses[key] += 1
        kind = html.escape(self.references[key].kind_size_year)
        note = f' data-number="{number}" data-note="{kind}"' if key in unnoted else ""
        unnoted.discard(key)
        label = f'<span class="visually-hidden">Reference </span>{number}'
        return f'<sup class="cite"><a href="#ref-{number}" id="cite-{number}-{self.uses[key]}"{note}>{label}</a></sup>'


def block_html(block: BlockContent, renderer: Renderer) -> str:
    return BLOCK_TYPES[block["type"]].html(block, renderer)
