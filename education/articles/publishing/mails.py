"""Mails to staff about pages: a title, a link, what to do. Each joins the caller's transaction."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format

from education.accounts.models import User
from education.articles import workflow
from education.articles.models import Article, Edition
from education.clinic.models import MAY_EDIT_PROFILE
from education.core.text import counted
from education.outbox.actions import post

REVIEW, SIGN = "admin:education_article_review", "admin:education_article_sign"


def review_wanted(article: Article) -> None:
    """Tell every clinician that a draft waits for review; once for each content of the draft."""
    body = f"“{article.title}” waits for a clinician to read and sign it:\n{_link(article, SIGN)}"
    key = f"{_key(article)}/review/{article.draft_sha256[:16]}"
    _notify(_allowed_to(workflow.MAY_SIGN), key, "A page waits for you", body)


def sent_back(article: Article, writers: Iterable[str]) -> None:
    """Tell those who wrote the draft, and its owner, that a clinician sent it back."""
    names = {*writers, article.owner.get_username() if article.owner else ""}
    body = f"A clinician sent “{article.title}” back, with a note:\n{_link(article, REVIEW)}"
    number = article.notes.count()
    _notify(User.objects.filter(username__in=names), f"{_key(article)}/back/{number}", "A page came back to you", body)


def mentioned(article: Article, comment: int, people: Iterable[User], *, by: User) -> None:
    """Tell those whom a comment on the draft names. The mail holds no words of the comment or of the page's text."""
    body = (
        f"{by.get_username()} wrote a comment for you on “{article.title}”:\n{_link(article, REVIEW)}#comment-{comment}"
    )
    _notify(people, f"{_key(article)}/comment/{comment}", "A comment for you", body)


def task_assigned(article: Article, comment: int, person: User, due_on: date, *, by: User) -> None:
    """Tell whose task it is. The mail holds no words of the task or of the page's text."""
    body = (
        f"{by.get_username()} assigned you a task on “{article.title}”, to be done by {date_format(due_on)}:\n"
        f"{_link(article, REVIEW)}#comment-{comment}"
    )
    _notify([person], f"{_key(article)}/task/{comment}", "A task for you", body)


def published_unsigned(article: Article, edition: Edition) -> None:
    """Ask every clinician to look at once: patients are reading a page that nobody has signed."""
    body = (
        f"“{article.title}” was published before a clinician could sign it. Patients read that it is awaiting "
        f"clinical review.\n\nPlease read and sign it, or send it back:\n{_link(article, SIGN)}"
    )
    key = f"{_key(article)}/unsigned/{edition.number}"
    _notify(_allowed_to(workflow.MAY_SIGN), key, "Published without a clinician: please look now", body)


def still_unsigned(article: Article, edition: Edition, *, hours: int) -> None:
    """Escalate to clinicians and clinic managers: a page is still unsigned this many hours after it was published."""
    body = (
        f"“{article.title}” was published without a clinician's signature more than {hours} hours ago, and still "
        f"nobody has signed it. Sign it, or withdraw it:\n{_link(article, REVIEW)}"
    )
    key = f"{_key(article)}/unsigned/{edition.number}/after/{hours}"
    people = {*_allowed_to(workflow.MAY_SIGN), *_allowed_to(MAY_EDIT_PROFILE)}
    _notify(people, key, "Still without a clinician's signature", body, desk=True)


def not_published(article: Article, at: str, reasons: list[str]) -> None:
    """Tell the owner that a planned publication failed, and why."""
    why = "\n".join(f"- {reason}" for reason in reasons)
    body = f"“{article.title}” was to be published on {at}, but could not be:\n{why}\n\n{_link(article, REVIEW)}"
    _notify_owner(article, f"{_key(article)}/not-published/{at}", "A planned publication did not happen", body)


def expired(article: Article, on: str) -> None:
    body = f"“{article.title}” was taken down as planned. Patients who look for it are told so."
    body = f"{body}\n{_link(article, REVIEW)}"
    _notify_owner(article, f"{_key(article)}/expired/{on}", "A page was taken down as planned", body)


def expires_soon(article: Article, on: str) -> None:
    body = f"“{article.title}” will be taken down on {on}, as planned. To keep it, change that:"
    body = f"{body}\n{_link(article, REVIEW)}"
    _notify_owner(article, f"{_key(article)}/expires/{on}", "A page will be taken down soon", body)


def review_due(article: Article, on: str, *, left: int, reminder: int) -> None:
    """`left` days until then; of each `reminder` there is one mail, whichever day it goes out on."""
    if left > 0:
        when = f"is due on {on}, in {counted(left, 'day')}"
    elif left == 0:
        when = f"is due today, {on}"
    else:
        when = f"was due on {on}. Patients are told so"
    body = f"The review of “{article.title}” {when}.\n{_link(article, SIGN)}"
    _notify_owner(article, f"{_key(article)}/due/{on}/{reminder}", "A page is due for review", body)


def _notify_owner(article: Article, key: str, subject: str, body: str) -> None:
    owner = [article.owner] if article.owner and article.owner.is_active and article.owner.email else []
    _notify(owner, key, subject, body, desk=not owner)


def _notify(people: Iterable[User], key: str, subject: str, body: str, *, desk: bool = False) -> None:
    """One mail to each person who has an address; with `desk`, also to the clinic's staff addresses."""
    addresses = {address: f"desk/{number}" for number, address in enumerate(settings.STAFF_MAIL) if desk}
    addresses |= {user.email: f"staff/{user.pk}" for user in people if user.email}
    for address, recipient in addresses.items():
        post(key=f"{key}/{recipient}", to=address, subject=subject, body=body)


def _allowed_to(permission: str) -> Iterable[User]:
    return User.objects.with_permission(permission)


def _key(article: Article) -> str:
    return f"article/{article.pk}"


def _link(article: Article, url_name: str) -> str:
    return settings.SITE_URL + reverse(url_name, args=[article.pk])
