"""References in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from education.references import actions
from education.references.models import Reference
from education.wording.admin import SignedWordsAdmin
from education.wording.models import MAY_SIGN


class ReferenceForm(forms.ModelForm[Reference]):
    """The admin sets `may_lift_warnings` on the form's class for one request."""

    may_lift_warnings = False

    def clean_status(self) -> str:
        status, before = self.cleaned_data["status"], self.initial.get("status", "")
        if before in Reference.WARNED_OF and status not in Reference.WARNED_OF and not self.may_lift_warnings:
            raise forms.ValidationError("Pages warn of this study. Only a clinician may say that it stands again.")
        return str(status)


@admin.register(Reference)
class ReferenceAdmin(SignedWordsAdmin[Reference]):
    list_display = ["key", "title", "year", "kind", "status", "checked_on"]
    list_filter = ["kind", "status"]
    search_fields = ["key", "title", "authors"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_form(self, request: HttpRequest, obj: Reference | None = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **{"form": ReferenceForm, **kwargs})
        form.may_lift_warnings = request.user.has_perm(MAY_SIGN)
        return form

    def save_model(self, request: HttpRequest, obj: Reference, form: forms.ModelForm[Reference], change: bool) -> None:
        user: Any = request.user
        actions.save_reference(obj, before=form.initial.get("status", "") if change else "", by=user)
