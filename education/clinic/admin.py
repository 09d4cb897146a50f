"""The clinic in the admin: its profile (one form, no list) and bulletins."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from education.audit.actions import signed_in
from education.clinic import actions
from education.clinic.colors import accent_problem, nearest, tones
from education.clinic.forms import BulletinForm, ClinicProfileForm
from education.clinic.hours import Hours, as_the_site_writes
from education.clinic.models import MAY_EDIT_PROFILE, ONLY_ROW, Bulletin, ClinicProfile
from education.core.admin import yes_or_no
from education.images.forms import is_too_large, tell_of_changes
from education.wording.admin import SignedWordsAdmin


def colors_of(accent: str) -> dict[str, Any]:
    """What a template shows of this accent color: of one that can't be read, the nearest that can."""
    accent = accent.strip().lower()
    problem, shown = accent_problem(accent), nearest(accent)
    found = tones(shown) if shown else None
    return {"accent": accent, "problem": problem, "shown": shown, "tones": found}


def _may_edit(request: HttpRequest) -> None:
    if not request.user.has_perm(MAY_EDIT_PROFILE):
        raise PermissionDenied


def colors(request: HttpRequest) -> HttpResponse:
    """What an accent color would look like. Stores nothing; without a script, a button of the form asks for it."""
    _may_edit(request)
    sent = request.POST if request.method == "POST" else request.GET
    context = {**admin.site.each_context(request), **colors_of(sent.get("accent", "")), "title": "Colors"}
    return render(request, "admin/clinic/colors.html", context)


@require_safe
def colors_css(request: HttpRequest) -> HttpResponse:
    """The tones of an accent color that is not saved, for the samples of it alone."""
    _may_edit(request)
    shown = nearest(request.GET.get("accent", ""))
    css = f"html .accent-sample {{ {tones(shown).css()} }}\n" if shown else ""
    return HttpResponse(css, content_type="text/css; charset=utf-8")


def _about_hours() -> str:
    """Where the country counts to 24, the times of the clinic’s words stay as they are typed."""
    typed = "9 am"
    shown = as_the_site_writes(typed)
    but = f"; only its times are all written in one way (such as “{shown}”)" if shown != typed else ""
    return (
        f"Patients read the first box in your own words{but}. From the days and times below it the site says “Open "
        "now”, works out when a reply is due, and names the days beside your number if your line for the telephone "
        "names none. When your hours change, change both."
    )


@admin.register(ClinicProfile)
class ClinicProfileAdmin(SignedWordsAdmin[ClinicProfile]):
    form = ClinicProfileForm
    change_form_template = "admin/clinic/profile.html"
    readonly_fields = ("current_logo", "tones", "open_now")
    fieldsets = (
        ("Who you are", {"fields": ("name", "current_logo", "new_logo", "remove_logo", "accent", "tones")}),
        ("How patients reach you", {"fields": ("country", "region", "telephone", "email", "address")}),
        (
            "Hours and days off",
            {
                "description": lazy(_about_hours, str)(),
                "fields": (
                    *("opening_hours", "working_days", "opens_at", "closes_at", "closed_on_holidays", "closed_days"),
                    "open_now",
                ),
            },
        ),
        (
            "A first visit",
            {
                "description": "Shown on the pages “Your first visit” and “Contact”. What is empty is not shown.",
                "fields": ("who_we_see", "directions", "map_picture", "fees", "insurance", "good_faith_estimate"),
            },
        ),
        ("When it can’t wait", {"fields": ("help_lines", "emergency_words", "crisis_words")}),
        ("Consultation requests", {"fields": ("reply_promise", "reply_working_days", "retention_days")}),
        ("Review of pages", {"fields": ("review_months", "second_person_signs")}),
    )

    @admin.display(description="Logo now")
    def current_logo(self, profile: ClinicProfile) -> str:
        if not profile.logo:
            return "None. The clinic’s name stands in its place."
        size = (profile.logo_width, profile.logo_height)
        return format_html('<img src="{}" width="{}" height="{}" alt="Your logo">', profile.logo_url, *size)

    @admin.display(description="What it becomes")
    def tones(self, profile: ClinicProfile) -> str:
        return render_to_string("admin/clinic/_colors.html", {**colors_of(profile.accent), "in_form": True})

    @admin.display(description="The site says now")
    def open_now(self, profile: ClinicProfile) -> str:
        says = Hours.of(profile).now_in_words(timezone.now())
        return says if profile.opening_hours else f"Nothing, until patients can read your hours. Then: {says}"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("colors/", wrap(colors), name="education_clinicprofile_colors"),
            path("colors.css", wrap(colors_css), name="education_clinicprofile_colors_css"),
            *super().get_urls(),
        ]

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
        actions.save_profile(
            obj, changed=form.changed_data, new_logo=picture, remove_logo=remove, by=signed_in(request)
        )
        tell_of_changes(request, picture.notes if picture else ())


@admin.register(Bulletin)
class BulletinAdmin(SignedWordsAdmin[Bulletin]):
    """A bulletin ends by its date and can't be deleted: what patients have read stays on record."""

    form = BulletinForm
    list_display = ("path", "words", "begins", "until", "is_shown_now")
    search_fields = ("path", "words")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the words that patients read, or each row of the list would ask for them."""
        return Bulletin.objects.with_public_words()

    @admin.display(description="shown now")
    def is_shown_now(self, bulletin: Bulletin) -> str:
        return yes_or_no("Shown now", bulletin.is_signed and bulletin.is_shown_on(timezone.localdate()))

    def get_readonly_fields(self, request: HttpRequest, obj: Bulletin | None = None) -> tuple[str, ...]:
        """It was signed for this page. For another page, write another."""
        return ("path",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Bulletin | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Bulletin, form: forms.ModelForm[Bulletin], change: bool) -> None:
        actions.save_bulletin(obj, by=signed_in(request))
