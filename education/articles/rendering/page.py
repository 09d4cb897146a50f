"""From canonical content to the HTML of an edition."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from education.articles.content.canonical import Content, pictures, texts
from education.articles.rendering.blocks import PageRenderer, block_html
from education.articles.rendering.places import Places, find_places
from education.core.html import safe
from education.images.actions import by_name
from education.references.actions import cited_keys, resolve
from education.references.models import Reference


@dataclass(frozen=True)
class RenderedPage:
    """What an edition freezes, and a preview shows: HTML, and what serving must find in it."""

    html: SafeString
    places: Places
    references: list[Reference]  # in the order of their numbers


def render(content: Content) -> RenderedPage:
    """The HTML of the page. Raises UnknownReference."""
    references = resolve(key for text in texts(content) for key in cited_keys(text))
    renderer = PageRenderer(references, by_name(pictures(content)))
    blocks = [block_html(block, renderer) for block in content["blocks"]]
    return finished(blocks, renderer, language=content["language"])


def finished(blocks: list[str], renderer: PageRenderer, *, language: str) -> RenderedPage:
    """The page with these blocks, and with the list of what they cite below them."""
    cited = [
        {"reference": reference, "number": number, "uses": range(1, renderer.uses[key] + 1)}
        for number, (key, reference) in enumerate(renderer.references.items(), start=1)
    ]
    if cited:
        blocks = [*blocks, render_to_string("articles/references.html", {"cited": cited})]
    html = safe("\n".join(blocks))
    return RenderedPage(html, find_places(html, language=language), list(renderer.references.values()))
