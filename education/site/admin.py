"""The words of the site in the admin: a list of pages, and a form for each; and addresses from which pages moved."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern

from education.accounts.models import staff
from education.core.admin import ClinicAdmin
from education.pages.models import Redirect
from education.site import actions as verbs
from education.site import views
from education.site.forms import RedirectForm
from education.wording.models import MAY_SEE_SITE, MAY_WRITE_SITE, SitePlace


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


@admin.register(Redirect)
class RedirectAdmin(ClinicAdmin[Redirect]):
    """What the site noted when a page moved, and what staff add, such as the addresses of a site they had before."""

    form = RedirectForm
    list_display = ("old", "new", "created_at")
    search_fields = ("old", "new")
    actions = None  # one by one, each on record
    change_list_template = "admin/site/redirects.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MAY_SEE_SITE)

    def has_view_permission(self, request: HttpRequest, obj: Redirect | None = None) -> bool:
        return request.user.has_perm(MAY_SEE_SITE)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MAY_WRITE_SITE)

    def has_change_permission(self, request: HttpRequest, obj: Redirect | None = None) -> bool:
        return request.user.has_perm(MAY_WRITE_SITE)

    def has_delete_permission(self, request: HttpRequest, obj: Redirect | None = None) -> bool:
        return request.user.has_perm(MAY_WRITE_SITE)

    def save_model(self, request: HttpRequest, obj: Redirect, form: Any, change: bool) -> None:
        found = form.cleaned_data
        verbs.save_redirect(found["old"], found["new"], by=staff(request))
        obj.pk = Redirect.objects.get(old=found["old"]).pk

    def delete_model(self, request: HttpRequest, obj: Redirect) -> None:
        verbs.delete_redirect(obj.old, by=staff(request))
