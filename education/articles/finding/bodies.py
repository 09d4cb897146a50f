"""Which drafts hold these words, wherever on the page they are."""

import json
import re
from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.text import smart_split, unescape_string_literal

from education.articles.content.canonical import Content, parsed
from education.articles.models import Article, DraftVersion
from education.core.html import plain
from education.core.text import folded

MAX_READ = 2_000  # drafts that one search reads; the newest first
MARKUP = re.compile("[&<>]")  # stored in one way in rich text and in another in plain text
NOT_WORDS = {"type", "kind", "language", "author", "level", "grade", "direction", "drawing", "picture"}


def with_words(articles: QuerySet[Article], typed: str) -> QuerySet[Article]:
    """The articles whose draft holds each of these words. Words between quotation marks must follow one another."""
    wanted = _wanted(typed)
    return articles.filter(pk__in=[pk for pk, content in drafts(wanted) if _holds(content, wanted)])


def drafts(words: list[str]) -> Iterator[tuple[int, Content]]:
    """Drafts that contain each of these words, by the number of their article. A word may be only in the name of a
    field.
    """
    found = Q()
    for part in (part for word in words for part in word.split()):
        found &= Q() if MARKUP.search(part) else Q(content__icontains=json.dumps(part, ensure_ascii=False)[1:-1])
    rows = DraftVersion.objects.filter(found, sha256=F("article__draft_sha256")).order_by("-id")
    seen = set()
    for pk, content in rows.values_list("article_id", "content")[:MAX_READ]:
        if pk not in seen:
            seen.add(pk)
            yield pk, parsed(content)


def _wanted(typed: str) -> list[str]:
    words = [word for word in smart_split(typed.replace("\0", " ")) if word.strip("\"'")]
    return [unescape_string_literal(word) if word[0] in "\"'" and word[0] == word[-1] else word for word in words]


def _holds(content: Content, words: list[str]) -> bool:
    said = folded(" ".join(_texts(content)))
    return all(folded(word) in said for word in words)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield plain(value) if "<" in value or "&" in value else value
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name not in NOT_WORDS:
                yield from _texts(inner)
