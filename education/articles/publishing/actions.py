"""What can be done to an article. Each verb is one transaction: the change, its audit event, the public page.

`workflow.py` says which verb is allowed in which state, `gate.py` what may be published.
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
from education.articles.publishing import editions, gate, mails, signing, taking_over
from education.articles.rendering.page import render
from education.audit.actions import record
from education.core.workflow import IllegalMove, Transition
from education.images import actions as images
from education.references.actions import UnknownReference

SIGNED_LIVE = "A clinician reviewed it."
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
    """Record that the draft has been saved. A change to its content voids the signature and any planned publication."""
    content = draft_content(article)
    if sha256(content) == article.draft_sha256:
        return
    with transaction.atomic():
        fresh = _locked(article.pk)
        _content_changed(fresh, content, "write", by=by)
    _copy_state(fresh, article)


def restore(version: Edition | DraftVersion, *, by: User) -> Article:
    """Copy an older version into the draft. The public page stays as it is until someone publishes.

    A figure is left out if its picture is no longer in the library.
    """
    content, missing = parsed(version.content), missing_pictures(version)
    blocks = [block for block in content["blocks"] if block.get("picture") not in missing]
    with transaction.atomic():
        article = _locked(version.article_id)
        article.title, article.summary = content["title"], content["summary"]
        article.aliases = "\n".join(content["aliases"])
        article.save(update_fields=["title", "summary", "aliases", "updated_at"])
        replace_blocks(article, blocks)
        article.writers = list(dict.fromkeys([*article.writers, *_unsigned_writers(version)]))
        _content_changed(article, draft_content(article), "restore", by=by)
    return article


def _unsigned_writers(version: Edition | DraftVersion) -> list[str]:
    """Those who wrote in it since somebody last signed. Bringing it back does not make the words somebody else's."""
    sign_offs = SignOff.objects.filter(article=version.article_id)
    if sign_offs.filter(sha256=version.sha256).exists():
        return []
    at = version.saved_at if isinstance(version, DraftVersion) else version.published_at
    drafts = DraftVersion.objects.filter(article=version.article_id, saved_at__lte=at).exclude(saved_by="system")
    if before := sign_offs.filter(signed_at__lt=at).order_by("-signed_at").first():
        drafts = drafts.filter(saved_at__gt=before.signed_at)
    return list(drafts.order_by("id").values_list("saved_by", flat=True))


def missing_pictures(version: Edition | DraftVersion) -> list[str]:
    """The names of its pictures that are no longer in the library. Only drafts can lose one: editions keep theirs."""
    names = pictures(parsed(version.content))
    return sorted(set(names) - images.by_name(names).keys())


def _content_changed(article: Article, content: Content, verb: str, *, by: User | None) -> None:
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


@transaction.atomic
def assign(article: Article, *, owner: User | None, by: User) -> None:
    """Say who looks after the page; None: nobody. What it says, and its signature, stay."""
    if not by.has_perm(workflow.MAY_WRITE):
        raise PermissionDenied
    fresh = _locked(article.pk)
    fresh.owner = article.owner = owner
    fresh.save(update_fields=["owner"])
    record("article_assign", by=by, about=fresh.get_absolute_url(), detail={"owner": str(owner or "")})


# Review


@transaction.atomic
def submit(article: Article, *, note: str = "", by: User) -> None:
    """Send the draft for review and mail the clinicians."""
    fresh = _locked(article.pk)
    _move(fresh, "submit", by=by, sha256=fresh.draft_sha256)
    _add_note(fresh, note, "submit", by=by)
    mails.review_wanted(fresh)
    _copy_state(fresh, article)


@transaction.atomic
def send_back(article: Article, *, note: str, by: User) -> None:
    """Return the draft to its writers: it needs work before it can be signed. Voids an earlier signature."""
    fresh = _locked(article.pk)
    writers = list(fresh.writers)
    _move(fresh, "send_back", by=by, sha256=fresh.draft_sha256)
    _add_note(fresh, note, "send_back", by=by)
    mails.sent_back(fresh, writers)
    _copy_state(fresh, article)


@transaction.atomic
def sign(
    article: Article,
    *,
    request: signing.SignOffRequest,
    seen: str,
    by: User,
    now: datetime | None = None,
) -> SignOff:
    """Sign exactly the content whose SHA-256 is `seen`, the one that was on the screen. Raises signing.NotSignable.

    If that content is already live, the page's review dates move at once; nothing else about it changes.
    """
    fresh = _locked(article.pk)
    _allowed_transition(fresh, "sign", by=by)
    now = now or timezone.now()
    result = gate.check(fresh, today=timezone.localdate(now))
    if result.facts.sha256 != seen:
        raise signing.NotSignable("The words were changed while you were reading. Look at them again, then sign.")
    if not result.ready_to_sign:
        raise signing.NotSignable(*result.failure_messages(include_clinician=False))
    was_live = fresh.current_edition is not None and fresh.current_edition.sha256 == seen
    facts, took_over = _take_over(result.facts, request, by=by)
    sign_off = signing.new_sign_off(facts, request, by=by, now=now)
    sign_off.save(force_insert=True)
    fresh.writers = []
    self_reviewed = int(sign_off.self_reviewed)
    _move(fresh, "sign", by=by, signature=sign_off, sha256=facts.sha256, kind=sign_off.kind, own_words=self_reviewed)
    # Taking over may have made the draft again what patients read.
    if was_live and (not took_over or fresh.state == workflow.PUBLISHED):
        _apply_to_live_edition(fresh, sign_off)
    elif was_live and by.has_perm(workflow.MAY_PUBLISH) and gate.check(fresh).is_open:
        publish(fresh, by=by, reason=SIGNED_LIVE, now=now)  # patients read these words already, now signed
    _copy_state(fresh, article)
    return sign_off


