"""The words of the site in the admin: a list of pages, and a form for each."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern

from education.core.admin import ClinicAdmin
from education.site import views
from education.wording.models import SitePlace


@admin.register(SitePlace)
class SitePlaceAdmin(ClinicAdmin[SitePlace]):
    """A row is made by the first save of other words, so the list is of what the site has, not of rows."""

    def get_urls(self) -> list[URLPattern]:
        return [*views.addresses(), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return views.pages_list(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return redirect(views.place_address(row.place))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SitePlace | None = None) -> bool:
        return False
