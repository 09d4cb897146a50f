"""A site of many published pages, made in bulk: copies of one short page under names of their own, topic by topic."""

import random
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Model
from django.utils import timezone
from modelsearch.backends import get_search_backend

from education.articles import workflow
from education.articles.models import Article, Edition, EditionPlaces, Topic
from education.articles.publishing import editions
from education.health.actions import refresh_planner_statistics
from education.pages.models import PageVersion
from education.search.actions import listed_names
from education.search.models import ListedName, SearchEntry
from education.search.names import place_of
from tests import cast

AT_ONCE = 2_000
SHARE_OF_CONDITIONS = 4  # one page in so many
SYLLABLES = [a + b + c for a in "bcdfghjklmnprstvwz" for b in "aeiou" for c in ("", "l", "n", "r", "s")]
# A word that is on most pages is the most expensive to search for.
WORDS = "<p>Pain that many people have and what may help with it.</p><h2>Who gets it</h2><p>People of all ages.</p>"
M = TypeVar("M", bound=Model)


def publish(count: int) -> None:
    """Run inside the site: so many pages more, in the topics that there are."""
    edition = cast.published("the-one-that-is-copied", blocks=[cast.text(WORDS), cast.key_points()])
    topics = list(Topic.objects.exclude(slug="about-this-clinic").order_by("pk"))
    names = titles(count)
    for start in range(0, count, AT_ONCE):
        _publish([(number, next(names), topics[number % len(topics)]) for number in _numbers(start, count)], edition)
    for topic in topics:
        editions.show_topic(topic)
    refresh_planner_statistics()


def _numbers(start: int, count: int) -> range:
    return range(start, min(start + AT_ONCE, count))


def titles(count: int) -> Iterator[str]:
    """The same each time, of three to six syllables, with all letters at the beginning that names begin with."""
    chance = random.Random(count)  # nosec B311
    for number in range(count):
        words = ["".join(chance.choices(SYLLABLES, k=chance.choice((2, 3)))) for _ in range(chance.choice((1, 2)))]
        yield f"{' '.join(words).capitalize()} {number}"


def _publish(pages: list[tuple[int, str, Topic]], edition: Edition) -> None:
    kept = [(number, title, topic, f"page-{number}") for number, title, topic in pages]
    articles = _made(_article(edition.article, number, title, topic) for number, title, topic, _ in kept)
    issued = _made(_edition(edition, article) for article in articles)
    places = edition.places
    _made(EditionPlaces(edition=one, format=places.format, data=places.data) for one in issued)
    for article, one in zip(articles, issued, strict=True):
        article.current_edition = one
    Article.objects.bulk_update(articles, ["current_edition"], batch_size=200)
    _made(PageVersion(path=one.path, title=one.title) for one in issued)
    _make_findable(issued)


def _made(rows: Iterable[M]) -> list[M]:
    rows = iter(rows)
    made: list[M] = []
    while some := list(islice(rows, 500)):
        made += type(some[0])._default_manager.bulk_create(some)  # type: ignore[attr-defined]
    return made


def _copy(row: Any, **fields: Any) -> Any:
    left_out = {"id", *fields}
    same = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**{name: value for name, value in same.items() if name not in left_out}, **fields)


def _article(row: Article, number: int, title: str, topic: Topic) -> Article:
    kind = Article.Kind.GUIDE if number % SHARE_OF_CONDITIONS else Article.Kind.CONDITION
    fields = {"slug": f"page-{number}", "title": title, "kind": kind, "state": workflow.PUBLISHED}
    made: Article = _copy(row, topic_id=topic.pk, current_edition_id=None, **fields)
    made.topic = topic
    return made


def _edition(row: Edition, article: Article) -> Edition:
    fields = {"article_id": article.pk, "path": article.get_absolute_url(), "published_at": timezone.now()}
    made: Edition = _copy(row, title=article.title, **fields)
    made.article = article
    return made


def _make_findable(issued: list[Edition]) -> None:
    (row,) = SearchEntry.objects.filter(title="The-one-that-is-copied")
    made = [
        _copy(row, path=one.path, title=one.title, kind=one.article.kind, words=f"{one.title.lower()} {row.words}")
        for one in issued
    ]
    ListedName.objects.bulk_create(name for one in issued for name in listed_names(one.path, [_title_of(one)]))
    index = get_search_backend().get_index_for_model(SearchEntry)
    index.add_items(SearchEntry, SearchEntry.objects.bulk_create(made, batch_size=500))


def _title_of(one: Edition) -> tuple[str, str, str, str]:
    """As the lists from A to Z, of topics and of conditions know the page."""
    return one.title, one.title, one.article.kind, place_of(one.title)
