"""What happens to pages by the passing of time: the worker calls these. Each may be called as often as one likes."""

import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from education.articles.models import Article, DraftVersion, SignOff, UnsavedWriting
from education.articles.publishing import actions, mails
from education.articles.publishing.standing import SIGNATURE_DEADLINE, standing
from education.core.workflow import IllegalMove
from education.pages import actions as pages

log = logging.getLogger(__name__)
REMINDERS = (60, 30, 7, 0)  # days before a review is due
EXPIRY_NOTICE = timedelta(days=7)
NEWEST_KEPT = 50  # saved drafts of a page that stay however old they are
YOUNG = timedelta(days=90)  # drafts younger than this stay however many they are
HOURS = int(SIGNATURE_DEADLINE.total_seconds() // 3600)


def publish_due(*, now: datetime | None = None) -> int:
    """Publish what was planned for a time that has come, however long ago. The number published."""
    now = now or timezone.now()
    due = Article.objects.scheduled().filter(publish_at__lte=now).order_by("publish_at")
    return _each(due, lambda article: _publish(article, now))


def _publish(article: Article, now: datetime) -> bool:
    at = _moment(article.publish_at)
    try:
        actions.publish(article, by=None, reason=article.publish_reason, now=now)
    except actions.NotPublishable as refusal:
        # Back to its signed draft: staff are told why, and nothing is tried again every few seconds.
        with transaction.atomic():
            actions.unschedule(article, by=None)
            mails.not_published(article, at, refusal.reasons)
        return False
    return True


def expire_due(*, now: datetime | None = None) -> int:
    """Take down what was to be taken down by now; tell owners of what is about to be. The number taken down."""
    now = now or timezone.now()
    live = Article.objects.published().select_related("owner").order_by("expires_at")
    for article in live.filter(expires_at__gt=now, expires_at__lte=now + EXPIRY_NOTICE):
        mails.expires_soon(article, _moment(article.expires_at))
    return _each(live.filter(expires_at__lte=now), lambda article: _expire(article, now))


def _expire(article: Article, now: datetime) -> bool:
    at = _moment(article.expires_at)
    with transaction.atomic():
        actions.withdraw(article, reason="It was only meant for a time, which has passed.", by=None, now=now)
        mails.expired(article, at)
    return True


def remind(*, now: datetime | None = None) -> None:
    """Tell owners of reviews that are due: the nearest of the reminders, each once for each due date."""
    today = timezone.localdate(now)
    due_soon = Article.objects.review_due(today + timedelta(days=max(REMINDERS))).order_by("review__next_review")
    for article in due_soon.select_related("owner", "review"):
        due = article.review.next_review if article.review else None
        if due:
            left = (due - today).days
            reminder = min(days for days in REMINDERS if days >= left) if left > 0 else 0
            mails.review_due(article, date_format(due), left=left, reminder=reminder)


def escalate(*, now: datetime | None = None) -> None:
    """Tell more people when nobody signs what was published urgently."""
    late = (now or timezone.now()) - SIGNATURE_DEADLINE
    hurried = Article.objects.published_in_a_hurry().select_related("current_edition")
    unsigned = hurried.filter(current_edition__published_at__lt=late).order_by("current_edition__published_at")
    for article in unsigned:
        if article.current_edition:
            mails.still_unsigned(article, article.current_edition, hours=HOURS)


def update_time_notices(*, now: datetime | None = None) -> int:
    """Mark pages stale whose time-based banner changed, such as that their review is overdue. How many there were."""
    changed = []
    today = timezone.localdate(now)
    live = Article.objects.published().select_related("current_edition", "topic", "sign_off", "review")
    for article in live.filter(pk__in=_with_time_notice(today)).order_by():
        assert article.current_edition  # noqa: S101  a published page has one
        notice = standing(article, article.current_edition, now=now).time_notice
        if notice != article.time_notice:
            Article.objects.filter(pk=article.pk).update(time_notice=notice)
            changed.append(article.get_absolute_url())
    if changed:
        pages.mark_stale(changed)
    return len(changed)


def delete_old_drafts(*, now: datetime | None = None) -> int:
    """Delete saved drafts that are older than YOUNG and not among the NEWEST_KEPT of their page; how many. Those from
    which somebody's unsaved writing was begun stay.
    """
    old = DraftVersion.objects.filter(saved_at__lt=(now or timezone.now()) - YOUNG)
    gone = 0
    for pk in old.order_by().values_list("article", flat=True).distinct():
        newest = list(DraftVersion.objects.filter(article=pk).values_list("pk", flat=True)[:NEWEST_KEPT])
        wanted = UnsavedWriting.objects.filter(article=pk).values("base")
        found = old.filter(article=pk).exclude(pk__in=newest)
        gone += found.exclude(sha256__in=wanted).delete()[0]
    return gone


def _with_time_notice(today: date) -> set[int]:
    """Pages that may get a banner because of the time (their review is overdue, or they were published urgently), and
    those that have one. There are few of each kind, so each has a query of its own.
    """
    live = Article.objects.published().order_by()
    overdue = Article.objects.filter(review__in=SignOff.objects.filter(next_review__lt=today).order_by()).order_by()
    hurried, told = live.filter(current_edition__in_a_hurry=True), live.filter(time_notice__gt="")
    return {pk for pages in (overdue, hurried, told) for pk in pages.values_list("pk", flat=True)}


def _each(articles: Iterable[Article], act: Callable[[Article], bool]) -> int:
    """How many it worked for. One page that somebody changed at the same moment must not hold up the others."""
    done = 0
    for article in list(articles):
        try:
            done += act(article)
        except IllegalMove:
            log.info("page %s changed meanwhile", article.pk)
    return done


def _moment(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else ""
