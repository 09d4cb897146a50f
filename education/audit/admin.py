"""The audit trail in the admin, read-only. It names no patient."""

from django.contrib import admin
from django.http import HttpRequest

from education.audit.models import AuditEvent
from education.core.admin import ClinicAdmin


@admin.register(AuditEvent)
class AuditEventAdmin(ClinicAdmin[AuditEvent]):
    list_display = ("at", "actor", "verb", "about")
    list_filter = ("verb",)
    search_fields = ("actor", "about")
    fields = readonly_fields = ("at", "actor", "verb", "about", "detail", "previous", "digest")
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        return False
