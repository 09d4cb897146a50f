"""What waits for a clinician, in the order of risk, and where each of them is on the way through it."""

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
from education.articles.publishing.standing import is_overdue
from education.clinic.models import Person

WORDS_A_MINUTE = 180
RISK = [Article.Kind.TREATMENT, Article.Kind.CONDITION, Article.Kind.GUIDE, Article.Kind.POLICY]


@dataclass(frozen=True)
class Waiting:
    article: Article
    why: str
    minutes: int
    skipped: bool


def waiting(user: User) -> list[Waiting]:
    """The pages to look at, the riskiest first; what was skipped comes last."""
    today = timezone.localdate()
    articles = list(Article.objects.to_sign(today).select_related("topic", "current_edition", "review"))
    run, person = ReviewRun.objects.filter(user=user).first(), signing.signer(user)
    contents, skipped = _drafts(articles), set(run.skipped if run else ())
    found = [
        Waiting(
            article, _why(article, today), minutes(article, contents.get(article.pk), person), article.pk in skipped
        )
        for article in articles
    ]
    return sorted(found, key=lambda one: (one.skipped, *_risk(one.article)))


def minutes(article: Article, content: Content | None, person: Person | None) -> int:
    """How long this person needs to read what is new to them."""
    if content is None:
        return 1
    seen = signing.last_seen(article, person)
    words = compare(seen, content).words if seen else sum(len(piece.words) for piece in pieces(content))
    return max(1, round(words / WORDS_A_MINUTE))


def next_after(user: User, done: Article | None = None) -> Article | None:
    """Where the run goes on; None when nothing is left."""
    return next((one.article for one in waiting(user) if not one.skipped and one.article != done), None)


def start(user: User) -> None:
    """Begin anew: what was skipped the last time comes round again."""
    ReviewRun.objects.update_or_create(user=user, defaults={"started_at": timezone.now(), "skipped": [], "place": None})


def stand_at(user: User, article: Article) -> None:
    """Remember the page that is being read."""
    ReviewRun.objects.update_or_create(
        user=user, defaults={"place": article}, create_defaults={"place": article, "started_at": timezone.now()}
    )


def skip(user: User, article: Article) -> None:
    run, _ = ReviewRun.objects.get_or_create(user=user, defaults={"started_at": timezone.now()})
    run.skipped = [*run.skipped, article.pk]
    run.save(update_fields=["skipped"])


def place(user: User) -> Article | None:
    """The page at which the run was left, if it still waits."""
    run = ReviewRun.objects.filter(user=user, place__isnull=False).select_related("place").first()
    left_at = run.place if run else None
    waits = left_at and Article.objects.to_sign(timezone.localdate()).filter(pk=left_at.pk).exists()
    return left_at if waits and run and left_at and left_at.pk not in run.skipped else None


def _drafts(articles: list[Article]) -> dict[int, Content]:
    """What each draft says, in one question."""
    versions = DraftVersion.objects.filter(article__in=articles, sha256=F("article__draft_sha256"))
    return {pk: parsed(content) for pk, content in versions.values_list("article_id", "content")}


def _why(article: Article, today: date) -> str:
    edition = article.current_edition
    if article.state == article.State.IN_REVIEW:
        return "Sent for review"
    if article.state == article.State.DRAFT:
        return "From the starter library"
    if edition and edition.in_a_hurry and not article.sign_off_id:
        return "Published in a hurry: patients read it unsigned"
    if article.review and not is_overdue(article.review, today):
        return "Review due"
    return "Review overdue" if article.review and article.sign_off_id else "Patients read it unsigned"


def _risk(article: Article) -> tuple[bool, int, bool, str]:
    edition = article.current_edition
    hurry = bool(edition and edition.in_a_hurry and not article.sign_off_id)
    return not hurry, RISK.index(Article.Kind(article.kind)), edition is None, article.title
