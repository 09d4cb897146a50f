"""What can be done to an article. Each verb is one transaction: the change, its audit event, what readers see.

Which verb is open in which state is for workflow.py to say, what may be published for gate.py.
"""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from education.accounts.models import User
from education.articles import workflow
from education.articles.content.canonical import (
    Content,
    canonical_json,
    draft_content,
    parsed,
    pictures,
    replace_blocks,
    sha256,
)
from education.articles.models import Article, DraftVersion, Edition, ReviewNote, SignOff
from education.articles.publishing import editions, gate, mails, signing
from education.articles.rendering.page import render
from education.audit.actions import record
from education.core.workflow import IllegalMove, Transition
from education.images import actions as images
from education.references.actions import UnknownReference

STATE_FIELDS = (
    *("state", "writers", "signature", "sign_off", "review", "draft_sha256", "current_edition", "updated_at"),
    *("publish_at", "publish_reason", "expires_at", "withdrawn_at", "withdrawn_because"),
)


class NotPublishable(ValueError):
    """The draft can't be published. `reasons` are sentences for the editor."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


# Writing


def draft_saved(article: Article, *, by: User | None) -> None:
    """Note that the draft has been saved. Other words than before void its signature and its planned publication."""
    content = draft_content(article)
    if sha256(content) == article.draft_sha256:
        return
    with transaction.atomic():
        fresh = _locked(article.pk)
        _words_changed(fresh, content, "write", by=by)
    _copy_state(fresh, article)


def restore(version: Edition | DraftVersion, *, by: User) -> Article:
    """Put older words back into the draft. The public page stays as it is until someone publishes.

    A figure is left out when its picture is in the library no more.
    """
    content, lost = parsed(version.content), lost_pictures(version)
    blocks = [block for block in content["blocks"] if block.get("picture") not in lost]
    with transaction.atomic():
        article = _locked(version.article_id)
        article.title, article.summary = content["title"], content["summary"]
        article.aliases = "\n".join(content["aliases"])
        article.save(update_fields=["title", "summary", "aliases", "updated_at"])
        replace_blocks(article, blocks)
        _words_changed(article, draft_content(article), "restore", by=by)
    return article


def lost_pictures(version: Edition | DraftVersion) -> list[str]:
    """The pictures that it showed and that are in the library no more: an edition keeps its own, a draft does not."""
    names = pictures(parsed(version.content))
    return sorted(set(names) - images.by_name(names).keys())


def _words_changed(article: Article, content: Content, verb: str, *, by: User | None) -> None:
    digest, live = sha256(content), article.current_edition
    verb = "match" if live and live.sha256 == digest and article.state != workflow.PUBLISHED else verb
    article.draft_sha256 = digest
    if by and by.get_username() not in article.writers:
        article.writers = [*article.writers, by.get_username()]
    if article.owner is None:
        article.owner = by
        article.save(update_fields=["owner"])
    _move(article, verb, by=by, sha256=digest)
    DraftVersion.objects.create(
        article=article,
        sha256=digest,
        content=canonical_json(content),
        saved_by=by.get_username() if by else "system",
        saved_at=timezone.now(),
    )


# Review


@transaction.atomic
def submit(article: Article, *, note: str = "", by: User) -> None:
    """Ask the clinicians to look at the draft."""
    fresh = _locked(article.pk)
    _move(fresh, "submit", by=by, sha256=fresh.draft_sha256)
    _note(fresh, note, "submit", by=by)
    mails.review_wanted(fresh)
    _copy_state(fresh, article)


@transaction.atomic
def send_back(article: Article, *, note: str, by: User) -> None:
    """The draft, or the live page, needs work before a clinician signs it. A signature given before is void."""
    fresh = _locked(article.pk)
    writers = list(fresh.writers)
    _move(fresh, "send_back", by=by, sha256=fresh.draft_sha256)
    _note(fresh, note, "send_back", by=by)
    mails.sent_back(fresh, writers)
    _copy_state(fresh, article)


@transaction.atomic
def sign(
    article: Article,
    *,
    wish: signing.Wish,
    seen: str,
    by: User,
    now: datetime | None = None,
) -> SignOff:
    """Sign exactly the words whose SHA-256 is `seen`. Raises signing.NotSignable.

    On words that are live already the page's dates move at once; nothing else about it changes.
    """
    fresh = _locked(article.pk)
    _require(fresh, "sign", by=by)
    now = now or timezone.now()
    held = gate.check(fresh, today=timezone.localdate(now))
    if held.facts.sha256 != seen:
        raise signing.NotSignable("The words were changed while you were reading. Look at them again, then sign.")
    if not held.words_hold:
        raise signing.NotSignable(*held.reasons(clinicians=False))
    sign_off = signing.signature(held.facts, wish, by=by, now=now)
    sign_off.save(force_insert=True)
    fresh.writers = []
    own = int(sign_off.wrote_too)
    _move(fresh, "sign", by=by, signature=sign_off, sha256=seen, kind=sign_off.kind, own_words=own)
    if fresh.current_edition and fresh.current_edition.sha256 == seen:
        _signed_live(fresh, sign_off)
    _copy_state(fresh, article)
    return sign_off


def _signed_live(article: Article, sign_off: SignOff) -> None:
    """The live words are signed: by a review that found nothing to change, or after they were published in a hurry."""
    if article.state != workflow.PUBLISHED:
        _move(article, "match", by=None, audited=False)
    article.sign_off, article.review = sign_off, sign_off.full_review
    article.save(update_fields=["sign_off", "review"])
    editions.credit(article)
    editions.touched(article)


def _note(article: Article, words: str, verb: str, *, by: User | None) -> None:
    if words:
        author = by.get_username() if by else "system"
        ReviewNote.objects.create(article=article, words=words, verb=verb, written_by=author, written_at=timezone.now())


# Publication


def publish(article: Article, *, by: User | None, reason: str = "", now: datetime | None = None) -> Edition:
    """Freeze the signed draft into a new edition, which the public reads from now on. Raises NotPublishable."""
    with transaction.atomic():
        fresh = _locked(article.pk)
        held = gate.check(fresh)
        if not held.is_open:
            raise NotPublishable(held.reasons())
        signature = fresh.signature
        _move(fresh, "publish", by=by, audited=False)
        fresh.review = signature.full_review if signature else None
        edition = _issue(fresh, held.facts.content, sign_off=signature, by=by, reason=reason, now=now)
    _copy_state(fresh, article)
    return edition


def publish_unsigned(article: Article, *, reason: str, by: User, now: datetime | None = None) -> Edition:
    """In an emergency: show the draft at once, under a banner, and call for a clinician. Raises NotPublishable."""
    with transaction.atomic():
        fresh = _locked(article.pk)
        held = gate.check(fresh)
        if not held.words_hold:
            raise NotPublishable(held.reasons(clinicians=False))
        _move(fresh, "publish_unsigned", by=by, audited=False)
        edition = _issue(
            fresh, held.facts.content, sign_off=None, by=by, reason=reason, now=now, verb="article_publish_unsigned"
        )
        mails.published_unsigned(fresh, edition)
    _copy_state(fresh, article)
    return edition


def publish_starter(article: Article, *, by: User | None) -> Edition:
    """In a trial: show a page of the starter library that nobody here has written in or signed. It says so.

    Publishing the same words again returns the edition that is already live.
    """
    with transaction.atomic():
        fresh = _locked(article.pk)
        content = draft_content(fresh)
        digest, live = sha256(content), fresh.current_edition
        if live and live.sha256 == digest:
            return live
        if not settings.TRIAL or fresh.loaded_sha256 != digest or fresh.sign_offs.exists():
            raise NotPublishable(["Only a trial shows starter pages that nobody has signed."])
        try:
            render(content)
        except UnknownReference as error:
            raise NotPublishable([str(error)]) from error
        _move(fresh, "publish_unsigned", by=None, audited=False)
        edition = _issue(
            fresh,
            content,
            sign_off=None,
            by=by,
            reason="Loaded from the starter library.",
            in_a_hurry=False,
            by_itself="starter library",
        )
    _copy_state(fresh, article)
    return edition


def _issue(
    article: Article,
    content: Content,
    *,
    sign_off: SignOff | None,
    by: User | None,
    reason: str,
    now: datetime | None = None,
    in_a_hurry: bool | None = None,
    verb: str = "article_publish",
    by_itself: str = "the site, as planned",
) -> Edition:
    appears = article.current_edition is None
    edition = editions.issue(
        article,
        content,
        sign_off=sign_off,
        in_a_hurry=sign_off is None if in_a_hurry is None else in_a_hurry,
        by=by.get_username() if by else by_itself,
        reason=reason,
        now=now or timezone.now(),
    )
    article.sign_off, article.writers, article.draft_sha256 = sign_off, [], edition.sha256
    article.withdrawn_at, article.withdrawn_because = None, ""
    article.save(update_fields=STATE_FIELDS)
    editions.show(article, appears=appears)
    detail = {"edition": edition.number, "sha256": edition.sha256, "digest": edition.digest}
    record(verb, by=by, about=edition.path, detail=detail)
    return edition


@transaction.atomic
def schedule(article: Article, *, at: datetime, reason: str = "", by: User) -> None:
    """Publish the signed draft at this time. Raises NotPublishable, or ValueError for a time that has passed."""
    fresh = _locked(article.pk)
    _require(fresh, "schedule", by=by)
    held = gate.check(fresh)
    if not held.is_open:
        raise NotPublishable(held.reasons())
    if at <= timezone.now():
        raise ValueError("That time has passed. Choose a later one, or publish now.")
    fresh.publish_at, fresh.publish_reason = at, reason
    _move(fresh, "schedule", by=by, at=at.isoformat())
    _copy_state(fresh, article)


@transaction.atomic
def unschedule(article: Article, *, by: User | None) -> None:
    fresh = _locked(article.pk)
    _move(fresh, "unschedule", by=by)
    _copy_state(fresh, article)


@transaction.atomic
def set_expiry(article: Article, *, at: datetime | None, by: User) -> None:
    """Take the page down at this time; None: keep it."""
    if at and at <= timezone.now():
        raise ValueError("That time has passed. Choose a later one, or withdraw the page now.")
    fresh = _locked(article.pk)
    fresh.expires_at = at
    _move(fresh, "set_expiry", by=by, at=at.isoformat() if at else "")
    _copy_state(fresh, article)


@transaction.atomic
def withdraw(article: Article, *, reason: str, by: User | None, now: datetime | None = None) -> None:
    """Take the page down. Its address says so, and why; its editions are kept."""
    fresh = _locked(article.pk)
    edition = fresh.current_edition
    if edition is None:
        raise IllegalMove("Patients can’t read this page, so there is nothing to withdraw.")
    fresh.current_edition = fresh.sign_off = fresh.review = fresh.expires_at = None
    fresh.withdrawn_at, fresh.withdrawn_because = now or timezone.now(), reason
    _move(fresh, "withdraw", by=by, edition=edition.number)
    editions.hide(fresh, edition)
    _copy_state(fresh, article)


def _move(
    article: Article,
    verb: str,
    *,
    by: User | None,
    signature: SignOff | None = None,
    audited: bool = True,
    **detail: str | int,
) -> None:
    """The one place where an article changes its state: asks the table, saves, and leaves an audit event.

    A signature, and a planned publication, go with the state that they belong to.
    """
    article.state = _require(article, verb, by=by).next
    kept = article.signature if article.state in (workflow.SIGNED_OFF, workflow.SCHEDULED) else None
    article.signature = signature or kept
    if article.state != workflow.SCHEDULED:
        article.publish_at, article.publish_reason = None, ""
    article.save(update_fields=STATE_FIELDS)
    if audited:
        record(f"article_{verb}", by=by, about=article.get_absolute_url(), detail=detail)


def _require(article: Article, verb: str, *, by: User | None) -> Transition:
    """Raises IllegalMove or PermissionDenied."""
    transition = workflow.ARTICLES.find(article.state, verb)
    if by is not None and not by.has_perm(transition.permission):
        raise PermissionDenied
    return transition


def _locked(pk: int) -> Article:
    related = ("topic", "author", "owner", "current_edition", "signature", "sign_off", "review")
    return Article.objects.select_for_update(of=("self",)).select_related(*related).get(pk=pk)


def _copy_state(fresh: Article, article: Article) -> None:
    """What has become of it, for whoever holds the article."""
    for name in STATE_FIELDS:
        setattr(article, name, getattr(fresh, name))
