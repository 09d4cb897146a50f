"""The links and headings in what staff write: where the links lead, and whether something is there."""

import html
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from django.urls import Resolver404, resolve

from education.articles.content.blocks import BLOCK_TYPES, BlockContent
from education.articles.models import Article, Topic
from education.core.html import plain
from education.pages import redirects
from education.pages.models import PageVersion
from education.people.models import Person
from education.references.actions import CITATION
from education.references.models import Reference

LINK = re.compile(r'<a href="([^"]*)">')
HEADING = re.compile(r"<h([23])>(.*?)</h\1>", re.DOTALL)
PAGES = ("topic", "article")  # names of URLs


@dataclass(frozen=True)
class Heading:
    level: int
    words: str


def headings(rich: str) -> list[Heading]:
    return [Heading(int(level), CITATION.sub("", plain(words))) for level, words in HEADING.findall(rich)]


def paths(rich: str) -> frozenset[str]:
    """Every address of this site that the rich text links to."""
    return frozenset(path for href in LINK.findall(rich) if (path := path_within_site(html.unescape(href))))


def path_within_site(href: str) -> str:
    """The path that a link leads to within the site; empty for other sites, mail, telephone and places on the same
    page.
    """
    parts = urlsplit(href)
    return "" if parts.scheme or parts.netloc else unquote(parts.path)


def dead(blocks: Iterable[BlockContent], *, own: str) -> Iterator[tuple[int, str]]:
    """(number of the block, what is wrong) for each link within the site that leads nowhere."""
    linked = [
        (number, path)
        for number, block in enumerate(blocks)
        for rich in BLOCK_TYPES[block["type"]].rich_texts(block)
        for path in sorted(paths(rich))
    ]
    found = problems({path for _, path in linked} - {own})
    for number, path in linked:
        if problem := found.get(path):
            yield number, problem


def problems(paths: Collection[str]) -> dict[str, str]:
    """What is wrong with each of these paths of the site; empty where nothing is.

    Links to a page that has moved follow it: `moved` says where to.
    """
    public = set(PageVersion.objects.filter(path__in=paths).values_list("path", flat=True))
    return {path: "" if path in public or _answers(path) else _problem(path) for path in paths}


def moved(rich: str) -> str:
    """The same rich text with its links to pages that moved leading to where they are now."""
    linked = paths(rich)
    now = redirects.find_all(linked) if linked else {}
    for path in PageVersion.objects.filter(path__in=now).values_list("path", flat=True) if now else ():
        del now[path]  # another page is there since

    def link(match: re.Match[str]) -> str:
        href = html.unescape(match[1])
        new = now.get(path_within_site(href))
        fragment = urlsplit(href).fragment
        return f'<a href="{html.escape(new)}{"#" if fragment else ""}{html.escape(fragment)}">' if new else match[0]

    return LINK.sub(link, rich) if now else rich


@lru_cache(maxsize=2048)
def is_page(path: str) -> bool:
    """Whether it could be the address of an article or a topic; nothing else of the site is there."""
    try:
        return resolve(path).url_name in PAGES
    except Resolver404:
        return False


def _problem(path: str) -> str:
    if redirects.find(path):
        return ""
    if withdrawn(path):
        return f"The link to {path} leads to a page that was withdrawn. Take it out, or link to another."
    return f"The link to {path} leads nowhere. Mend it, or take it out."


def withdrawn(path: str) -> Article | None:
    """The withdrawn article that used to be at this address."""
    found = article_at(path)
    return found if found and found.withdrawn_at else None


def article_at(path: str) -> Article | None:
    """The article at this address, published or not."""
    return next(iter(articles_at([path])), None)


def articles_at(paths: Iterable[str]) -> list[Article]:
    """The articles at these addresses, published or not; one query."""
    wanted = set(paths)
    slugs = {path.strip("/").rpartition("/")[2] for path in wanted}
    found = Article.objects.filter(slug__in=slugs).select_related("topic")
    return [article for article in found if article.get_absolute_url() in wanted]


def _answers(path: str) -> bool:
    """Whether something that is not a published page answers there, or will once its page is published.

    A link to a page that is still being written is shown to patients as plain words until it is there.
    """
    try:
        match = resolve(path)
    except Resolver404:
        return False
    if match.url_name == "reference":
        return Reference.objects.filter(key=match.kwargs["key"]).exists()
    if match.url_name == "person":
        return Person.objects.filter(slug=match.kwargs["slug"]).exists()
    if match.url_name in PAGES:
        article = article_at(path)
        return bool(article and not article.withdrawn_at) or Topic.objects.filter(slug=path.strip("/")).exists()
    return not match.namespaces and not str(match.url_name).endswith("_history")
