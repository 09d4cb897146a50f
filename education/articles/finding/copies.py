"""A page that begins as a copy of another."""

from itertools import count
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from education.accounts.models import User
from education.articles import workflow
from education.articles.content.canonical import draft_content, replace_blocks
from education.articles.models import Article
from education.articles.publishing import actions
from education.audit.actions import record

COPIED = ("topic", "kind", "language", "summary", "author", "written_by_clinic")
ENDING = "-copy"


@transaction.atomic
def copy(article: Article, *, by: User) -> Article:
    """A new draft with the words of this one's draft and an address of its own; nobody has signed it.

    The other names stay with the page that has them: people search for it by these.
    """
    if not by.has_perm(workflow.MAY_ADD):
        raise PermissionDenied
    made = Article(
        **{name: getattr(article, name) for name in COPIED},
        title=f"Copy of {article.title}"[: _room("title")],
        slug=_free_address(article.slug),
        owner=by,
        writers=article.writers,  # of what nobody has signed yet
    )
    made.save()
    replace_blocks(made, draft_content(article)["blocks"])
    actions.draft_saved(made, by=by)
    record("article_copied", by=by, about=made.get_absolute_url(), detail={"from": article.get_absolute_url()})
    return made


def _room(name: str) -> int:
    field: Any = Article._meta.get_field(name)
    return int(field.max_length)


def _free_address(slug: str) -> str:
    stem = slug[: _room("slug") - len(f"{ENDING}-999")].rstrip("-") + ENDING
    names = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(name for name in names if not Article.objects.filter(slug=name).exists())
