"""Nothing typed is lost: what is written and not saved, and what a save would overwrite.

Knows forms as the browser sent them, so that half-written blocks are kept and compared too.
"""

import json
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from education.accounts.models import User
from education.articles import workflow
from education.articles.content.blocks import BLOCKS, Block
from education.articles.content.canonical import Content, content_of, draft_content, parsed, sha256
from education.articles.content.compare import Comparison, compare
from education.articles.editing.formsets import posted_blocks
from education.articles.models import Article, DraftVersion, UnsavedWriting
from education.audit.actions import record

MOST = 1_000_000  # characters of one form
MAY_BEGIN = "education.add_article"
FACTS = ("title", "summary", "aliases", "slug", "kind", "language", "author")  # what content holds beside blocks
NOT_KEPT = {"csrfmiddlewaretoken", "draft_base", "draft_over", "form_key", "_continue", "_preview", "_review"}
Data = Mapping[str, Any]


class TooMuch(ValueError):
    """More than is kept by itself."""


class Elsewhere(ValueError):
    """Other writing of the same person waits for this page: it must not be overwritten unseen."""

    def __init__(self, kept: UnsavedWriting) -> None:
        super().__init__("Other writing of yours waits for this page.")
        self.kept = kept


# What is not saved


def kept_for(article: Article | None, *, by: User) -> UnsavedWriting | None:
    return UnsavedWriting.objects.filter(article=article, editor=by).first()


@transaction.atomic
def keep(article: Article | None, data: Data, *, key: str, base: str, by: User) -> UnsavedWriting:
    """Keep what has been typed into the form. Raises PermissionDenied, TooMuch, or Elsewhere."""
    if not by.has_perm(workflow.MAY_WRITE if article else MAY_BEGIN):
        raise PermissionDenied
    typed = {name: value for name, value in data.items() if name not in NOT_KEPT and "__prefix__" not in name}
    stored = json.dumps(typed, ensure_ascii=True)
    if len(stored) > MOST:
        raise TooMuch("This is more than can be kept by itself.")
    held = UnsavedWriting.objects.select_for_update().filter(article=article, editor=by).first()
    if held and held.form_key != key:
        raise Elsewhere(held)
    held = held or UnsavedWriting(article=article, editor=by, form_key=key)
    held.base, held.data, held.kept_at = base, stored, timezone.now()
    held.save()
    return held


def typed_data(kept: UnsavedWriting) -> dict[str, str]:
    data: dict[str, str] = json.loads(kept.data)
    return data


@transaction.atomic
def take_up(article: Article | None, *, key: str, by: User) -> bool:
    """Go on with it in the form of this key: whichever form it came from may not overwrite it any more."""
    found = UnsavedWriting.objects.filter(article=article, editor=by).update(form_key=key)
    if found:
        record("writing_taken_up", by=by, about=_about(article))
    return bool(found)


@transaction.atomic
def throw_away(article: Article | None, *, by: User) -> bool:
    gone, _ = UnsavedWriting.objects.filter(article=article, editor=by).delete()
    if gone:
        record("writing_thrown_away", by=by, about=_about(article))
    return bool(gone)


def saved(article: Article | None, *, key: str, by: User) -> None:
    """The form of this key is in the draft now, so there is nothing left to keep of it."""
    UnsavedWriting.objects.filter(article=article, editor=by, form_key=key).delete()


def _about(article: Article | None) -> str:
    return article.get_absolute_url() if article else ""


# What it says


def typed_content(data: Data, article: Article) -> Content:
    """What the draft would say after a save of this form; as far as it can be read, when it is not ready for one."""
    typed = copy(article)
    names = [name for name in FACTS if name in data]
    facts = forms.modelform_factory(Article, fields=names)(data, instance=typed)
    facts.errors  # noqa: B018  reads the fields
    found = sorted(_blocks(data), key=lambda block: block.ordering or 0)
    return content_of(typed, found)


def _blocks(data: Data) -> Iterator[Block]:
    for model in BLOCKS:
        for posted in posted_blocks(data, prefix_of(model)):
            if "DELETE" not in posted:
                form = block_forms()[model](posted)
                form.errors  # noqa: B018
                yield form.instance


def prefix_of(model: type[Block]) -> str:
    return f"education_{model._meta.model_name}_set"


@cache
def block_forms() -> dict[type[Block], type[forms.ModelForm[Any]]]:
    return {
        model: forms.modelform_factory(model, form=model.form_class, fields=[*model.content_fields, "ordering"])
        for model in BLOCKS
    }


# What a save would overwrite


@dataclass(frozen=True)
class Conflict:
    """The draft was saved by others while somebody wrote on words from before it."""

    article: Article
    base: str
    mine: Content

    @cached_property
    def since(self) -> list[DraftVersion]:
        """What was saved meanwhile, newest first; the last one at least."""
        versions = self.article.versions.defer("content")
        from_base = versions.filter(sha256=self.base).first() if self.base else None
        return list(versions.filter(pk__gt=from_base.pk) if from_base else versions[:1])

    @property
    def others(self) -> list[str]:
        return sorted({version.saved_by for version in self.since})

    @cached_property
    def now(self) -> Content:
        return draft_content(self.article) if self.article.pk else content_of(self.article, [])

    @cached_property
    def theirs(self) -> Comparison | None:
        """From the words that the form was opened with to those of now; None when nobody knows the former any more."""
        version = self.article.versions.filter(sha256=self.base).first() if self.base else None
        return compare(parsed(version.content), self.now) if version else None

    @cached_property
    def ours(self) -> Comparison:
        """What saving would make of the words of now."""
        return compare(self.now, self.mine)


def conflict(article: Article, data: Data, *, base: str | None) -> Conflict | None:
    """What stands between this form and a save: other words than it grew from, and than it brings."""
    if base == article.draft_sha256:
        return None
    mine = typed_content(data, article)
    return None if sha256(mine) == article.draft_sha256 else Conflict(article, base or "", mine)
