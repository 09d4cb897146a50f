"""The review queue: what waits for a clinician, in which order, and how far each clinician has got in it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F
from django.utils import timezone

from education.accounts.models import User
from education.articles.content.canonical import Content, parsed
from education.articles.content.compare import compare
from education.articles.content.pieces import pieces
from education.articles.models import Article, DraftVersion, ReviewRun
from education.articles.publishing import signing
from education.articles.publishing.notes import sent_back
from education.articles.publishing.standing import is_overdue
from education.core.text import counted

WORDS_PER_MINUTE = 180  # reading with care
LONG_MINUTES = 90  # beyond which time is told in hours
KINDS_IN_ORDER = [Article.Kind.TREATMENT, Article.Kind.CONDITION, Article.Kind.GUIDE, Article.Kind.POLICY]


@dataclass(frozen=True)
class QueuedPage:
    article: Article
    reason: str  # why it waits, as the screen says it
    sent_back: bool  # and not sent again yet: the next step is its writers'
    minutes: int  # that this clinician needs to read it
    skipped: bool


def pages_to_review(user: User) -> list[QueuedPage]:
    """The pages that wait for this clinician, treatments first; those that wait for their writers, and those that this
    clinician skipped, come last.
    """
    today = timezone.localdate()
    articles = list(Article.objects.to_sign(today).select_related("topic", "current_edition", "review"))
    run, person = ReviewRun.objects.filter(user=user).first(), signing.signer(user)
    contents, skipped = _drafts(articles), set(run.skipped if run else ())
    signed = signing.last_signed_contents(articles, person)
    returned = set(sent_back().filter(article__in=articles).values_list("article", flat=True))
    queued = [
        QueuedPage(
            article,
            reason=_reason(article, today, sent_back=article.pk in returned),
            sent_back=article.pk in returned,
            minutes=reading_minutes(contents.get(article.pk), since=signed.get(article.pk)),
            skipped=article.pk in skipped,
        )
        for article in articles
    ]
    return sorted(queued, key=lambda page: (page.skipped, page.sent_back, *_order(page.article)))


def reading_minutes(content: Content | None, *, since: Content | None) -> int:
    """How many minutes it takes to read what changed `since` the clinician last signed, or all of it; at least 1."""
    if content is None:
        return 1
    changed = compare(since, content).words if since else 0
    words = changed or sum(len(piece.words) for piece in pieces(content))  # what did not change is read as a whole
    return max(1, round(words / WORDS_PER_MINUTE))


def time_in_words(minutes: int) -> str:
    return counted(round(minutes / 60), "hour") if minutes > LONG_MINUTES else counted(minutes, "minute")


def next_after(user: User, done: Article | None = None) -> Article | None:
    """The page that comes next in the run; None when nothing is left."""
    return next((page.article for page in pages_to_review(user) if not page.skipped and page.article != done), None)


def start(user: User) -> None:
    """Begin a new run: pages skipped in the last one come round again."""
    ReviewRun.objects.update_or_create(user=user, defaults={"started_at": timezone.now(), "skipped": [], "page": None})


def remember_page(user: User, article: Article) -> None:
    """Remember the page that is being read, so that the run can be resumed there."""
    ReviewRun.objects.update_or_create(
        user=user,
        defaults={"page": article},
        create_defaults={"page": article, "started_at": timezone.now()},
    )


def skip(user: User, article: Article) -> None:
    run, _ = ReviewRun.objects.get_or_create(user=user, defaults={"started_at": timezone.now()})
    run.skipped = [*run.skipped, article.pk]
    run.save(update_fields=["skipped"])


def page_to_resume(user: User) -> Article | None:
    """The page at which the run was left, if it still waits and was not skipped."""
    run = ReviewRun.objects.filter(user=user, page__isnull=False).select_related("page").first()
    if run is None or run.page is None or run.page.pk in run.skipped:
        return None
    still_waits = Article.objects.to_sign(timezone.localdate()).filter(pk=run.page.pk).exists()
    return run.page if still_waits else None


def _drafts(articles: list[Article]) -> dict[int, Content]:
    """The content of each draft by article key, in one query."""
    versions = DraftVersion.objects.filter(article__in=articles, sha256=F("article__draft_sha256"))
    return {pk: parsed(content) for pk, content in versions.values_list("article_id", "content")}


def _reason(article: Article, today: date, *, sent_back: bool) -> str:
    """The reasons why it waits, those about the live edition first."""
    edition, reasons = article.current_edition, []
    if edition and not article.sign_off_id:
        reasons.append(f"{'Published urgently: p' if edition.in_a_hurry else 'P'}atients read it unsigned")
    elif edition and article.review and article.review.next_review and article.review.next_review <= today:
        reasons.append("Review overdue" if is_overdue(article.review, today) else "Review due")
    if _was_sent(article):
        reasons.append("changes were sent for review" if reasons else "Sent for review")
    elif sent_back:
        reasons.append("it was sent back, and not sent again yet" if reasons else "Sent back, and not sent again yet")
    elif edition and edition.sha256 != article.draft_sha256:
        reasons.append("its draft has other words, not sent for review yet")
    return "; ".join(reasons) or "From the starter library"


def _order(article: Article) -> tuple[bool, bool, int, bool, str]:
    """Published urgently, then sent for review, then the rest; of each by kind, treatments first."""
    edition = article.current_edition
    hurry = bool(edition and edition.in_a_hurry and not article.sign_off_id)
    kind = KINDS_IN_ORDER.index(Article.Kind(article.kind))
    return not hurry, not _was_sent(article), kind, edition is None, article.title


def _was_sent(article: Article) -> bool:
    return article.state == Article.State.IN_REVIEW
