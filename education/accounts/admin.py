"""Staff accounts in the admin, for administrators."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import URLPattern, path

from education.accounts import actions, views
from education.accounts.forms import StaffForm
from education.accounts.log_in.reauthentication import fully_reauthenticated
from education.accounts.models import RoleRequest, User, staff
from education.accounts.roles import MAY_MANAGE_STAFF, ROLES, labels
from education.core.admin import ClinicAdmin
from education.core.text import day_and_time, full_stop

# Roles are defined in roles.py; second factors are on the owner's account page.
admin.site.unregister([Group, EmailAddress, Authenticator])


# The parts of its form.
LINK = "You get a link that works once, with which they choose a password. Hand it over in person."
MAY = ("What this person may do", {"fields": ("roles",)})
LOST = (
    "When something is lost",
    {
        "fields": ("new_link", "log_out"),
        "description": "A lost telephone or passkey: each recovery code opens the account once. Without one, whoever "
        "keeps the server takes the second step away, with “manage.py reset_mfa” and the username.",
    },
)
LEAVES = ("When somebody leaves", {"fields": ("is_active",)})


@admin.register(User)
class StaffAdmin(ClinicAdmin[User]):
    form = StaffForm
    change_list_template = "admin/accounts/list.html"
    list_display = ("username", "role_labels", "has_second_step", "may_log_in", "logged_in_at")
    search_fields = ("username", "email")
    ordering = ("username",)
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
        rows = super().get_queryset(request).select_related("role_request").prefetch_related("groups")
        return rows.annotate(second_step=Exists(factors))

    @admin.display(description="State", ordering="is_active")
    def may_log_in(self, user: User) -> str:
        return "May log in" if user.is_active else "Switched off"

    @admin.display(description="Second step")
    def has_second_step(self, user: Any) -> str:
        """In words: on a phone no heading is above it."""
        return "Second step on" if user.second_step else "No second step"

    @admin.display(description="Now")
    def stands(self, user: Any) -> str:
        """What an administrator wants to know before changing anything."""
        seen = f"Last log-in: {day_and_time(user.last_login)}" if user.last_login else "Has never logged in"
        asked = getattr(user, "role_request", None)
        waits = [f"Waits for another administrator: {asked.role_labels}."] if asked else []
        return " ".join([full_stop(seen), f"{self.has_second_step(user)} at log-in.", *waits])

    @admin.display(description="Last log-in", ordering="last_login", empty_value="Never logged in")
    def logged_in_at(self, user: User) -> datetime | None:
        return user.last_login

    @admin.display(description="Roles")
    def role_labels(self, user: User) -> str:
        return labels([group.name for group in user.groups.all()])

    def title_of(self, obj: User | None) -> str:
        return f"Account of {obj.username}" if obj else "New staff account"

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return [("Who it is for", {"fields": ("username", "email"), "description": LINK}), MAY]
        return [("Whose it is", {"fields": ("username", "email", "stands")}), MAY, LOST, LEAVES]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return ("stands",) if obj else ()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {"roles": ROLES.values(), **(extra_context or {})})

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.acting = request.user
        return form

    def get_urls(self) -> list[URLPattern]:
        asked = [
            path("<int:pk>/roles/", views.asked_roles, name="education_user_roles"),
            path("<int:pk>/roles/confirm/", views.confirm_roles, name="education_user_roles_confirm"),
            path("<int:pk>/roles/refuse/", views.refuse_roles, name="education_user_roles_refuse"),
        ]
        for pattern in asked:
            pattern.callback = self.admin_site.admin_view(pattern.callback)
        return [*asked, *super().get_urls()]

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().changeform_view
        return (fully_reauthenticated(form) if self._may(request) else form)(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: StaffForm, change: bool) -> None:
        by, roles = staff(request), form.cleaned_data["roles"]
        if change:
            chosen = {name: form.cleaned_data[name] for name in ("new_link", "log_out")}
            link = actions.save_staff(obj, roles=roles, **chosen, by=by)
        else:
            link = actions.create_staff(username=obj.username, email=obj.email, roles=roles, by=by)
            obj.pk = User.objects.get(username=obj.username).pk
        if link:
            days = settings.PASSWORD_RESET_TIMEOUT // 86_400
            words = f"Hand this one-time link to {obj.username}, to choose a password within {days} days: {link}"
            messages.warning(request, words)
        if change and obj == by and RoleRequest.objects.filter(account=obj).exists():
            messages.warning(
                request, f"Not given yet, another administrator must confirm it: {obj.role_request.role_labels}."
            )

    def _may(self, request: HttpRequest, obj: User | None = None) -> bool:
        return request.user.has_perm(MAY_MANAGE_STAFF)

    has_module_permission = has_view_permission = has_add_permission = has_change_permission = _may

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False  # it is switched off instead, so that the audit trail keeps its name
