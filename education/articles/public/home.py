"""What the home page says around the pages themselves: the words of the site, beside their marks and links."""

from itertools import groupby
from operator import attrgetter
from typing import Any

from education.articles.models import Article
from education.articles.public.glance import glance, key_points
from education.articles.public.looks import mark_of, topic_look
from education.articles.publishing.standing import standing
from education.core import text
from education.wording import lists
from education.wording.places import places

MAX_LINE = 70  # characters
PROMISES = {"promise_1": "how-we-write-and-review", "promise_2": "what-the-research-shows", "promise_3": "privacy"}
STEPS = {"visit_1": "step-form", "visit_2": "step-call", "visit_3": "step-meet", "visit_4": "step-plan"}
HOW_SURE = "/about-this-clinic/how-we-write-and-review/"
LDN = "/low-dose-naltrexone/ldn-for-autoimmune-diseases-and-fibromyalgia/"
LDN_LINKS = {
    "ldn_main": LDN,
    "ldn_studies": "/low-dose-naltrexone/what-the-research-shows/",
    "ldn_side_effects": "/low-dose-naltrexone/side-effects/",
}
TENTH = "LDN is about a tenth of that."  # while its main page says so, a drawing shows it
OVERVIEW = "overview"  # the page to start with
Words = dict[str, str]


def to_read() -> list[Article]:
    """The live pages but policies: topic by topic, those of a topic in the order that staff gave them."""
    articles = Article.objects.published().exclude(kind=Article.Kind.POLICY).order_by("topic__order", "topic", "title")
    shelves = groupby(articles, key=lambda article: article.topic)
    return [article for topic, found in shelves for article in topic.in_order(found, slug=attrgetter("slug"))]


def ways_in(articles: list[Article]) -> list[Article]:
    """The pages that stand below “Find your condition” by themselves, after those that the list there names."""
    conditions = [article for article in articles if article.kind == Article.Kind.CONDITION]
    return conditions and [*conditions, *(article for article in articles if article.slug == OVERVIEW)]


def cards(articles: list[Article], words: Words) -> list[dict[str, Any]]:
    """Of those pages and others that staff put there, in their order."""
    by_path = {article.get_absolute_url(): article for article in articles}
    following = [article.get_absolute_url() for article in ways_in(articles)]
    listed = lists.shown(words["conditions_pages"], following)
    return [card(by_path[path]) for path in listed if path in by_path]


def sections(words: Words) -> list[str]:
    """The parts of the page below its head, in the order that staff gave them."""
    return lists.shown(words["sections"], places()["home.sections"].options)


def with_marks(words: Words, marks: dict[str, str]) -> list[dict[str, str]]:
    """Passages with a title, each beside its mark. One whose title was left empty goes away."""
    found = ((mark, words[f"{name}_title"], words[name]) for name, mark in marks.items())
    return [{"mark": mark, "title": title, "words": said} for mark, title, said in found if title]


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
    first = text.first_sentence(words)
    return f"{first.partition(',')[0].rstrip('.')}." if len(first) > MAX_LINE + 1 else first


def ldn_at_a_glance(shown: list[Article], words: Words) -> dict[str, Any] | None:
    """What home says of LDN: the summary and the key points of its main page, as they stand and are signed there."""
    paths = {article.get_absolute_url(): article for article in shown}
    if LDN not in paths:
        return None
    article = paths[LDN]
    edition: Any = article.current_edition
    return {
        "summary": edition.summary,
        "points": key_points(edition),
        "standing": standing(article, edition),
        "draws_doses": TENTH in edition.content,
        "links": [{"words": words[name], "path": path} for name, path in _ldn_links(words) if path in paths],
    }


def _ldn_links(words: Words) -> list[tuple[str, str]]:
    """One whose words were left empty goes away."""
    return [(name, path) for name, path in LDN_LINKS.items() if words[name]]
