"""People in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html

from education.audit.actions import signed_in
from education.core.admin import ClinicAdmin
from education.people import actions
from education.people.forms import PersonForm
from education.people.models import Person
from education.wording.models import MAY_SIGN


@admin.register(Person)
class PersonAdmin(ClinicAdmin[Person]):
    """Who writes or reviews pages. Not a staff account: a reviewer may never log in."""

    form = PersonForm
    list_display = ("name", "credentials", "role")
    fields = ("name", "slug", "credentials", "role", "on_team", "photo_now", "photo", "disclosure", "account")
    actions = None  # one by one, each on record

    @admin.display(description="Photo now")
    def photo_now(self, person: Person) -> str:
        if not person.photo:
            return "None. A drawn figure stands in its place."
        html = '<img class="picture-shown" src="{}" width="96" height="96" alt="{}">'
        return format_html(html, person.photo.square_url, person.photo.alt)

    def has_change_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        """What patients read of somebody with an account is theirs to say, or a clinician's."""
        others = obj is not None and obj.account_id is not None and obj.account_id != request.user.pk
        return super().has_change_permission(request, obj) and (not others or request.user.has_perm(MAY_SIGN))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Person | None = None) -> dict[str, Any]:
        return {} if obj else {"slug": ["name"]}

    def get_form(self, request: HttpRequest, obj: Person | None = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.acting = signed_in(request)
        form.manages_accounts = form.acting.manages_accounts
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Person | None = None) -> tuple[str, ...]:
        """Pages and printed leaflets link to the address."""
        return ("slug", "photo_now") if obj else ()

    def get_fields(self, request: HttpRequest, obj: Person | None = None) -> Any:
        return self.fields if obj else [name for name in self.fields if name != "photo_now"]

    def save_model(self, request: HttpRequest, obj: Person, form: forms.ModelForm[Person], change: bool) -> None:
        actions.save_person(obj, changed=form.changed_data, by=signed_in(request))

    def delete_model(self, request: HttpRequest, obj: Person) -> None:
        actions.delete_person(obj, by=signed_in(request))
