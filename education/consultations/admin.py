"""The queue's place in the admin: its own screens under the usual addresses, nothing to add, change or delete."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path

from education.consultations import screens, workflow
from education.consultations.models import ConsultationRequest


@admin.register(ConsultationRequest)
class ConsultationRequestAdmin(admin.ModelAdmin[ConsultationRequest]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ConsultationRequest | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ConsultationRequest | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: ConsultationRequest | None = None) -> bool:
        return request.user.has_perm(workflow.MAY_VIEW)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_urls(self) -> list[URLPattern]:
        views: dict[str, tuple[Any, str]] = {
            "": (screens.queue, "changelist"),
            "search/": (screens.search, "search"),
            "<int:pk>/change/": (screens.record, "change"),
            "<int:pk>/claim/": (screens.claim, "claim"),
            "<int:pk>/contact/": (screens.contact, "contact"),
            "<int:pk>/note/": (screens.note, "note"),
            "<int:pk>/close/": (screens.close, "close"),
            "<int:pk>/reopen/": (screens.reopen, "reopen"),
        }
        return [
            path(route, self.admin_site.admin_view(view), name=f"education_consultationrequest_{name}")
            for route, (view, name) in views.items()
        ]
