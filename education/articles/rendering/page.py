"""From canonical content to the HTML of an edition."""

import html
import re
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from education.articles.content.blocks.clinic import FACTS_SLOT
from education.articles.content.blocks.prose import EMERGENCY_SLOT
from education.articles.content.canonical import Content, pictures, texts
from education.articles.rendering.blocks import PageRenderer, block_html
from education.clinic.models import ClinicProfile
from education.core.html import plain, safe
from education.images.actions import by_name
from education.references.actions import cited_keys, resolve
from education.references.models import Reference

CITED = re.compile(r'<sup class="cite">.*?</sup>', re.DOTALL)
CLAIM = re.compile(r'<div class="claim" data-studies="([^"]*)">')
RECHECKED_CLAIM = (
    '<div class="claim claim-rechecked"><p class="claim-recheck"><strong>Being re-checked.</strong> '
    "A study behind this was corrected, questioned or withdrawn after we wrote it.</p>"
)
HELP = re.compile(r'<section class="care care-emergency" aria-labelledby="([^"]+)">')
CONTENTS = re.compile(r'<h2 id="([^"]+)"[^>]*>(.*?)</h2>', re.DOTALL)


def render(content: Content) -> tuple[SafeString, list[Reference]]:
    """The HTML of a page and the references it cites. Raises UnknownReference."""
    references = resolve(key for text in texts(content) for key in cited_keys(text))
    renderer = PageRenderer(references, by_name(pictures(content)))
    blocks = [block_html(block, renderer) for block in content["blocks"]]
    cited = [
        {"reference": reference, "number": number, "uses": range(1, renderer.uses[key] + 1)}
        for number, (key, reference) in enumerate(references.items(), start=1)
    ]
    if cited:
        blocks.append(render_to_string("articles/references.html", {"cited": cited}))
    return safe("\n".join(blocks)), list(references.values())


@lru_cache(maxsize=32)
def contents(edition_html: str) -> list[dict[str, str]]:
    """The headings of a rendered page, for “On this page”."""
    return [{"id": match[1], "title": reading_text(match[2])} for match in CONTENTS.finditer(edition_html)]


@lru_cache(maxsize=32)
def help_place(edition_html: str) -> str:
    """The id of the heading that says when to call for help; empty on a page without one."""
    found = HELP.search(edition_html)
    return found[1] if found else ""


def without_references(edition_html: str) -> str:
    """The part of a page that somebody reads through."""
    return CITED.sub(" ", edition_html.partition('<section class="references"')[0])


def reading_text(edition_html: str) -> str:
    return plain(without_references(edition_html))


def mark_rechecked(edition_html: str, keys: frozenset[str]) -> str:
    """Claims that lean on one of these studies say so and turn amber."""

    def marked(claim: re.Match[str]) -> str:
        leans = keys & set(claim[1].split())
        return RECHECKED_CLAIM if leans else claim[0]

    return CLAIM.sub(marked, edition_html) if keys else edition_html


def with_clinic(edition_html: str, clinic: ClinicProfile) -> SafeString:
    """The page with the clinic's own words in the places left for them."""
    words = clinic.emergency_words
    line = f'<p class="emergency-line">{html.escape(words)}</p>' if words else ""
    page = edition_html.replace(EMERGENCY_SLOT, line)
    if FACTS_SLOT in page:
        page = page.replace(FACTS_SLOT, render_to_string("clinic/visit.html", {"clinic": clinic}))
    return safe(page)
