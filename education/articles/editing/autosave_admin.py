"""The change form of an article loses nothing: it refuses to overwrite others, and offers what was not saved."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.admin.utils import unquote
from django.db import transaction
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.crypto import get_random_string
from js_asset import Media, Script

from education.accounts.models import staff
from education.articles.editing import autosave
from education.articles.editing.autosave import Conflict
from education.articles.models import Article, UnsavedWriting

GO_ON = "unsaved"  # in the address: the form is filled in with what was kept
CONFLICT = 409


@dataclass
class Sheet:
    """One opened form: which words it grew from, and what was typed into it."""

    key: str = field(default_factory=lambda: get_random_string(16))
    base: str | None = None
    over: str = ""  # the words that the editor has been shown and wants to replace
    data: dict[str, Any] | None = None  # typed and not saved
    kept: UnsavedWriting | None = None
    conflict: Conflict | None = None
    refused: bool = False
    article: Article | None = None

    @cached_property
    def offer(self) -> Conflict | None:
        """What waits from before, compared with the draft as a refused save is."""
        if not self.kept or self.data is not None:
            return None
        article = self.article or Article()
        found = Conflict(article, self.kept.base, autosave.typed_content(autosave.typed_data(self.kept), article))
        return found if found.ours.words or not self.article else None

    @property
    def is_behind(self) -> bool:
        return bool(self.article and self.kept and self.kept.base != self.article.draft_sha256)

    @property
    def keep_at(self) -> str:
        return self._address("admin:education_article_keep", "admin:education_article_keep_new")

    @property
    def take_up_at(self) -> str:
        return self._address("admin:education_article_take_up", "admin:education_article_take_up_new")

    @property
    def throw_away_at(self) -> str:
        return self._address("admin:education_article_throw_away", "admin:education_article_throw_away_new")

    def _address(self, url_name: str, url_name_of_new: str) -> str:
        return reverse(url_name, args=[self.article.pk]) if self.article else reverse(url_name_of_new)


class KeepsWriting:
    """For the admin of articles, before ContentEditor."""

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            self._open(request, object_id)
            return super().changeform_view(request, object_id, *args, **kwargs)  # type: ignore[misc]
        with transaction.atomic():
            self._posted(request, object_id)
            return super().changeform_view(request, object_id, *args, **kwargs)  # type: ignore[misc]

    def _open(self, request: HttpRequest, object_id: str | None) -> None:
        article = self.get_object(request, unquote(object_id)) if object_id else None  # type: ignore[attr-defined]
        sheet = Sheet(article=article, base=article.draft_sha256 if article else "")
        sheet.kept = autosave.kept_for(article, by=staff(request)) if article or not object_id else None
        if sheet.kept and GO_ON in request.GET:
            sheet.key, sheet.base = sheet.kept.form_key, sheet.kept.base
            sheet.data = autosave.typed_data(sheet.kept)
            _see_conflict(sheet)
        request.sheet = sheet  # type: ignore[attr-defined]

    def _posted(self, request: HttpRequest, object_id: str | None) -> None:
        """Read in the transaction of the save, which holds the article: of two at once, one comes second."""
        article = None
        if object_id and unquote(object_id).isdecimal():
            article = Article.objects.select_for_update().filter(pk=unquote(object_id)).first()
        sheet = Sheet(
            article=article,
            key=request.POST.get("form_key", "")[:32],
            base=request.POST.get("draft_base"),
            over=request.POST.get("draft_over", ""),
            data=request.POST.dict(),
        )
        _see_conflict(sheet)
        sheet.refused = bool(sheet.conflict and sheet.article and sheet.over != sheet.article.draft_sha256)
        request.sheet = sheet  # type: ignore[attr-defined]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)  # type: ignore[misc]
        sheet: Sheet | None = getattr(request, "sheet", None)
        if sheet and sheet.refused:
            return type(form.__name__, (Refused, form), {})
        if sheet and sheet.data is not None and request.method != "POST":
            return type(form.__name__, (FilledIn, form), {"kept": sheet.data})
        return form

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """As Django's own, which copies the whole posted form anew for each kind of block: a quarter of a save."""
        sheet: Sheet | None = getattr(request, "sheet", None)
        typed = {"data": sheet.data, "files": request.FILES} if sheet and sheet.data is not None else {}
        return {"instance": obj, "prefix": prefix, "queryset": inline.get_queryset(request), **typed}

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> TemplateResponse:
        sheet: Sheet = request.sheet  # type: ignore[attr-defined]
        response: TemplateResponse = super().render_change_form(request, context, **kwargs)  # type: ignore[misc]
        data = response.context_data or {}
        if data["has_change_permission"] or data["add"]:
            data["sheet"] = sheet
        data["media"] = data["media"] + Media(js=[Script("js/autosave.js", type="module")])
        if request.method == "POST":
            _keep_unsaved(request, sheet)
        if sheet.refused:
            data["title"] = "Not saved: somebody else saved this draft"
            response.status_code = CONFLICT
        return response

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)  # type: ignore[misc]
        sheet: Sheet = request.sheet  # type: ignore[attr-defined]
        autosave.saved(sheet.article, key=sheet.key, by=staff(request))


class Refused:
    """A form that may be in order and is not saved all the same."""

    def is_valid(self) -> bool:
        super().is_valid()  # type: ignore[misc]
        return False


class FilledIn:
    """A form that opens with what was typed into it before."""

    kept: dict[str, Any]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(self.kept, **options)  # type: ignore[call-arg]


def _see_conflict(sheet: Sheet) -> None:
    if sheet.article and sheet.data is not None:
        sheet.conflict = autosave.conflict(sheet.article, sheet.data, base=sheet.base)


def _keep_unsaved(request: HttpRequest, sheet: Sheet) -> None:
    """What could not be saved is kept without a script, too."""
    try:
        autosave.keep(sheet.article, sheet.data or {}, key=sheet.key, base=sheet.base or "", by=staff(request))
    except (autosave.TooMuch, autosave.Elsewhere):
        return  # it is all on the screen
