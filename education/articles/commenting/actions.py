"""Writing a comment and having it done. Whom it names as `@name`, or gives a task, gets a mail without its words."""

import re
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from education.accounts.models import User
from education.articles import workflow
from education.articles.commenting.models import BlockComment
from education.articles.content.blocks import Block
from education.articles.models import Article
from education.articles.publishing import mails
from education.audit.actions import record
from education.colleagues.models import Whose

MENTION = re.compile(r"(?<![\w.+-])@([\w.+@-]+)")


@dataclass(frozen=True)
class Thread:
    """A comment with its replies. `block` is None once the block is no longer in the draft, and for the whole page."""

    comment: BlockComment
    replies: list[BlockComment]
    block: Block | None


@transaction.atomic
def add(
    article: Article,
    words: str,
    *,
    by: User,
    block: Block | None = None,
    reply_to: BlockComment | None = None,
    task: Whose | None = None,
) -> BlockComment:
    """On a block, or in reply to another comment, which is open again after that."""
    if not by.has_perm(workflow.MAY_VIEW):
        raise PermissionDenied
    comment = BlockComment(article=article, words=words, written_by=by.get_username(), written_at=timezone.now())
    if reply_to:
        comment.reply_to = reply_to
        comment.block_type, comment.block_number = reply_to.block_type, reply_to.block_number
        comment.first_words = reply_to.first_words
        BlockComment.objects.filter(pk=reply_to.pk).update(done_by="", done_at=None)
    elif block:
        comment.block_type, comment.block_number, comment.first_words = block.block_type, block.pk, str(block)
    if task:
        comment.task_for, comment.due_on = task.person.get_username(), task.due_on
    comment.save()
    told = {by, task.person} if task else {by}
    mails.mentioned(article, comment.pk, [user for user in mentioned(words) if user not in told], by=by)
    if task and task.person != by:
        mails.task_assigned(article, comment.pk, task.person, task.due_on, by=by)
    record("task_add" if task else "comment_add", by=by, about=article.get_absolute_url())
    return comment


@transaction.atomic
def mark_done(comment: BlockComment, *, by: User) -> None:
    if not by.has_perm(workflow.MAY_VIEW):
        raise PermissionDenied
    comment.set_done(by=by)
    record("comment_done", by=by, about=comment.article.get_absolute_url())


@transaction.atomic
def reopen(comment: BlockComment, *, by: User) -> None:
    if not by.has_perm(workflow.MAY_VIEW):
        raise PermissionDenied
    comment.set_done(by=None)
    record("comment_reopen", by=by, about=comment.article.get_absolute_url())


def mentioned(words: str) -> list[User]:
    """Those who may see pages among the people that these words mention."""
    names = {name.rstrip(".").casefold() for name in MENTION.findall(words)}
    people = User.objects.with_permission(workflow.MAY_VIEW) if names else User.objects.none()
    return [user for user in people if user.get_username().casefold() in names]


def unknown_names(words: str) -> list[str]:
    """Mentioned, but nobody who may see pages is called that."""
    known = {user.get_username().casefold() for user in mentioned(words)}
    names = dict.fromkeys(name.rstrip(".") for name in MENTION.findall(words))
    return [name for name in names if name.casefold() not in known]


def open_threads(article: Article, blocks: list[Block]) -> list[Thread]:
    return [thread for thread in all_threads(article, blocks) if thread.comment.done_at is None]


def all_threads(article: Article, blocks: list[Block]) -> list[Thread]:
    """Done or not, in the order of the blocks; those about the whole page first, those whose block is gone last."""
    comments = BlockComment.objects.filter(article=article, reply_to=None).prefetch_related("replies")
    threads = [Thread(comment, list(comment.replies.all()), _block_of(comment, blocks)) for comment in comments]
    order = {block: number for number, block in enumerate(blocks)}
    return sorted(
        threads, key=lambda thread: order[thread.block] if thread.block else _place_without_block(thread, blocks)
    )


def _place_without_block(thread: Thread, blocks: list[Block]) -> int:
    """First what is about the whole page."""
    return len(blocks) if thread.comment.block_type else -1


def _block_of(comment: BlockComment, blocks: list[Block]) -> Block | None:
    alike = [block for block in blocks if block.block_type == comment.block_type]
    same = [block for block in alike if block.pk == comment.block_number]
    return next(iter(same or [block for block in alike if str(block) == comment.first_words]), None)
