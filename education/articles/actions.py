"""What can be done to an article. Each verb is one transaction: the change, its audit event, what readers see."""

import json
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from education.articles.content import (
    Content,
    canonical_json,
    draft_content,
    has_words,
    pictures,
    replace_blocks,
    sha256,
)
from education.articles.models import Article, Edition, Topic
from education.articles.render import contents, reading_text, render, without_references
from education.audit.actions import record
from education.images import actions as images
from education.pages import actions as pages
from education.references.actions import UnknownReference, replace_citations
from education.search import actions as search
from education.staff.models import User


class NotPublishable(ValueError):
    """The draft can't be published. `reasons` are sentences for the editor."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def draft_saved(article: Article, *, by: User | None) -> None:
    """Note that the draft has been saved: its hash tells whether it differs from what the public reads."""
    digest = sha256(draft_content(article))
    if digest == article.draft_sha256:
        return
    with transaction.atomic():
        article.draft_sha256 = digest
        article.save(update_fields=["draft_sha256", "updated_at"])
        record("draft_saved", by=by, about=article.get_absolute_url(), detail={"sha256": digest})


def reasons_against(article: Article) -> list[str]:
    """What keeps the draft from being published, as sentences for the editor; empty when nothing does."""
    content = draft_content(article)
    reasons = []
    if not any(has_words(block) for block in content["blocks"]):
        reasons.append("The page has no words yet. Add a block and write something.")
    if not content["summary"]:
        reasons.append("The summary is empty. Write one or two sentences: they are shown in lists and in search.")
    try:
        render(content)
    except UnknownReference as error:
        reasons.append(str(error))
    return reasons


def publish(article: Article, *, by: User | None, reason: str = "", now: datetime | None = None) -> Edition:
    """Freeze the draft into a new edition, which the public reads from now on. Raises NotPublishable.

    Publishing an unchanged draft again returns the edition that is already live.
    """
    with transaction.atomic():
        article = _locked(article.pk)
        reasons = reasons_against(article)
        if reasons:
            raise NotPublishable(reasons)
        content = draft_content(article)
        digest = sha256(content)
        live = article.current_edition
        if live and live.sha256 == digest:
            return live
        html, references = render(content)
        edition = _new_edition(article, content, html, by=by, reason=reason, now=now or timezone.now())
        article.current_edition, article.draft_sha256 = edition, digest
        article.save(update_fields=["current_edition", "draft_sha256", "updated_at"])
        replace_citations(edition.path, title=edition.title, references=references)
        images.used(pictures(content), path=edition.path, title=edition.title)
        _show(edition, content)
        detail = {"edition": edition.number, "sha256": edition.sha256}
        record("published", by=by, about=edition.path, detail=detail)
    return edition


def topic_saved(topic: Topic, *, by: User | None) -> None:
    """A topic has no editions: its new name and place are seen at once, where there is something to read."""
    with transaction.atomic():
        if Article.objects.published().filter(topic=topic).exists():
            _show_topic(topic)
        record("topic_saved", by=by, about=topic.get_absolute_url())


def restore(edition: Edition, *, by: User) -> Article:
    """Put an older edition's words back into the draft. The public page stays as it is until someone publishes."""
    content: Content = json.loads(edition.content)
    with transaction.atomic():
        article = _locked(edition.article_id)
        article.title, article.summary = content["title"], content["summary"]
        article.aliases = "\n".join(content["aliases"])
        article.save(update_fields=["title", "summary", "aliases", "updated_at"])
        replace_blocks(article, content["blocks"])
        record("edition_restored", by=by, about=edition.path, detail={"edition": edition.number})
        draft_saved(article, by=by)
    return article


def _locked(pk: int) -> Article:
    return (
        Article.objects.select_for_update(of=("self",)).select_related("topic", "author", "current_edition").get(pk=pk)
    )


def _new_edition(
    article: Article, content: Content, html: str, *, by: User | None, reason: str, now: datetime
) -> Edition:
    last = article.editions.first()
    return Edition.objects.create(
        article=article,
        number=last.number + 1 if last else 1,
        path=article.get_absolute_url(),
        title=article.title,
        summary=article.summary,
        content=canonical_json(content),
        html=html,
        sha256=sha256(content),
        author=str(article.author or ""),
        published_at=now,
        published_by=by.get_username() if by else "starter library",
        reason=reason,
    )


def _show(edition: Edition, content: Content) -> None:
    """Tell search and navigation. Both live in the same transaction, so neither can disagree with the page."""
    article = edition.article
    topic = article.topic
    pages.changed(edition.path, title=edition.title)
    _show_topic(topic)
    search.put(
        edition.path,
        title=edition.title,
        summary=edition.summary,
        aliases="\n".join(content["aliases"]),
        headings="\n".join(heading["title"] for heading in contents(without_references(edition.html))),
        body=reading_text(edition.html),
        topic=topic.title,
        kind=article.kind,
    )


def _show_topic(topic: Topic) -> None:
    """A topic has a page, and a place in the navigation, as soon as it holds something to read."""
    if Article.objects.published().filter(topic=topic).exclude(kind=Article.Kind.POLICY).exists():
        pages.changed(topic.get_absolute_url(), title=topic.title, nav_order=topic.order)
    else:
        pages.gone(topic.get_absolute_url())
