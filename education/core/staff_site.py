"""Django's admin site as the staff area uses it."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject


class StaffSite(AdminSite):
    enable_nav_sidebar = False  # the rail stands in its place, see templates/admin/_staff_nav.html

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Made when a template shows it: Django asks for it on every screen, which takes a quarter of a small one's
        time, and only the desk says what there is.
        """
        return SimpleLazyObject(lambda: super(StaffSite, self).get_app_list(request, app_label))


class StaffSiteConfig(AdminConfig):
    default_site = "education.core.staff_site.StaffSite"
