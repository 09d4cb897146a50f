"""The blocks of an article in its form: a set of forms for each kind, most of which a page has none of.

What is the same on every page is made once in each process: the classes of forms, what they load, and the fields of a
new block.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, cast
from urllib.parse import urlencode

from content_editor.admin import ContentEditorInline
from django import forms
from django.contrib.admin.helpers import InlineAdminFormSet
from django.db import models
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from education.articles import workflow
from education.articles.content.blocks import Block
from education.articles.editing.autosave import prefix_of
from education.articles.editing.formsets import BlockFormSet
from education.articles.models import Article
from education.core.admin import PlainFields

NEW = "block"  # query parameter: the kind of a block to begin, where no script adds one
Kind = type["BlockInline"]
form_sets: dict[tuple[Kind, bool], type[BlockFormSet]] = {}  # by whether its user may write
loaded: dict[Kind, forms.Media] = {}
new_blocks: dict[tuple[Kind, str | None], SafeString] = {}  # by language


def new_block_link(article: Article, block: type[Block]) -> str:
    """The form of the article with an empty block of this type, and at it."""
    form = reverse("admin:education_article_change", args=[article.pk])
    number = block.objects.filter(parent=article).count()
    return f"{form}?{urlencode({NEW: block.block_type})}#{prefix_of(block)}-{number}"


class BlockInline(PlainFields, ContentEditorInline):  # type: ignore[misc]
    """Whoever may change the article may change its blocks."""

    formset = BlockFormSet
    formfield_overrides = {models.DateField: {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}}
    template = "admin/articles/blocks_inline.html"

    @classmethod
    def of(cls, block: type[Block]) -> Kind:
        """The inline of this type of block, with its fields named: Django would otherwise make two more form sets in
        each request to find them.
        """
        names = [name for name in forms.fields_for_model(block) if name != "parent"]
        return cls.create(block, form=block.form_class, fields=names)  # type: ignore[no-any-return]

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return request.user.has_perm(workflow.MAY_VIEW)

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return request.user.has_perm(workflow.MAY_WRITE)

    def has_add_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return request.user.has_perm(workflow.MAY_WRITE)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return request.user.has_perm(workflow.MAY_WRITE)

    @property
    def has_choices_of_rows(self) -> bool:
        """Whether its fields offer rows of the database: the pictures of the library."""
        return "picture" in self.model.content_fields

    def get_extra(self, request: HttpRequest, obj: Article | None = None, **kwargs: Any) -> int:
        return int(request.method == "GET" and request.GET.get(NEW) == self.model.block_type)

    def get_formset(self, request: HttpRequest, obj: Article | None = None, **kwargs: Any) -> Any:
        """The form set. It is made for each request only where its fields depend on the request."""
        if self.has_choices_of_rows or self.get_extra(request, obj):
            return super().get_formset(request, obj, **kwargs)
        key = type(self), request.user.has_perm(workflow.MAY_WRITE)
        if key not in form_sets:
            # Made without the request: the class, which is kept, would keep the request for good.
            made_of = partial(self.formfield_for_dbfield, request=cast(HttpRequest, None))
            form_sets[key] = super().get_formset(request, obj, formfield_callback=made_of, **kwargs)
        return form_sets[key]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Fetch the list of pictures once for each request, however many figures the page has."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "picture":
            if not hasattr(request, "picture_choices"):
                request.picture_choices = list(field.choices)  # type: ignore[attr-defined]
            field.choices = request.picture_choices  # type: ignore[attr-defined]
        return field


class BlockForms(InlineAdminFormSet):
    """The blocks of one kind. The fields of a new one are not among the forms: its template asks for them."""

    def __init__(self, found: InlineAdminFormSet) -> None:
        vars(self).update(vars(found))

    def __iter__(self) -> Iterator[Any]:
        may_add, self.has_add_permission = self.has_add_permission, False
        yield from super().__iter__()
        self.has_add_permission = may_add

    @property
    def media(self) -> forms.Media:
        """Django's own asks each form, in a tenth of the screen's time."""
        kind = type(self.opts)
        if kind not in loaded:
            loaded[kind] = self.opts.media + self.formset.media
        return loaded[kind]

    @property
    def new_block(self) -> SafeString:
        """The fields of a block that is not there yet."""
        key = type(self.opts), get_language()
        if key in new_blocks:
            return new_blocks[key]
        drawn = _drawn(type(self.formset)(instance=Article()).empty_form)
        if not self.opts.has_choices_of_rows:
            new_blocks[key] = drawn
        return drawn


def _drawn(form: Any) -> SafeString:
    return render_to_string("admin/articles/_block_fields.html", {"form": form})
