"""Correcting one passage on the way to a signature, in a form of its own."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from csp.decorators import csp_update
from django import forms
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods

from education.accounts.models import staff
from education.articles import workflow
from education.articles.content.blocks import BLOCK_TYPES, Block
from education.articles.content.blocks.base import text_areas
from education.articles.content.blocks.claim import reference_keys
from education.articles.content.canonical import canonical_json, draft_content, texts
from education.articles.editing.csp import EDITOR_STYLES, with_nonce
from education.articles.editing.screen import article_for, screen
from education.articles.models import Article
from education.articles.publishing import actions
from education.articles.reviewing.sign_views import HEAD, in_run, run_query
from education.references.actions import cited_keys, known

HEAD_FIELDS = ["title", "summary", "aliases"]
CHANGED_MEANWHILE = "Somebody changed this passage while you were writing. It now says: {now}"
OTHER_STUDIES = "Those that the page cites. To name another one, edit the draft."


class StudiesField(forms.MultipleChoiceField):
    """Citation keys, one a line, chosen among studies by author, year and title."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, own: str, others: Iterable[str]) -> None:
        """The studies that it names already, then those that the page cites elsewhere."""
        keys = dict.fromkeys([*reference_keys(own), *others])
        studies = known(keys)
        self.choices = [(key, studies[key].author_year_title if key in studies else key) for key in keys]

    def prepare_value(self, value: Any) -> Any:
        return reference_keys(value) if isinstance(value, str) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: Any) -> Any:
        return "\n".join(super().clean(value))


@require_http_methods(["GET", "HEAD", "POST"])
@csp_update({"style-src": EDITOR_STYLES})  # type: ignore[arg-type]  # it knows no views with parameters
def correct(request: HttpRequest, pk: int, block_type: str, block: int) -> HttpResponse:
    """Correct one passage in a form of its own, then go back to signing."""
    article = article_for(request, pk, workflow.MAY_WRITE)
    row = _passage(article, block_type, block)
    sha256_before = _content_sha256(row)
    form = _form_for(row)(request.POST or None, instance=row)
    cited = [key for text in texts(draft_content(article)) for key in cited_keys(text)]
    for name, field in form.fields.items():
        if isinstance(field, StudiesField):
            field.offer(getattr(row, name), cited)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("was") == sha256_before:
            form.save()
            actions.draft_saved(_refetched(article), by=staff(request))
            messages.success(request, "Corrected. Read it once more, then sign.")
            return _back_to_signing(request, article)
        form.add_error(None, CHANGED_MEANWHILE.format(now=_passage(article, block_type, block)))
    context = {
        "form": form,
        "sha256_before": sha256_before,
        "passage": row,
        "media": with_nonce(form.media, request),
        "studies": known(key for text in _texts(row) for key in cited_keys(text)),
        "in_run": in_run(request),
    }
    return screen(request, article, "correct", context, title="Correct a passage", status=422 if form.errors else 200)


def _passage(article: Article, block_type: str, block: int) -> Article | Block:
    if block_type == HEAD:
        return _refetched(article)
    if block_type not in BLOCK_TYPES:
        raise Http404
    return get_object_or_404(BLOCK_TYPES[block_type], parent=article, pk=block)


def _form_for(row: Article | Block) -> type[forms.ModelForm[Any]]:
    if isinstance(row, Article):
        return forms.modelform_factory(Article, fields=HEAD_FIELDS, widgets={**text_areas(summary=3, aliases=3)})
    return forms.modelform_factory(
        type(row), form=row.form_class, fields=list(row.content_fields), formfield_callback=_field
    )


def _field(field: models.Field[Any, Any], **options: Any) -> forms.Field | None:
    """A day and studies are chosen as in the editor."""
    block = field.model
    if issubclass(block, Block) and field.name in block.list_fields and field.name in block.fact_fields:
        label = capfirst(field.verbose_name)
        return StudiesField(label=label, required=not field.blank, help_text=OTHER_STUDIES)
    if isinstance(field, models.DateField):
        options["widget"] = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return field.formfield(**options)


def _texts(row: Article | Block) -> list[str]:
    """The words in whose form a study stands as `[@key]`."""
    return (
        [row.summary]
        if isinstance(row, Article)
        else [str(getattr(row, name)) for name in row.cited_fields or row.word_fields]
    )


def _content_sha256(row: Article | Block) -> str:
    content = {name: getattr(row, name) for name in HEAD_FIELDS} if isinstance(row, Article) else row.content()
    return sha256(canonical_json(content).encode()).hexdigest()


def _refetched(article: Article) -> Article:
    return Article.objects.select_related("topic", "author", "current_edition").get(pk=article.pk)


def _back_to_signing(request: HttpRequest, article: Article) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:education_article_sign", args=[article.pk]) + run_query(request))