def _take_over(facts: gate.Facts, request: signing.SignOffRequest, *, by: User) -> tuple[gate.Facts, bool]:
    """Author, grades and studies as the clinician chose, and the facts after that. Taking over is not writing."""
    article, writers = facts.article, facts.article.writers
    if not taking_over.take_over(facts, request, person=signing.needed_signer(by), by=by):
        return facts, False
    _content_changed(article, draft_content(article), "write", by=by)
    article.writers = writers
    return gate.gather_facts(article, today=facts.today), True


def _apply_to_live_edition(article: Article, sign_off: SignOff) -> None:
    """The signed content is already live: nothing needed changing, or it had been published before anyone signed."""
    if article.state != workflow.PUBLISHED:
        _move(article, "match", by=None, audited=False)
    article.sign_off, article.review = sign_off, sign_off.full_review
    article.save(update_fields=["sign_off", "review"])
    editions.credit(article)
    editions.mark_stale(article)


def _add_note(article: Article, note: str, verb: str, *, by: User | None) -> None:
    if note:
        author = by.get_username() if by else "system"
        ReviewNote.objects.create(article=article, words=note, verb=verb, written_by=author, written_at=timezone.now())


# Publication


def publish(article: Article, *, by: User | None, reason: str = "", now: datetime | None = None) -> Edition:
    """Freeze the signed draft into a new edition, which becomes the public page. Raises NotPublishable."""
    with transaction.atomic():
        fresh = _locked(article.pk)
        result = gate.check(fresh)
        if not result.is_open:
            raise NotPublishable(result.failure_messages())
        signature = fresh.signature
        _move(fresh, "publish", by=by, audited=False)
        fresh.review = signature.full_review if signature else None
        edition = _issue(fresh, result.facts.content, sign_off=signature, by=by, reason=reason, now=now)
    _copy_state(fresh, article)
    return edition


def publish_unsigned(article: Article, *, reason: str, by: User, now: datetime | None = None) -> Edition:
    """In an emergency: publish the draft at once, under a banner, and mail the clinicians. Raises NotPublishable."""
    with transaction.atomic():
        fresh = _locked(article.pk)
        result = gate.check(fresh)
        if not result.ready_to_sign:
            raise NotPublishable(result.failure_messages(include_clinician=False))
        _move(fresh, "publish_unsigned", by=by, audited=False)
        edition = _issue(
            fresh, result.facts.content, sign_off=None, by=by, reason=reason, now=now, verb="article_publish_unsigned"
        )
        mails.published_unsigned(fresh, edition)
    _copy_state(fresh, article)
    return edition


def publish_starter(article: Article, *, by: User | None) -> Edition:
    """In a trial: publish a starter page that nobody here has edited or signed. The page says so.

    If the same content is already live, returns that edition. Raises NotPublishable.
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
            automatic_publisher="starter library",
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
    automatic_publisher: str = "the site, as planned",
) -> Edition:
    appears = article.current_edition is None
    edition = editions.issue(
        article,
        content,
        sign_off=sign_off,
        in_a_hurry=sign_off is None if in_a_hurry is None else in_a_hurry,
        by=by.get_username() if by else automatic_publisher,
        reason=reason,
        now=now or timezone.now(),
    )
    article.sign_off, article.draft_sha256 = sign_off, edition.sha256
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
    _allowed_transition(fresh, "schedule", by=by)
    result = gate.check(fresh)
    if not result.is_open:
        raise NotPublishable(result.failure_messages())
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
    """Plan to take the page down at this time; None: keep it up. Raises ValueError for a time that has passed."""
    if at and at <= timezone.now():
        raise ValueError("That time has passed. Choose a later one, or withdraw the page now.")
    fresh = _locked(article.pk)
    fresh.expires_at = at
    _move(fresh, "set_expiry", by=by, at=at.isoformat() if at else "")
    _copy_state(fresh, article)


@transaction.atomic
def withdraw(article: Article, *, reason: str, by: User | None, now: datetime | None = None) -> None:
    """Take the page down. Its address then says so and why; its editions are kept. Raises IllegalMove."""
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
    """The only function that changes an article's state: checks the table, saves, and writes the audit event.

    Only the signed states hold a signature that waits for its publication: a live page has it in `sign_off`. Leaving
    the scheduled state drops the planned publication.
    """
    article.state = _allowed_transition(article, verb, by=by).next
    waits = article.state in (workflow.SIGNED_OFF, workflow.SCHEDULED)
    article.signature = (signature or article.signature) if waits else None
    if article.state != workflow.SCHEDULED:
        article.publish_at, article.publish_reason = None, ""
    article.save(update_fields=STATE_FIELDS)
    if audited:
        record(f"article_{verb}", by=by, about=article.get_absolute_url(), detail=detail)


def _allowed_transition(article: Article, verb: str, *, by: User | None) -> Transition:
    """The transition that `verb` takes from the current state. Raises IllegalMove or PermissionDenied."""
    transition = workflow.ARTICLES.find(article.state, verb)
    if by is not None and not by.has_perm(transition.permission):
        raise PermissionDenied
    return transition


def _locked(pk: int) -> Article:
    related = ("topic", "author", "owner", "current_edition", "signature", "sign_off", "review")
    return Article.objects.select_for_update(of=("self",)).select_related(*related).get(pk=pk)


def _copy_state(fresh: Article, article: Article) -> None:
    """Bring the caller's instance up to date with the row that was locked and changed."""
    for name in STATE_FIELDS:
        setattr(article, name, getattr(fresh, name))
