"""How far patients may trust the words of a page: who looked at them, when, and whether that still holds.

Some banners must appear on their day though nobody saves anything: see `time_notice`.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from education.articles.models import Article, Edition, SignOff

SIGNATURE_DEADLINE = timedelta(hours=72)  # for a signature on what was published urgently


@dataclass(frozen=True)
class Standing:
    """As the article template reads it. With neither a signature nor hurry it is an unsigned starter page."""

    sign_off: SignOff | None
    review: SignOff | None
    awaiting_since: datetime | None
    overdue: bool
    waited_too_long: bool

    @property
    def reviewed(self) -> bool:
        """Whether a clinician stands behind exactly these words."""
        return self.sign_off is not None

    @property
    def self_reviewed(self) -> bool:
        """Whether the clinician who signed had written some of it."""
        return bool(self.sign_off and (self.sign_off.self_reviewed or (self.review and self.review.self_reviewed)))

    @property
    def later_change(self) -> SignOff | None:
        """The signature on a change since the full review, if there is one."""
        return self.sign_off if self.sign_off and self.sign_off.kind == SignOff.Kind.CHANGE else None

    @property
    def time_notice(self) -> str:
        """The banner that the passing of time alone has put on the page."""
        return "overdue" if self.overdue else "waited" if self.waited_too_long else ""


def standing(article: Article, edition: Edition, *, now: datetime | None = None) -> Standing:
    """The standing of the live edition. Mostly its signature is the full review, and then it is read once."""
    now = now or timezone.now()
    sign_off = review = None
    if edition.pk:
        sign_off = article.sign_off
        review = sign_off if article.review_id == article.sign_off_id else article.review
    awaiting = edition.published_at if edition.in_a_hurry and not sign_off else None
    return Standing(
        sign_off=sign_off,
        review=review,
        awaiting_since=awaiting,
        overdue=bool(review and is_overdue(review, timezone.localdate(now))),
        waited_too_long=bool(awaiting and now - awaiting > SIGNATURE_DEADLINE),
    )


def is_overdue(review: SignOff, today: date) -> bool:
    return bool(review.next_review and review.next_review < today)
