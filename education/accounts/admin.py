"""Staff accounts in the admin, for administrators."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.http import HttpRequest

from education.accounts import actions
from education.accounts.forms import StaffForm
from education.accounts.models import User, staff
from education.accounts.roles import MAY_MANAGE_STAFF, ROLES

# Roles are defined in roles.py; second factors and sessions are on the owner's account page.
admin.site.unregister([Group, EmailAddress, Authenticator, UserSession])


@admin.register(User)
class StaffAdmin(admin.ModelAdmin[User]):
    form = StaffForm
    list_display = ("username", "role_labels", "is_active", "last_login")
    search_fields = ("username", "email")
    ordering = ("username",)
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="Roles")
    def role_labels(self, user: User) -> str:
        names = {group.name for group in user.groups.all()}
        return ", ".join(role.label for name, role in ROLES.items() if name in names) or "None"

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return ["username", "email", "roles", *(["is_active", "new_link"] if obj else [])]

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.acting = request.user
        return form

    def save_model(self, request: HttpRequest, obj: User, form: StaffForm, change: bool) -> None:
        by, roles = staff(request), form.cleaned_data["roles"]
        if change:
            link = actions.update_staff(obj, roles=roles, new_link=form.cleaned_data["new_link"], by=by)
        else:
            link = actions.create_staff(username=obj.username, email=obj.email, roles=roles, by=by)
            obj.pk = User.objects.get(username=obj.username).pk
        if link:
            words = f"Hand this one-time link to {obj.username}, to choose a password within three days: {link}"
            messages.warning(request, words)

    def _may(self, request: HttpRequest, obj: User | None = None) -> bool:
        return request.user.has_perm(MAY_MANAGE_STAFF)

    has_module_permission = has_view_permission = has_add_permission = has_change_permission = _may

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False  # it is switched off instead, so that the audit trail keeps its name
