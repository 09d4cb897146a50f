"""Autosave of what is typed and not saved yet, and conflicts: what a save would overwrite.

Works on forms as the browser sent them, so that half-written blocks are stored and compared too.
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
from education.articles.content.canonical import Content, content_of, draft_content, has_words, parsed, sha256
from education.articles.content.compare import Comparison, compare
from education.articles.editing.formsets import posted_blocks
from education.articles.models import Article, DraftVersion, UnsavedWriting
from education.audit.actions import record
from education.colleagues import presence

MAX_FORM_CHARACTERS = 1_000_000  # of one form, as JSON
ARTICLE_FIELDS = ("title", "summary", "aliases", "slug", "kind", "language", "author")  # content other than blocks
ARTICLE_TICKS = ("written_by_clinic",)
NOT_AUTOSAVED = {
    "csrfmiddlewaretoken",
    "draft_base",
    "draft_over",
    "form_key",
    "_continue",
    "_preview",
    "_review",
    "_submit",
}
Data = Mapping[str, Any]


class TooLarge(ValueError):
    """The form holds more than MAX_FORM_CHARACTERS."""


class OtherUnsavedWriting(ValueError):
    """The editor has unsaved writing for this page from another form: it must not be overwritten unseen."""

    def __init__(self, unsaved: UnsavedWriting) -> None:
        super().__init__("You have other unsaved writing for this page.")
        self.unsaved = unsaved


# Unsaved writing. An `article` of None means a page that is being created.


def find(article: Article | None, *, by: User) -> UnsavedWriting | None:
    return UnsavedWriting.objects.filter(article=article, editor=by).first()


@transaction.atomic
def save(article: Article | None, data: Data, *, form_key: str, base_sha256: str, by: User) -> UnsavedWriting:
    """Store what has been typed into a form that was opened on the draft with this SHA-256.

    `form_key` identifies the opened form. Raises PermissionDenied, TooLarge or OtherUnsavedWriting.
    """
    if not by.has_perm(workflow.MAY_WRITE if article else workflow.MAY_ADD):
        raise PermissionDenied
    typed = {name: value for name, value in data.items() if name not in NOT_AUTOSAVED and "__prefix__" not in name}
    stored = json.dumps(typed, ensure_ascii=True)
    if len(stored) > MAX_FORM_CHARACTERS:
        raise TooLarge("This is too large to be autosaved.")
    unsaved = UnsavedWriting.objects.select_for_update().filter(article=article, editor=by).first()
    if unsaved and unsaved.form_key != form_key:
        raise OtherUnsavedWriting(unsaved)
    unsaved = unsaved or UnsavedWriting(article=article, editor=by, form_key=form_key)
    unsaved.base, unsaved.data, unsaved.autosaved_at = base_sha256, stored, timezone.now()
    unsaved.save()
    return unsaved


def typed_data(unsaved: UnsavedWriting) -> dict[str, str]:
    """The form's fields as they were typed."""
    data: dict[str, str] = json.loads(unsaved.data)
    return data


@transaction.atomic
def resume(article: Article | None, *, form_key: str, by: User) -> bool:
    """Resume the autosave under this form key, so that the form it came from can no longer overwrite it.

    False if there was nothing to resume.
    """
    found = UnsavedWriting.objects.filter(article=article, editor=by).update(form_key=form_key)
    if found:
        record("writing_taken_up", by=by, about=_about(article))
    return bool(found)


@transaction.atomic
def discard(article: Article | None, *, by: User) -> bool:
    """Delete the unsaved writing; False if there was none."""
    deleted, _ = UnsavedWriting.objects.filter(article=article, editor=by).delete()
    if deleted:
        record("writing_thrown_away", by=by, about=_about(article))
    return bool(deleted)


def clear_after_save(article: Article | None, *, form_key: str, by: User) -> None:
    """Delete the autosave of a form whose content has just been saved to the draft."""
    UnsavedWriting.objects.filter(article=article, editor=by, form_key=form_key).delete()


def other_editors(article: Article, *, than: User) -> str:
    """A sentence on who else has the form open; empty if nobody has."""
    return presence.others_in_words(article, than=than, advice="Whoever saves second will see both texts.")


def _about(article: Article | None) -> str:
    return article.get_absolute_url() if article else ""


# Content of a posted form


def typed_content(data: Data, article: Article) -> Content:
    """The content that the draft would have after saving this form; fields that are not valid yet count as they are."""
    return typed_page(data, article)[0]


def typed_page(data: Data, article: Article) -> tuple[Content, list[int]]:
    """The content of the typed form, and for each of its blocks the place that the form gives it."""
    typed = copy(article)
    names = [name for name in ARTICLE_FIELDS if name in data]
    names += [name for name in ARTICLE_TICKS if "title" in data]  # browsers leave out what is not ticked
    form = forms.modelform_factory(Article, fields=names)(data, instance=typed)
    form.errors  # noqa: B018  validating fills the instance
    blocks = sorted(_blocks(data), key=lambda block: block.ordering or 0)
    return content_of(typed, blocks), [block.ordering or 0 for block in blocks if has_words(block.content())]


def _blocks(data: Data) -> Iterator[Block]:
    fields = dict(data.items())  # each kind goes through them, and a QueryDict looks each value up anew
    for model in BLOCKS:
        for posted in posted_blocks(fields, prefix_of(model)):
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


# Conflicts


@dataclass(frozen=True)
class Conflict:
    """Somebody else saved the draft after this form had been opened on the draft with `base_sha256`."""

    article: Article
    base_sha256: str
    my_content: Content

    @cached_property
    def versions_since(self) -> list[DraftVersion]:
        """The versions saved since the form was opened, newest first; at least the last one."""
        versions = self.article.versions.defer("content")
        base = versions.filter(sha256=self.base_sha256).first() if self.base_sha256 else None
        return list(versions.filter(pk__gt=base.pk) if base else versions[:1])

    @property
    def other_editors(self) -> list[str]:
        """User names of those who saved since."""
        return sorted({version.saved_by for version in self.versions_since})

    @cached_property
    def current_content(self) -> Content:
        return draft_content(self.article) if self.article.pk else content_of(self.article, [])

    @cached_property
    def their_changes(self) -> Comparison | None:
        """From the version that the form was opened on to the current one; None if that version is no longer stored."""
        base = self.article.versions.filter(sha256=self.base_sha256).first() if self.base_sha256 else None
        return compare(parsed(base.content), self.current_content) if base else None

    @cached_property
    def my_changes(self) -> Comparison:
        """From the current version to what saving this form would make of it."""
        return compare(self.current_content, self.my_content)


def conflict(article: Article, data: Data, *, base_sha256: str | None) -> Conflict | None:
    """The conflict that keeps this form from being saved.

    None if the draft is still the one it was opened on, or already says what the form says.
    """
    if base_sha256 == article.draft_sha256:
        return None
    my_content = typed_content(data, article)
    if sha256(my_content) == article.draft_sha256:
        return None
    return Conflict(article, base_sha256 or "", my_content)
