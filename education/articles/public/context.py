"""Page context that changes without a new edition: one query for all of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import CharField, F, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from education.articles.models import Article
from education.clinic.models import Bulletin, Credit
from education.images.models import Picture
from education.pages.models import PageVersion
from education.references.models import Citation, Reference
from education.wording.models import newest, words_from

SIBLING, RECHECKED, BULLETIN, PUBLIC, FACE = "sibling", "rechecked", "bulletin", "public", "face"

FOCUS = Concat("person__photo__focal_x", Value("-"), "person__photo__focal_y", output_field=CharField())


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
    """As the article template reads it, in `page_context`."""

    related: list[Link] = field(default_factory=list)
    rechecked: list[Study] = field(default_factory=list)  # those of the page whose findings may no longer stand
    bulletins: list[Notice] = field(default_factory=list)  # newest first
    credits: dict[str, str] = field(default_factory=dict)  # who wrote and who reviewed it: address of each
    face: str = ""  # address of the photograph of who reviewed it
    public: frozenset[str] = frozenset()  # the pages it links to that are there to read

    @property
    def rechecked_keys(self) -> frozenset[str]:
        return frozenset(study.key for study in self.rechecked)


def page_context(article: Article, linked: Iterable[str]) -> PageContext:
    """Of a live page that links to these addresses of the site. `article` comes with its topic."""
    found, public = PageContext(), set()
    path = article.get_absolute_url()
    rows = _rows(article.topic_id, article.pk, path, timezone.localdate(), linked)
    for what, _, words, where in sorted(rows):
        if what == SIBLING:
            found.related.append(Link(words, _sibling_path(article, where)))
        elif what == RECHECKED:
            found.rechecked.append(Study(words_from(words).get("title") or where, where))
        elif what == BULLETIN:
            found.bulletins.append(Notice(words_from(words)["words"], date.fromisoformat(where)))
        elif what == PUBLIC:
            public.add(where)
        elif what == FACE:
            found.face = Picture.square_of(words, where)
        else:
            found.credits[what] = f"/people/{where}/"
    found.public = frozenset(public)
    found.related.sort(key=lambda link: article.topic.place(link.path.strip("/").rpartition("/")[2]))
    found.bulletins.sort(key=lambda bulletin: bulletin.since, reverse=True)
    return found


def _rows(topic: int, article: int, path: str, today: date, linked: Iterable[str]) -> QuerySet:  # type: ignore[type-arg]
    """(what, pk, words, where) of each."""
    siblings = Article.objects.filter(topic_id=topic, current_edition__isnull=False).exclude(pk=article)
    rechecked = Citation.objects.filter(path=path, reference__in=Reference.objects.being_rechecked())
    bulletins = Bulletin.objects.readable().filter(path=path).shown_on(today)
    reviewed = Credit.objects.filter(path=path, part=Credit.Part.REVIEWED, person__photo__isnull=False)
    first, *others = (
        _row(siblings, Value(SIBLING), "current_edition__title", "current_edition__path"),
        _row(rechecked, Value(RECHECKED), newest(Reference, "words", "reference_id"), "reference__key"),
        _row(bulletins, Value(BULLETIN), newest(Bulletin, "words"), "begins"),
        _row(Credit.objects.filter(path=path), F("part"), "person__name", "person__slug"),
        _row(reviewed, Value(FACE), "person__photo__name", FOCUS),
        _row(PageVersion.objects.filter(path__in=linked), Value(PUBLIC), "title", "path"),
    )
    return first.union(*others, all=True).order_by()  # not by the title of an article, which is in no row


Column = str | Subquery | Concat


def _row(rows: QuerySet, what: Value | F, words: Column, where: Column) -> QuerySet:  # type: ignore[type-arg]
    """Of one shape and type each, for the union."""
    text = CharField()
    return rows.order_by().values_list(Cast(what, text), F("pk"), Cast(words, text), Cast(where, text), named=False)


def _sibling_path(article: Article, path: str) -> str:
    """An edition's path is as it was published; its topic may have moved since."""
    first, _, slug = path.strip("/").rpartition("/")
    return f"{article.topic.get_absolute_url()}{slug}/" if first else path
