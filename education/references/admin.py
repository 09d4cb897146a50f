"""References in the admin."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from education.audit.actions import signed_in
from education.references import actions
from education.references.forms import ReferenceForm
from education.references.incoming.views import import_studies
from education.references.models import Reference
from education.wording.admin import SignedWordsAdmin
from education.wording.models import MAY_SIGN

SHORT_STATUSES: dict[str, str] = {
    Reference.Status.CORRECTED: "Corrected",
    Reference.Status.UNVERIFIED: "Not checked",
}
# As `Reference.short_name` begins.
BY_NAME = Lower(Coalesce(NullIf(F("authors"), Value("")), F("title")))


@admin.register(Reference)
class ReferenceAdmin(SignedWordsAdmin[Reference]):
    form = ReferenceForm
    change_list_template = "admin/references/change_list.html"
    list_display = ["study", "title", "kind", "stands", "checked"]
    list_filter = ["kind", "status", "known_by"]
    ordering = [BY_NAME, "year", "key"]
    search_fields = ["key", "title", "authors", "journal", "doi", "pmid"]
    formfield_overrides = {**SignedWordsAdmin.formfield_overrides, models.URLField: {"assume_scheme": "https"}}
    actions = None  # deleting many at once would leave no trace of each

    def get_form(self, request: HttpRequest, obj: Reference | None = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.may_lift_warnings = request.user.has_perm(MAY_SIGN)
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Reference | None = None) -> list[str]:
        """The key that published pages cite is fixed: by it their claims find out that a study was retracted."""
        return ["key"] if obj and obj.citations.exists() else []

    def has_delete_permission(self, request: HttpRequest, obj: Reference | None = None) -> bool:
        """None that published pages cite: their warning of it would go too, which only a clinician may lift."""
        return super().has_delete_permission(request, obj) and not (obj and obj.citations.exists())

    def title_of(self, obj: Reference | None) -> str:
        return obj.short_name if obj else super().title_of(obj)

    @admin.display(description="study", ordering=BY_NAME)
    def study(self, reference: Reference) -> str:
        """As staff know it on every other screen. Its key is in its form, and found by the search."""
        return reference.short_name

    @admin.display(description="status", ordering="status")
    def stands(self, reference: Reference) -> str:
        """In a word or two: a row has one line. The filter and the form say it in full."""
        return SHORT_STATUSES.get(reference.status) or str(reference.get_status_display())

    @admin.display(description="checked on", empty_value="not checked", ordering="checked_on")
    def checked(self, reference: Reference) -> date | SafeString | None:
        """On a phone, where both stand behind each other, its status alone says that nobody has checked it."""
        said = reference.status == Reference.Status.UNVERIFIED
        return reference.checked_on or (format_html('<span class="nothing">{}</span>', "not checked") if said else None)

    def get_urls(self) -> list[URLPattern]:
        imported = self.admin_site.admin_view(import_studies)
        return [path("import/", imported, name="education_reference_import"), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Reference, form: forms.ModelForm[Reference], change: bool) -> None:
        actions.save_reference(obj, before=form.initial.get("status", "") if change else "", by=signed_in(request))

    def delete_model(self, request: HttpRequest, obj: Reference) -> None:
        actions.delete_reference(obj, by=signed_in(request))
