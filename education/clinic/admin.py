"""The clinic in the admin: its profile (one form, no list), people and bulletins."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html

from education.audit.actions import signed_in
from education.clinic import actions
from education.clinic.forms import BulletinForm, ClinicProfileForm
from education.clinic.models import ONLY_ROW, Bulletin, ClinicProfile, Person
from education.core.admin import ClinicAdmin
from education.core.text import yes_or_no
from education.images.forms import is_too_large, tell_of_changes
from education.wording.admin import SignedWordsAdmin
from education.wording.models import MAY_SIGN


@admin.register(ClinicProfile)
class ClinicProfileAdmin(SignedWordsAdmin[ClinicProfile]):
    form = ClinicProfileForm
    readonly_fields = ("current_logo",)
    fieldsets = (
        ("Who you are", {"fields": ("name", "current_logo", "new_logo", "remove_logo", "accent")}),
        ("How patients reach you", {"fields": ("country", "region", "telephone", "email", "address", "opening_hours")}),
        (
            "A first visit",
            {
                "description": "Shown on the pages “Your first visit” and “Contact”. What is empty is not shown.",
                "fields": ("who_we_see", "directions", "map_picture", "fees", "insurance", "good_faith_estimate"),
            },
        ),
        ("When it can’t wait", {"fields": ("help_lines", "emergency_words", "crisis_words")}),
        ("Consultation requests", {"fields": ("reply_promise", "retention_days")}),
        ("The desk", {"fields": ("reply_working_days", "working_days", "opens_at", "closes_at")}),
        ("Days off", {"fields": ("closed_on_holidays", "closed_days")}),
        ("Review of pages", {"fields": ("review_months", "second_person_signs")}),
    )

    @admin.display(description="Logo now")
    def current_logo(self, profile: ClinicProfile) -> str:
        if not profile.logo:
            return "None. The clinic’s name stands in its place."
        size = (profile.logo_width, profile.logo_height)
        return format_html('<img src="{}" width="{}" height="{}" alt="Your logo">', profile.logo_url, *size)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("admin:education_clinicprofile_change", ONLY_ROW)

    def title_of(self, obj: ClinicProfile | None) -> str:
        return "Your clinic’s profile"

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> ClinicProfile | None:
        return ClinicProfile.as_written() if object_id == str(ONLY_ROW) else None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ClinicProfile | None = None) -> bool:
        return False

    def get_form(
        self, request: HttpRequest, obj: ClinicProfile | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.body_too_large = is_too_large(request)
        return form

    def save_model(
        self, request: HttpRequest, obj: ClinicProfile, form: forms.ModelForm[ClinicProfile], change: bool
    ) -> None:
        picture, remove = form.cleaned_data["new_logo"], form.cleaned_data["remove_logo"]
        actions.update_profile(
            obj, changed=form.changed_data, new_logo=picture, remove_logo=remove, by=signed_in(request)
        )
        tell_of_changes(request, picture.notes if picture else ())


@admin.register(Person)
class PersonAdmin(ClinicAdmin[Person]):
    """Who writes or reviews pages. Not a staff account: a reviewer may never log in."""

    list_display = ("name", "credentials", "role")
    fields = ("name", "slug", "credentials", "role", "on_team", "photo", "disclosure", "account")

    def has_change_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        """What patients read of somebody with an account is theirs to say, or a clinician's."""
        others = obj is not None and obj.account_id is not None and obj.account_id != request.user.pk
        return super().has_change_permission(request, obj) and (not others or request.user.has_perm(MAY_SIGN))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Person | None = None) -> dict[str, Any]:
        return {} if obj else {"slug": ["name"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Person | None = None) -> tuple[str, ...]:
        """Pages and printed leaflets link to the address."""
        return ("slug",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Person, form: forms.ModelForm[Person], change: bool) -> None:
        actions.save_person(obj, changed=form.changed_data, by=signed_in(request))


@admin.register(Bulletin)
class BulletinAdmin(SignedWordsAdmin[Bulletin]):
    """A bulletin ends by its date and can't be deleted: what patients have read stays on record."""

    form = BulletinForm
    list_display = ("path", "words", "begins", "until", "is_shown_now")
    search_fields = ("path", "words")

    @admin.display(description="shown now")
    def is_shown_now(self, bulletin: Bulletin) -> str:
        return yes_or_no(bulletin.is_signed and bulletin.is_shown_on(timezone.localdate()))

    def get_readonly_fields(self, request: HttpRequest, obj: Bulletin | None = None) -> tuple[str, ...]:
        """It was signed for this page. For another page, write another."""
        return ("path",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Bulletin | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Bulletin, form: forms.ModelForm[Bulletin], change: bool) -> None:
        actions.save_bulletin(obj, by=signed_in(request))
