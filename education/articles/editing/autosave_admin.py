"""Autosave in the change form of an article: it offers unsaved writing and refuses to overwrite other editors."""

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
from education.articles import workflow
from education.articles.content.blocks import Block
from education.articles.content.canonical import draft_blocks, kinds_in
from education.articles.editing import autosave
from education.articles.editing.autosave import Conflict
from education.articles.models import Article, UnsavedWriting
from education.colleagues import presence

RESUME = "unsaved"  # query parameter: open the form with the unsaved writing filled in
CONFLICT = 409


@dataclass
class EditSession:
    """One opened edit form: the version of the draft it was opened on, and what was typed into it."""

    form_key: str = field(default_factory=lambda: get_random_string(16))
    base_sha256: str | None = None
    overwrite_sha256: str = ""  # the draft that the editor has seen in a conflict and chose to overwrite
    typed: dict[str, Any] | None = None  # and not saved; None: nothing yet
    unsaved: UnsavedWriting | None = None  # from an earlier form
    conflict: Conflict | None = None
    refused: bool = False
    article: Article | None = None  # None: a new page
    others: str = ""  # who else has the form open, in words

    @cached_property
    def resumable(self) -> Conflict | None:
        """The unsaved writing from an earlier form, compared with the draft in the same way as a refused save."""
        if not self.unsaved or self.typed is not None:
            return None
        article = self.article or Article()
        content = autosave.typed_content(autosave.typed_data(self.unsaved), article)
        found = Conflict(article, self.unsaved.base, content)
        return found if found.my_changes.words or not self.article else None

    @cached_property
    def kinds(self) -> list[type[Block]]:
        """The types of block that the draft has: most drafts have few, and the others need no query."""
        return kinds_in(self.article) if self.article else []

    @property
    def draft_has_changed(self) -> bool:
        """Whether somebody saved the draft after the unsaved writing was begun."""
        return bool(self.article and self.unsaved and self.unsaved.base != self.article.draft_sha256)

    @property
    def autosave_url(self) -> str:
        return self._url("admin:education_article_keep", "admin:education_article_keep_new")

    @property
    def live_preview_url(self) -> str:
        return self._url("admin:education_article_live_preview", "admin:education_article_live_preview_new")

    @property
    def resume_url(self) -> str:
        return self._url("admin:education_article_take_up", "admin:education_article_take_up_new")

    @property
    def discard_url(self) -> str:
        return self._url("admin:education_article_throw_away", "admin:education_article_throw_away_new")

    def _url(self, name: str, name_for_new_page: str) -> str:
        return reverse(name, args=[self.article.pk]) if self.article else reverse(name_for_new_page)


class AutosaveMixin:
    """For the admin of articles; must come before ContentEditor in the bases."""

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            self._open(request, object_id)
            return super().changeform_view(request, object_id, *args, **kwargs)  # type: ignore[misc]
        with transaction.atomic():
            self._posted(request, object_id)
            return super().changeform_view(request, object_id, *args, **kwargs)  # type: ignore[misc]

    def _open(self, request: HttpRequest, object_id: str | None) -> None:
        article = self.get_object(request, unquote(object_id)) if object_id else None  # type: ignore[attr-defined]
        session = EditSession(article=article, base_sha256=article.draft_sha256 if article else "")
        session.unsaved = autosave.find(article, by=staff(request)) if article or not object_id else None
        if article and request.user.has_perm(workflow.MAY_WRITE):
            session.others = autosave.other_editors(article, than=staff(request))
            presence.note(article, by=staff(request))
        if session.unsaved and RESUME in request.GET:
            session.form_key, session.base_sha256 = session.unsaved.form_key, session.unsaved.base
            session.typed = autosave.typed_data(session.unsaved)
            _detect_conflict(session)
        request.edit_session = session  # type: ignore[attr-defined]

    def _posted(self, request: HttpRequest, object_id: str | None) -> None:
        """Runs in the transaction of the save, which locks the article: two saves at once run one after the other."""
        article = None
        if object_id and unquote(object_id).isdecimal():
            article = Article.objects.select_for_update().filter(pk=unquote(object_id)).first()
        session = EditSession(
            article=article,
            form_key=request.POST.get("form_key", "")[:32],
            base_sha256=request.POST.get("draft_base"),
            overwrite_sha256=request.POST.get("draft_over", ""),
            typed=request.POST.dict(),
        )
        _detect_conflict(session)
        session.refused = bool(session.conflict and article and session.overwrite_sha256 != article.draft_sha256)
        request.edit_session = session  # type: ignore[attr-defined]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)  # type: ignore[misc]
        session: EditSession | None = getattr(request, "edit_session", None)
        if session and session.refused:
            return type(form.__name__, (RefusedForm, form), {})
        if session and session.typed is not None and request.method != "POST":
            return type(form.__name__, (PrefilledForm, form), {"typed": session.typed})
        return form

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """Like Django's own, which copies the whole posted form for each kind of block: a quarter of a save's time."""
        session: EditSession | None = getattr(request, "edit_session", None)
        typed = {"data": session.typed, "files": request.FILES} if session and session.typed is not None else {}
        blocks = inline.get_queryset(request)
        if session and inline.model not in session.kinds:
            blocks = blocks.none()
        new = {"initial": [_at_the_end(obj)]} if obj and inline.get_extra(request, obj) else {}
        return {"instance": obj, "prefix": prefix, "queryset": blocks, **new, **typed}

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> TemplateResponse:
        session: EditSession = request.edit_session  # type: ignore[attr-defined]
        response: TemplateResponse = super().render_change_form(request, context, **kwargs)  # type: ignore[misc]
        data = response.context_data or {}
        if data["has_change_permission"] or data["add"]:
            data["edit_session"] = session
        data["media"] = data["media"] + Media(js=[Script("js/autosave.js", type="module")])
        if request.method == "POST":
            _autosave_failed_save(request, session)
        if session.refused:
            data["title"] = "Not saved: somebody else saved this draft"
            response.status_code = CONFLICT
        return response

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)  # type: ignore[misc]
        session: EditSession = request.edit_session  # type: ignore[attr-defined]
        autosave.clear_after_save(session.article, form_key=session.form_key, by=staff(request))


class RefusedForm:
    """A form that is not saved even if it is valid."""

    def is_valid(self) -> bool:
        super().is_valid()  # type: ignore[misc]
        return False


class PrefilledForm:
    """A form that opens with unsaved writing filled in."""

    typed: dict[str, Any]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(self.typed, **options)  # type: ignore[call-arg]


def _at_the_end(article: Article) -> dict[str, Any]:
    """The place of a new block, which a script would give it."""
    last = max((block.ordering for block in draft_blocks(article)), default=0)
    return {"region": Article.regions[0].key, "ordering": last + 10}


def _detect_conflict(session: EditSession) -> None:
    if session.article and session.typed is not None:
        session.conflict = autosave.conflict(session.article, session.typed, base_sha256=session.base_sha256)


def _autosave_failed_save(request: HttpRequest, session: EditSession) -> None:
    """A save that was refused or failed is autosaved here too: it must not be lost in browsers without scripts."""
    try:
        autosave.save(
            session.article,
            session.typed or {},
            form_key=session.form_key,
            base_sha256=session.base_sha256 or "",
            by=staff(request),
        )
    except (autosave.TooLarge, autosave.OtherUnsavedWriting):
        return  # everything typed is still on the screen
