"""The audit trail in the admin, read-only. It names no patient."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.http import HttpRequest

from education.audit.models import AuditEvent
from education.audit.words import in_words, kind_in_words
from education.core.admin import ClinicAdmin

NAMED = ("person", "intakepause", "replytemplate", "screeningquestion")


class WhatWasDone(admin.AllValuesFieldListFilter):
    """The verbs that occur, in words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "what was done"

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": in_words(str(choice["display"]))}


def _name(events: Iterable[Any]) -> None:
    """What each is about, as people call it: of a row, its own words instead of its number."""
    parted = {event: event.about.partition(":") for event in events}
    for kind, model in _rows().items():
        keys = {event: int(key) for event, (what, _, key) in parted.items() if what == kind and key.isdecimal()}
        rows = model._default_manager.in_bulk(set(keys.values())) if keys else {}
        for event, key in keys.items():
            event.name = f"{kind_in_words(kind)} {rows.get(key, key)}"
    for event, (kind, colon, key) in parted.items():
        event.name = getattr(event, "name", f"{kind_in_words(kind)} {key}" if colon else event.about)


def _rows() -> dict[str, Any]:
    """The models whose rows are named so: none holds what patients say."""
    return {"staff": get_user_model(), **{kind: apps.get_model("education", kind) for kind in NAMED}}


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
        return str(event.name)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changes = super().get_changelist_instance(request)
        _name(changes.result_list)
        return changes

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        _name([found] if found else [])
        return found

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        return False
