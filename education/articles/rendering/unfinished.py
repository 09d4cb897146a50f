"""A page while it is being written: what is missing or wrong is shown in its place and stops nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from education.articles.content.canonical import Content, pictures, texts
from education.articles.rendering.blocks import PageRenderer, block_html
from education.articles.rendering.page import RenderedPage, finished
from education.core.html import safe
from education.images.actions import by_name
from education.references.actions import cited_keys, known

NOT_READY = '<p class="not-ready">This block shows here as soon as it is filled in.</p>'


@dataclass
class DraftRenderer(PageRenderer):
    """Shows a study that is not in the library as it was typed."""

    def cite(self, keys: list[str], unnoted: set[str]) -> str:
        """The keys come out of HTML, so they are escaped already."""
        unknown = [f'<mark class="unknown-study">[@{key}]</mark>' for key in keys if key not in self.references]
        return super().cite([key for key in keys if key in self.references], unnoted) + "".join(unknown)


def render_unfinished(content: Content, names: Sequence[str]) -> RenderedPage:
    """`names` has one name for each block: it is put before the block in a comment, for a script to find its place."""
    references = known(key for text in texts(content) for key in cited_keys(text))
    renderer = DraftRenderer(references, by_name(pictures(content)))
    parts = []
    for block, name in zip(content["blocks"], names, strict=True):
        parts.append(f"<!--block {name}-->")
        try:
            parts.append(block_html(block, renderer))
        except (KeyError, ValueError, TypeError, IndexError):  # half filled in, as a block may be while it is written
            parts.append(NOT_READY)
    return finished([safe(part) for part in parts], renderer, language=content["language"])
