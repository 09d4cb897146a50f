"""References in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path, reverse

from education.core.admin import ClinicAdmin
from education.references import actions
from education.references.models import Reference


@admin.register(Reference)
class ReferenceAdmin(ClinicAdmin[Reference]):
    list_display = ["key", "title", "year", "kind", "status", "checked_on"]
    list_filter = ["kind", "status"]
    search_fields = ["key", "title", "authors"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

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
