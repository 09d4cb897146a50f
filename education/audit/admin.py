"""The audit trail in the admin, read-only. It names no patient."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.http import HttpRequest

from education.audit.models import AuditEvent
from education.audit.words import in_words
from education.core.admin import ClinicAdmin

ABOUT_STAFF = "staff:"


class WhatWasDone(admin.AllValuesFieldListFilter):
    """The verbs that occur, in words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "what was done"

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": in_words(str(choice["display"]))}


def _name_accounts(events: Iterable[Any]) -> None:
    """`account` is the name of the one that an event is about; empty where it is about something else."""
    numbers = {event: event.about.removeprefix(ABOUT_STAFF) for event in events if event.about.startswith(ABOUT_STAFF)}
    names = get_user_model()._default_manager.in_bulk(set(numbers.values()))
    for event in events:
        event.account = str(names.get(int(numbers[event]), "")) if event in numbers else ""


@admin.register(AuditEvent)
class AuditEventAdmin(ClinicAdmin[AuditEvent]):
    list_display = ("at", "actor", "what", "on_what")
    list_filter = (("verb", WhatWasDone),)
    search_fields = ("actor", "about")
    fields = readonly_fields = ("at", "actor", "what", "on_what", "detail", "previous", "digest")
    show_full_result_count = False

    @admin.display(description="what was done", ordering="verb")
    def what(self, event: AuditEvent) -> str:
        return in_words(event.verb)

    @admin.display(description="about", ordering="about")
    def on_what(self, event: Any) -> str:
        """An account by its name: nobody knows numbers."""
        return f"account {event.account}" if event.account else event.about

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changes = super().get_changelist_instance(request)
        _name_accounts(changes.result_list)
        return changes

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        _name_accounts([found] if found else [])
        return found

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        return False
