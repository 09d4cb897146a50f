"""The desk's sections about pages, and what the review board lists."""

from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import urlencode

from django.db.models import Case, Model, QuerySet, When
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator

from education.accounts.models import User
from education.articles import workflow
from education.articles.content.blocks.figure import FigureBlock
from education.articles.finding.due import NEVER, PARAMETER, TITLES, due
from education.articles.models import Article
from education.articles.publishing.notes import sent_back
from education.articles.publishing.standing import SIGNATURE_DEADLINE
from education.desk.sections import Link, Section
from education.references.models import Citation, Reference

Row = TypeVar("Row", bound=Model)
NOTE_SHOWN = 160  # characters of a note
SHOWN = 5  # links in a section before “See all”
ON_THE_BOARD = 50  # pages of each group
REVIEW, CHANGE, SIGN = (f"admin:education_article_{screen}" for screen in ("review", "change", "sign"))
LIST = "admin:education_article_changelist"


def sections_for(user: User, to_sign: int) -> list[Section]:
    """What this user may do something about. An empty section is left out unless it has words for that."""
    found = [_published_unsigned()]
    if user.has_perm(workflow.MAY_SIGN):
        found.append(_to_sign(to_sign))
    found.append(_signed())
    found += [_sent_back(), _drafts(for_signer=user.has_perm(workflow.MAY_SIGN))]
    if not user.has_perm(workflow.MAY_SIGN):  # to whoever signs they are pages to review
        found.append(_unsigned())
    found += [_references(), _planned()]
    return [section for section in found if section.count or section.empty]


def _published_unsigned() -> Section:
    pages = Article.objects.published_in_a_hurry().order_by("current_edition__published_at")
    late = timezone.now() - SIGNATURE_DEADLINE
    links = [
        Link(
            title,
            reverse(REVIEW, args=[pk]),
            "Waiting for more than three days: sign it, or withdraw it."
            if published_at < late
            else "Patients read that it awaits clinical review.",
        )
        for pk, title, published_at in pages.values_list("pk", "title", "current_edition__published_at")
    ]
    return Section("Published without a signature", len(links), links, strong=True)


def _to_sign(count: int) -> Section:
    """The run through all of them, and the newest that somebody sent. How many, the head of the desk says."""
    links = []
    if count:
        sent = Article.objects.filter(state=workflow.IN_REVIEW).order_by("-updated_at").only("title")[:SHOWN]
        links.append(Link("Begin, or go on where you left off", reverse("admin:education_article_run")))
        links += [Link(page.title, reverse(SIGN, args=[page.pk]), "Sent for review.") for page in sent]
    return Section("Pages for you to review", 0, links, "No page waits for your signature.")


def _signed() -> Section:
    pages = Article.objects.filter(state=workflow.SIGNED_OFF).order_by("-updated_at")
    return _listed("Signed, and not yet published", pages)


def _sent_back() -> Section:
    """Drafts that a clinician sent back, each with the note."""
    notes, count = _first(sent_back())
    links = [
        Link(
            note.article.title,
            reverse(CHANGE, args=[note.article_id]),
            Truncator(f"{note.written_by}: {note.words}").chars(NOTE_SHOWN),
        )
        for note in notes
    ]
    return Section("Sent back by a clinician", count, links)


def _drafts(*, for_signer: bool) -> Section:
    """To whoever signs, what was sent for review is listed among the pages to review."""
    elsewhere = [workflow.SIGNED_OFF, workflow.SCHEDULED, *([workflow.IN_REVIEW] if for_signer else [])]
    drafts = Article.objects.with_unpublished_changes().exclude(state__in=elsewhere)
    empty = "No draft is still being written." if for_signer else "Everything that was written is published."
    sent_first = drafts.order_by(Case(When(state=workflow.IN_REVIEW, then=0), default=1), "-updated_at")
    return _listed("Drafts not yet published", sent_first, empty, url_name=CHANGE)


def _unsigned() -> Section:
    """How many, the head of the desk says."""
    pages = Article.objects.unsigned().exclude(current_edition__in_a_hurry=True).order_by("title")
    found = _listed("Pages that no clinician has reviewed yet", pages, "A clinician has reviewed every page.")
    board = Link("See all of them on the review board", reverse("review_board")) if found.more else None
    return replace(found, count=0, more=board)


