"""The glossary in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from education.audit.actions import signed_in
from education.glossary import actions
from education.glossary.models import MAY_EDIT_TERMS, Term
from education.wording.admin import SignedWordsAdmin


@admin.register(Term)
class TermAdmin(SignedWordsAdmin[Term]):
    list_display = ["term", "definition"]
    search_fields = ["term", "aliases", "definition"]
    fields = ["term", "slug", "aliases", "definition"]
    formfield_overrides = {
        **SignedWordsAdmin.formfield_overrides,
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 4})},
    }
    actions = None  # deleting many at once would leave no trace of each

    def get_prepopulated_fields(self, request: HttpRequest, obj: Term | None = None) -> dict[str, Any]:
        return {} if obj else {"slug": ["term"]}

    def has_delete_permission(self, request: HttpRequest, obj: Term | None = None) -> bool:
        return request.user.has_perm(MAY_EDIT_TERMS)

    def save_model(self, request: HttpRequest, obj: Term, form: forms.ModelForm[Term], change: bool) -> None:
        actions.save_term(obj, by=signed_in(request))

    def delete_model(self, request: HttpRequest, obj: Term) -> None:
        actions.delete_term(obj, by=signed_in(request))
