"""The audit trail in the admin, read-only. It names no patient."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from education.audit.models import AuditEvent
from education.core.admin import ClinicAdmin

# Many verbs are named after the action; all are read as what was done.
DONE = {
    "add": "added", "assign": "assigned", "book": "booked", "call_back": "to be called back", "claim": "claimed",
    "close": "closed", "confirm_contact": "contact confirmed", "contact": "contacted", "match": "as published again",
    "move": "moved", "needs_clinician": "passed to a clinician", "no_answer": "called, no answer",
    "not_spam": "marked as not spam", "note": "note added", "publish": "published",
    "publish_unsigned": "published unsigned", "reopen": "opened again", "reply": "answered by mail",
    "restore": "restored", "schedule": "planned", "send_back": "sent back", "set_expiry": "end set", "sign": "signed",
    "spam": "marked as spam", "submit": "sent for review", "task": "task assigned", "unschedule": "no longer planned",
    "voicemail": "voice message left", "withdraw": "withdrawn", "write": "changed",
}  # fmt: skip

# Rows whose verbs are made of the name of their model.
WHAT = {"intakepause": "intake pause", "replytemplate": "reply template", "screeningquestion": "screening question"}


def in_words(verb: str) -> str:
    what, _, action = verb.partition("_")
    return f"{WHAT.get(what, what)} {DONE.get(action, action)}".replace("_", " ").strip().capitalize()


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
