"""References in the admin."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path, reverse

from education.references import actions
from education.references.forms import ReferenceForm
from education.references.models import Reference
from education.wording.admin import SignedWordsAdmin
from education.wording.models import MAY_SIGN


@admin.register(Reference)
class ReferenceAdmin(SignedWordsAdmin[Reference]):
    form = ReferenceForm
    list_display = ["key", "title", "year", "kind", "status", "checked"]
    list_filter = ["kind", "status", "known_by"]
    search_fields = ["key", "title", "authors"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_form(self, request: HttpRequest, obj: Reference | None = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.may_lift_warnings = request.user.has_perm(MAY_SIGN)
        return form

    @admin.display(description="status checked on", empty_value="not checked", ordering="checked_on")
    def checked(self, reference: Reference) -> date | None:
        return reference.checked_on

    def get_urls(self) -> list[URLPattern]:
        suggest = self.admin_site.admin_view(self.suggest)
        return [path("suggest/", suggest, name="education_reference_suggest"), *super().get_urls()]

    def suggest(self, request: HttpRequest) -> JsonResponse:
        """The studies that fit what an editor has begun to type, for the script of the rich-text editor."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = Reference.objects.matching(request.GET.get("q", "")[:80])[:8]
        rows = [{"value": study.key, "words": study.told, "note": _note(study)} for study in found]
        return JsonResponse({"found": rows, "add": reverse("admin:education_reference_add")})

    def save_model(self, request: HttpRequest, obj: Reference, form: forms.ModelForm[Reference], change: bool) -> None:
        user: Any = request.user
        actions.save_reference(obj, before=form.initial.get("status", "") if change else "", by=user)


def _note(study: Reference) -> str:
    return "" if study.status == Reference.Status.CURRENT else study.get_status_display()
