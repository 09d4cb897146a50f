"""The list of plain words in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from education.accounts.models import staff
from education.advice import actions
from education.advice.models import MAY_EDIT_PLAIN_WORDS, PlainWord
from education.core.admin import ClinicAdmin


class SwapFilter(admin.SimpleListFilter):
    title = "what advice does with it"
    parameter_name = "swap"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Offers plainer words"), ("no", "Leaves it out of the grades")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[PlainWord]) -> QuerySet[PlainWord]:
        if self.value() == "yes":
            return queryset.exclude(swap="")
        return queryset.filter(swap="") if self.value() == "no" else queryset


@admin.register(PlainWord)
class PlainWordAdmin(ClinicAdmin[PlainWord]):
    list_display = ["phrase", "offers", "why"]
    list_filter = [SwapFilter]
    search_fields = ["phrase", "swap", "why"]
    fields = ["phrase", "swap", "why"]
    actions = None  # deleting many at once would leave no trace of each

    @admin.display(description="plainer words", ordering="swap")
    def offers(self, word: PlainWord) -> str:
        return word.swap or "none: left out of the grades"

    def has_delete_permission(self, request: HttpRequest, obj: PlainWord | None = None) -> bool:
        return request.user.has_perm(MAY_EDIT_PLAIN_WORDS)

    def save_model(self, request: HttpRequest, obj: PlainWord, form: forms.ModelForm[PlainWord], change: bool) -> None:
        actions.save_word(obj, by=staff(request))

    def delete_model(self, request: HttpRequest, obj: PlainWord) -> None:
        actions.delete_word(obj, by=staff(request))
