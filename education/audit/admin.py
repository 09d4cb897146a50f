"""The audit trail in the admin, read-only. It names no patient."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import Truncator

from education.audit.models import AuditEvent
from education.audit.words import in_words, kind_in_words
from education.core.admin import ClinicAdmin
from education.core.text import day_and_time, in_fours

PROOF = (
    "Each row holds a digest of itself and of the row before it, so that a change or a gap shows. “manage.py "
    "audit_verify” compares them all."
)
MOST_CHARACTERS = 80  # of a row's words
# The models whose rows are named in their own words, and by which field the trail knows them. None holds what patients
# say.
NAMED = {
    "staff": (settings.AUTH_USER_MODEL, "id"),
    "person": ("education.person", "id"),
    "picture": ("education.picture", "name"),
    "intakepause": ("education.intakepause", "id"),
    "replytemplate": ("education.replytemplate", "id"),
    "screeningquestion": ("education.screeningquestion", "id"),
}


class WhatWasDone(admin.AllValuesFieldListFilter):
    """The verbs that occur, in words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "what was done"

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": in_words(str(choice["display"]))}


def _name(events: Iterable[Any]) -> None:
    """What each is about, as people call it: of a row, its own words instead of its key."""
    parted = [(event, *event.about.partition(":")) for event in events]
    words = {kind: _words(kind, {key for _, what, _, key in parted if what == kind}) for kind in NAMED}
    for event, kind, colon, key in parted:
        shown = in_fours(key) if kind == "request" else words.get(kind, {}).get(key, key)
        event.name = f"{kind_in_words(kind)} {shown}" if colon else event.about


def _words(kind: str, keys: set[str]) -> dict[str, str]:
    """Of each row that is still there, by the key that the trail has of it."""
    model, field = NAMED[kind]
    asked = {key for key in keys if field != "id" or key.isdecimal()}
    found = apps.get_model(model)._default_manager.filter(**{f"{field}__in": asked}) if asked else ()
    return {str(getattr(row, field)): Truncator(row).chars(MOST_CHARACTERS) for row in found}


@admin.register(AuditEvent)
class AuditEventAdmin(ClinicAdmin[AuditEvent]):
    list_display = ("when", "who", "what", "on_what")
    list_filter = (("verb", WhatWasDone),)
    search_fields = ("actor", "about")
    fieldsets = [
        (None, {"fields": ["when", "who", "what", "on_what", "detail"]}),
        ("Proof that it is unchanged", {"classes": ["collapse"], "description": PROOF, "fields": ["before", "own"]}),
    ]
    readonly_fields = ("when", "who", "what", "on_what", "detail", "before", "own")
    change_form_template = "admin/audit/event.html"
    show_full_result_count = False

    @admin.display(description="when", ordering="at")
    def when(self, event: AuditEvent) -> str:
        return day_and_time(event.at)

    @admin.display(description="who", ordering="actor")
    def who(self, event: AuditEvent) -> str:
        return event.actor

    @admin.display(description="what was done", ordering="verb")
    def what(self, event: AuditEvent) -> str:
        return in_words(event.verb)

    @admin.display(description="about", ordering="about")
    def on_what(self, event: Any) -> str | None:
        return event.name or None

    @admin.display(description="digest of the row before")
    def before(self, event: AuditEvent) -> str:
        return event.previous

    @admin.display(description="digest of this row")
    def own(self, event: AuditEvent) -> str:
        return event.digest

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
