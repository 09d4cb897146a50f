"""The pages of topics, in the order in which readers see them: as staff put them, then by title."""

from operator import attrgetter
from typing import Any

from django.db.models import QuerySet

from education.articles.models import Article, Topic
from education.core.text import lines
from education.search import shelves
from education.search.models import TITLE, ListedName
from education.search.names import place_of

ON_A_PAGE = 60  # pages that one page of a topic lists
OVERVIEW = "overview"  # the page to start with
# What a card shows, and no more: lists hold many. Who signed is asked for one by one, where a page says it.
OF_EDITION = ("title", "summary", "content", "in_a_hurry", "published_at")
ON_CARDS = ("slug", "kind", "topic__slug", "sign_off", "review", *(f"current_edition__{name}" for name in OF_EDITION))


def put_first(topic: Topic) -> list[str]:
    """The addresses of the pages that staff put in order, live or not."""
    return [f"{topic.get_absolute_url()}{slug}/" for slug in dict.fromkeys(lines(topic.shelf))]


def pages(topic: Topic, number: int) -> tuple[list[Article], int]:
    """The live pages that the topic's page of this number lists, policies among them on the first; and how many numbers
    there are.
    """
    of_topic = _on_cards().filter(topic=topic)
    if not of_topic[ON_A_PAGE : ON_A_PAGE + 1].exists():
        return topic.in_order(sorted(of_topic, key=_by_title), slug=attrgetter("slug")), 1
    below = shelves.titles(topic.get_absolute_url())
    first, skipped = shelves.at(put_first(topic)), (number - 1) * ON_A_PAGE
    shown = first[skipped : skipped + ON_A_PAGE]
    skipped = max(0, skipped - len(first))
    rest = below.exclude(path__in=first).values_list("path", flat=True)
    shown += rest[skipped : skipped + ON_A_PAGE - len(shown)]
    return [*live(shown), *(_policies(topic) if number == 1 else ())], -(-below.count() // ON_A_PAGE)


def start_of(topic: Topic, shown: list[Article]) -> Article | None:
    """The page to start with: the one that staff put first, unless it is about one condition among others."""
    first = shown[0] if shown else None
    is_first = first is not None and first.slug in lines(topic.shelf)[:1]
    return first if first and is_first and first.kind != Article.Kind.CONDITION else None


def _policies(topic: Topic) -> QuerySet[Article]:
    """Found by their addresses, since those of all topics are few."""
    slugs = [path.strip("/") for path in shelves.titles("/").values_list("path", flat=True)]
    return _on_cards().filter(topic=topic, kind=Article.Kind.POLICY, slug__in=slugs)


def _by_title(article: Any) -> str:
    return place_of(article.current_edition.title)


def _on_cards() -> QuerySet[Article]:
    return Article.objects.published().select_related("current_edition", "topic").only(*ON_CARDS)


def live(paths: list[str]) -> list[Article]:
    """The live pages at these addresses, policies left out."""
    if not paths:
        return []
    slugs = {path.strip("/").rpartition("/")[2] for path in paths}
    found = _on_cards().filter(slug__in=slugs).exclude(kind=Article.Kind.POLICY)
    by_path = {article.get_absolute_url(): article for article in found}
    return [by_path[path] for path in dict.fromkeys(paths) if path in by_path]


def conditions(most: int) -> list[str]:
    """The addresses of the first pages on a condition, topic by topic; then where overviews would be."""
    topics = list(Topic.objects.order_by("order", "title"))
    rows = ListedName.objects.filter(TITLE, kind=Article.Kind.CONDITION).order_by("shelf", "place", "id")
    few = list(rows.values_list("shelf", "path")[: most + 1])
    found: list[str] = []
    for topic in topics:
        if len(found) < most:
            found += _conditions_of(topic, few if len(few) <= most else None, most - len(found))
    overviews = [f"{topic.get_absolute_url()}{OVERVIEW}/" for topic in topics]
    return list(dict.fromkeys([*found, *overviews])) if found else []


def _conditions_of(topic: Topic, known: list[tuple[str, str]] | None, most: int) -> list[str]:
    """The conditions of one topic. `known` is the list of all conditions, where there are few."""
    shelf, first = topic.get_absolute_url(), put_first(topic)
    if known is not None:
        paths = [path for below, path in known if below == shelf]
        return topic.in_order(paths, slug=lambda path: path.strip("/").rpartition("/")[2])
    below = shelves.titles(shelf).filter(kind=Article.Kind.CONDITION).values_list("path", flat=True)
    there = set(below.filter(path__in=first))
    return [*(path for path in first if path in there), *below.exclude(path__in=first)[:most]][:most]
