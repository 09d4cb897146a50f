"""Page context that changes without a new edition.

What is the same for many pages is read once between two changes (`AroundPages`). The rest takes one small query for
each part: put together into one, they took Django twice the time.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.utils import timezone

from education.articles.models import Article, Edition, Topic
from education.articles.public.topics import put_first
from education.clinic.models import Bulletin
from education.glossary.actions import PATH as GLOSSARY
from education.images.models import Picture
from education.pages.kept import Kept
from education.pages.models import PageVersion
from education.people.models import Credit
from education.references.models import Reference
from education.search import shelves
from education.wording.models import newest, words_from

PERSON = ("person__slug", "person__photo__name", "person__photo__focal_x", "person__photo__focal_y")


@dataclass(frozen=True)
class Link:
    title: str
    path: str


@dataclass(frozen=True)
class Study:
    title: str
    key: str

    @property
    def path(self) -> str:
        return Reference(key=self.key).get_absolute_url()


@dataclass(frozen=True)
class Notice:
    words: str
    since: date


@dataclass
class PageContext:
    """What the article template reads beside the edition, as `page_context`."""

    related: list[Link] = field(default_factory=list)
    rechecked: list[Study] = field(default_factory=list)  # those of the page whose findings may no longer stand
    bulletins: list[Notice] = field(default_factory=list)  # newest first
    credits: dict[str, str] = field(default_factory=dict)  # who wrote and who reviewed it: address of each
    face: str = ""  # address of the photograph of who reviewed it
    public: frozenset[str] = frozenset()  # the pages it links to that are there to read
    glossary_changed: datetime | None = None

    @property
    def rechecked_keys(self) -> frozenset[str]:
        return frozenset(study.key for study in self.rechecked)


class AroundPages:
    """What pages show of rows that are not theirs, as those were at one number of `ChangeCount`. Each part is read by
    the first page that shows it: a later change has another number, and so others of these.
    """

    def __init__(self) -> None:
        self.topics = {topic.pk: topic for topic in Topic.objects.with_public_words()}
        self._of_topics: dict[int, list[tuple[int, Link]]] = {}

    def siblings(self, article: Article) -> list[Link]:
        """The other pages of its topic; of very many, those that staff put first and some whose titles follow."""
        topic = article.topic
        if topic.pk not in self._of_topics:
            self._of_topics[topic.pk] = _pages_of(topic)
        found = self._of_topics[topic.pk]
        if len(found) > shelves.MAX_NAMING_EACH_OTHER:
            return [Link(row.title, row.path) for row in shelves.beside(article.get_absolute_url(), put_first(topic))]
        return [link for pk, link in found if pk != article.pk]

    @cached_property
    def rechecked(self) -> dict[str, list[Study]]:
        """By the address of the page that cites them."""
        cited = Reference.objects.being_rechecked().filter(citations__isnull=False).order_by("pk")
        rows = cited.annotate(signed=newest(Reference, "words")).values_list("citations__path", "signed", "key")
        found = defaultdict(list)
        for path, words, key in rows:
            found[path].append(Study(words_from(words).get("title") or key, key))
        return dict(found)

    @cached_property
    def bulletins(self) -> dict[str, list[Bulletin]]:
        """Those that have not ended, by the address of their page, newest first."""
        found = defaultdict(list)
        for bulletin in Bulletin.objects.not_ended(timezone.localdate()).with_public_words().order_by("-begins", "pk"):
            found[bulletin.path].append(bulletin)
        return dict(found)


kept_around = Kept(AroundPages)


def page_context(article: Article, edition: Edition, linked: Iterable[str], around: AroundPages) -> PageContext:
    """The context of a live page that links to these addresses of the site. `article` comes with its topic."""
    path, today = article.get_absolute_url(), timezone.localdate()
    changed = dict(
        PageVersion.objects.filter(path__in=[*linked, GLOSSARY]).order_by().values_list("path", "changed_at")
    )
    shown = (bulletin for bulletin in around.bulletins.get(path, ()) if bulletin.is_shown_on(today))
    found = PageContext(
        related=around.siblings(article),
        rechecked=around.rechecked.get(path, []),
        bulletins=[Notice(words["words"], one.begins) for one in shown if (words := one.public_words())],
        public=frozenset(changed),
        glossary_changed=changed.get(GLOSSARY),
    )
    if edition.author or article.sign_off_id:  # else the page names nobody
        _credit(found, path)
    return found


def _credit(found: PageContext, path: str) -> None:
    credits = Credit.objects.filter(path=path).order_by("pk").values_list("part", *PERSON)
    for part, slug, photo, *focus in credits:
        found.credits[part] = f"/people/{slug}/"
        if part == Credit.Part.REVIEWED and photo:
            found.face = Picture.square_of(photo, "{}-{}".format(*focus))


def _pages_of(topic: Topic) -> list[tuple[int, Link]]:
    """Its live pages with their keys, in the order in which readers see them; of very many, enough to tell that."""
    rows = Article.objects.filter(topic=topic, current_edition__isnull=False).order_by("pk")
    editions = rows.values_list("pk", "current_edition__title", "current_edition__path")[
        : shelves.MAX_NAMING_EACH_OTHER + 1
    ]
    pages = [(pk, Link(title, _path_in(topic, path))) for pk, title, path in editions]
    return topic.in_order(pages, slug=lambda page: page[1].path.strip("/").rpartition("/")[2])


def _path_in(topic: Topic, path: str) -> str:
    """An edition's path is as it was published; its topic may have moved since."""
    first, _, slug = path.strip("/").rpartition("/")
    return f"{topic.get_absolute_url()}{slug}/" if first else path
