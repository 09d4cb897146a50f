"""The audit trail in the admin, read-only. It names no patient."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from education.audit.models import AuditEvent
from education.core.admin import ClinicAdmin


def in_words(verb: str) -> str:
    return verb.replace("_", " ").capitalize()


class WhatWasDone(admin.AllValuesFieldListFilter):
    """The verbs that occur, in words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "what was done"

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": in_words(str(choice["display"]))}


@admin.register(AuditEvent)
class AuditEventAdmin(ClinicAdmin[AuditEvent]):
    list_display = ("at", "actor", "what", "about")
    list_filter = (("verb", WhatWasDone),)
    search_fields = ("actor", "about")
    fields = readonly_fields = ("at", "actor", "what", "about", "detail", "previous", "digest")
    show_full_result_count = False

    @admin.display(description="what was done", ordering="verb")
    def what(self, event: AuditEvent) -> str:
        return in_words(event.verb)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        return False
