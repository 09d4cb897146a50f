"""What the home page says around the pages themselves: starter words, as long as the clinic has no others."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from education.articles.models import Article
from education.articles.public.glance import glance, key_points
from education.articles.public.looks import mark_of, topic_look
from education.articles.publishing.standing import standing

MAX_LINE = 70  # characters
WORDS = Path(__file__).with_name("home.yaml")


@cache
def home_words() -> dict[str, Any]:
    words: dict[str, Any] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return words


def card(article: Article) -> dict[str, Any]:
    """A published page as a card shows it: in the words of its edition, never of a draft."""
    edition: Any = article.current_edition
    return {
        "title": edition.title,
        "summary": edition.summary,
        "first_sentence": first_sentence(edition.summary),
        "path": article.get_absolute_url(),
        "mark": mark_of(article.slug, article.topic.slug),
        "ground": topic_look(article.topic.slug).ground,
        "ldn": glance(edition).ldn if article.kind == Article.Kind.CONDITION else None,
    }


def first_sentence(words: str) -> str:
    """In short: a long sentence ends at its first comma."""
    first = words.partition(". ")[0].rstrip(".")
    if len(first) > MAX_LINE:
        first = first.partition(",")[0]
    return f"{first}." if first else ""


def ldn_at_a_glance(shown: list[Article]) -> dict[str, Any] | None:
    """What home says of LDN: the summary and the key points of its main page, as they stand and are signed there."""
    words = home_words()["ldn"]
    paths = {article.get_absolute_url(): article for article in shown}
    if words["page"] not in paths:
        return None
    article = paths[words["page"]]
    edition: Any = article.current_edition
    return {
        "summary": edition.summary,
        "points": key_points(edition),
        "standing": standing(article, edition),
        "draws_doses": words["tenth"] in edition.content,
        "links": [link for link in words["links"] if link["path"] in paths],
    }
