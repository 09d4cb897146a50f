"""Page context that changes without a new edition.

One small query for each part: put together into one, they took Django twice the time.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from education.articles.models import Article
from education.articles.public.topics import put_first
from education.clinic.models import Bulletin, Credit
from education.glossary.actions import PATH as GLOSSARY
from education.images.models import Picture
from education.pages.models import PageVersion
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


def page_context(article: Article, linked: Iterable[str]) -> PageContext:
    """The context of a live page that links to these addresses of the site. `article` comes with its topic."""
    path = article.get_absolute_url()
    changed = dict(PageVersion.objects.filter(path__in=[*linked, GLOSSARY]).values_list("path", "changed_at"))
    found = PageContext(
        related=_siblings(article),
        rechecked=_rechecked(path),
        bulletins=_bulletins(path),
        public=frozenset(changed),
        glossary_changed=changed.get(GLOSSARY),
    )
    credits = Credit.objects.filter(path=path).order_by("pk").values_list("part", *PERSON)
    for part, slug, photo, *focus in credits:
        found.credits[part] = f"/people/{slug}/"
        if part == Credit.Part.REVIEWED and photo:
            found.face = Picture.square_of(photo, "{}-{}".format(*focus))
    return found


def _siblings(article: Article) -> list[Link]:
    """The other pages of its topic; of very many, those that staff put first and some whose titles follow."""
    rows = Article.objects.filter(topic_id=article.topic_id, current_edition__isnull=False).order_by("pk")
    editions = rows.values_list("pk", "current_edition__title", "current_edition__path")[
        : shelves.MAX_NAMING_EACH_OTHER + 1
    ]
    if len(editions) > shelves.MAX_NAMING_EACH_OTHER:
        found = shelves.beside(article.get_absolute_url(), put_first(article.topic))
        return [Link(row.title, row.path) for row in found]
    links = [Link(title, _sibling_path(article, path)) for pk, title, path in editions if pk != article.pk]
    return article.topic.in_order(links, slug=lambda link: link.path.strip("/").rpartition("/")[2])


def _rechecked(path: str) -> list[Study]:
    studies = Reference.objects.being_rechecked().filter(citations__path=path).order_by("pk")
    if not studies.exists():  # which is asked in a quarter of the time
        return []
    rows = studies.annotate(signed=newest(Reference, "words")).values_list("signed", "key")
    return [Study(words_from(words).get("title") or key, key) for words, key in rows]


def _bulletins(path: str) -> list[Notice]:
    shown = Bulletin.objects.filter(path=path).shown_on(timezone.localdate()).order_by("-begins", "pk")
    if not shown.exists():
        return []
    rows = shown.annotate(signed=newest(Bulletin, "words")).values_list("signed", "begins")
    return [Notice(words_from(words)["words"], begins) for words, begins in rows if words]


def _sibling_path(article: Article, path: str) -> str:
    """An edition's path is as it was published; its topic may have moved since."""
    first, _, slug = path.strip("/").rpartition("/")
    return f"{article.topic.get_absolute_url()}{slug}/" if first else path
