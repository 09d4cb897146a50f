"""Where comments are sent: by the editing screen, which gets back those of one block, and by the review screen."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.text import get_text_list

from education.accounts.models import staff
from education.articles import workflow
from education.articles.commenting import actions
from education.articles.commenting.actions import Thread, open_threads
from education.articles.commenting.forms import CommentForm, TaskForm
from education.articles.commenting.models import BlockComment
from education.articles.content.blocks import BLOCK_TYPES, Block
from education.articles.content.canonical import draft_blocks, has_words
from education.articles.editing.screen import article_for, screen
from education.articles.models import Article
from education.colleagues.forms import is_from_desk
from education.core.http import by_button
from education.core.text import whole_number

BLOCK_GONE = "The draft no longer has that block. Reload the page."
ON_BLOCK = "on_block"  # sent by the editing screen: the answer is the comments of this block


def _review(pk: int, comment: int = 0) -> str:
    return f"{reverse('admin:education_article_review', args=[pk])}#comments"


button_of_review = by_button(_review)


@button_of_review
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """On the block that `block` names, such as `text-12`, or in reply to the comment with the number `reply_to`."""
    article = article_for(request, pk, workflow.MAY_VIEW)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _answer(request, article, problem=str(form.errors["words"][0]))
    number = whole_number(request.POST.get("reply_to", ""))
    reply_to = get_object_or_404(BlockComment, article=article, reply_to=None, pk=number) if number else None
    block = None if reply_to else named_block(article, request.POST.get("block", ""))
    if not (block or reply_to):
        return _answer(request, article, problem=BLOCK_GONE)
    words = form.cleaned_data["words"]
    actions.add(article, words, by=staff(request), block=block, reply_to=reply_to)
    if unknown := actions.unknown_names(words):
        return _answer(request, article, note=f"Added. Nobody here is called {get_text_list(unknown, 'or')}.")
    return _answer(request, article, note="Added.")


@button_of_review
def done(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    article = article_for(request, pk, workflow.MAY_VIEW)
    actions.mark_done(get_object_or_404(BlockComment, article=article, pk=comment), by=staff(request))
    return _answer(request, article, note="Marked as done.")


@button_of_review
def reopen(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    article = article_for(request, pk, workflow.MAY_VIEW)
    actions.reopen(get_object_or_404(BlockComment, article=article, pk=comment), by=staff(request))
    return _answer(request, article, note="Open again.")


def assign_task(request: HttpRequest, pk: int) -> HttpResponse:
    """The form by GET. After a mistake it comes back with what was typed."""
    article = article_for(request, pk, workflow.MAY_VIEW)
    written = [block for block in draft_blocks(article) if has_words(block.content())]
    blocks = [(name_of(block), f"{block} ({block.kind_name})") for block in written]
    form = TaskForm(request.POST or None, blocks=blocks)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return screen(request, article, "task", {"form": form}, title="Assign a task", status=status)
    given = form.cleaned_data
    block = named_block(article, given["block"])
    actions.add(article, given["words"], by=staff(request), block=block, task=form.whose)
    messages.success(request, f"The task stands on the desk of {form.whose.person.get_username()}.")
    return redirect(_review(article.pk))


def _answer(request: HttpRequest, article: Article, *, note: str = "", problem: str = "") -> HttpResponse:
    if ON_BLOCK not in request.POST:
        if problem:
            messages.error(request, problem)
        else:
            messages.success(request, note)
        return redirect("admin:index" if is_from_desk(request) else _review(article.pk))
    blocks = draft_blocks(article)
    name = request.POST[ON_BLOCK]
    context = {"threads": threads_by_block(article, blocks).get(name, []), "block_name": name, "article": article}
    context |= {"note": note, "problem": problem}
    return render(request, "admin/articles/_block_comments.html", context, status=422 if problem else 200)


def named_block(article: Article, name: str) -> Block | None:
    kind, _, number = name.rpartition("-")
    model = BLOCK_TYPES.get(kind)
    return model.objects.filter(parent=article, pk=whole_number(number) or 0).first() if model else None


def threads_by_block(article: Article, blocks: list[Block]) -> dict[str, list[Thread]]:
    """The open threads of each block that has any, by the name that a form gives it."""
    found: dict[str, list[Thread]] = {}
    for thread in open_threads(article, blocks):
        if thread.block:
            found.setdefault(name_of(thread.block), []).append(thread)
    return found


def name_of(block: Block) -> str:
    return f"{block.block_type}-{block.pk}"


def addresses() -> list[URLPattern]:
    wrap = admin.site.admin_view
    return [
        path("<int:pk>/comments/add/", wrap(add), name="education_article_comment"),
        path("<int:pk>/comments/<int:comment>/done/", wrap(done), name="education_article_comment_done"),
        path("<int:pk>/comments/<int:comment>/reopen/", wrap(reopen), name="education_article_comment_reopen"),
        path("<int:pk>/task/", wrap(assign_task), name="education_article_task"),
    ]