def _references() -> Section:
    in_trouble = Reference.objects.in_trouble().filter(citations__isnull=False).distinct().order_by("key")
    troubled, count = _first(in_trouble)
    links = [
        Link(study.short_name, reverse("admin:education_reference_change", args=[study.pk]), _status(study))
        for study in troubled
    ]
    return Section("Studies in trouble that pages cite", count, links)


def _planned() -> Section:
    pages = list(planned().only("title", "publish_at"))
    links = [Link(page.title, _review(page), _moment(page)) for page in pages[:SHOWN]]
    return Section("Planned publications", len(pages), links)


def _listed(title: str, articles: QuerySet[Article], empty: str = "", *, url_name: str = REVIEW) -> Section:
    found, count = _first(articles.only("title"))
    links = [Link(article.title, reverse(url_name, args=[article.pk])) for article in found]
    more = Link("See all of them among the articles", reverse(LIST)) if count > SHOWN else None
    return Section(title, count, links, empty, more)


def _first(rows: QuerySet[Row], most: int = SHOWN) -> tuple[list[Row], int]:
    """The rows to show, and how many there are in all, counted only if there are more than are shown."""
    found = list(rows[: most + 1])
    return found[:most], len(found) if len(found) <= most else rows.count()


def _review(article: Article) -> str:
    return reverse(REVIEW, args=[article.pk])


def _moment(article: Article) -> str:
    return date_format(timezone.localtime(article.publish_at), "DATETIME_FORMAT") if article.publish_at else ""


def _status(reference: Reference) -> str:
    return f"{reference.get_status_display()}. {reference.notice}".strip()


# The board


@dataclass(frozen=True)
class Group:
    """`articles`: the first of `count`."""

    name: str
    articles: list[Article]
    count: int

    @property
    def title(self) -> str:
        return TITLES[self.name]

    @property
    def is_reviewed(self) -> bool:
        return self.name != NEVER

    @property
    def has_owners(self) -> bool:
        return any(article.owner_id for article in self.articles)

    @property
    def left_out(self) -> int:
        return self.count - len(self.articles)

    @property
    def all_of_them(self) -> str:
        """Where all are listed, page by page."""
        return f"{reverse(LIST)}?{urlencode({PARAMETER: self.name})}"


def review_groups() -> list[Group]:
    """The live pages by when their review is due, overdue ones and those without a review first; of very many the
    first of each group.
    """
    shown = ("title", "kind", "state", "sign_off", "owner__username")
    of_review = (f"review__{name}" for name in ("name", "signed_at", "next_review"))
    live = Article.objects.published().select_related("owner", "review").only(*shown, *of_review)
    groups = []
    for name, found in due(timezone.localdate()).items():
        order = ["title"] if name == NEVER else ["review__next_review", "title"]
        articles, count = _first(live.filter(found).order_by(*order), ON_THE_BOARD)
        if articles:
            groups.append(Group(name, articles, count))
    return groups


def references_in_trouble() -> list[tuple[Reference, list[Citation]]]:
    """Each retracted, corrected or unreachable study with the pages that cite it."""
    troubled = Reference.objects.in_trouble().order_by("key").prefetch_related("citations")
    return [(reference, list(reference.citations.all())) for reference in troubled if reference.citations.all()]


def planned() -> QuerySet[Article]:
    return Article.objects.scheduled().order_by("publish_at")


def expiring() -> QuerySet[Article]:
    return Article.objects.published().filter(expires_at__isnull=False).order_by("expires_at")


def uses_of_drawings() -> dict[str, list[tuple[int, str]]]:
    """The pages whose draft shows each drawing, as number and title, by the drawing's name."""
    uses: dict[str, list[tuple[int, str]]] = {}
    rows = FigureBlock.objects.exclude(drawing="").values_list("drawing", "parent_id", "parent__title").distinct()
    for name, pk, title in rows.order_by("parent__title"):
        uses.setdefault(name, []).append((pk, title))
    return uses
