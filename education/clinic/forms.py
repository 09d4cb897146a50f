"""The forms for the clinic's profile and for bulletins."""

import calendar
from functools import partial
from typing import Any

from django import forms

from education.clinic.models import Bulletin, ClinicProfile
from education.core.text import one_line
from education.images.forms import ACCEPT, UploadMixin
from education.images.pictures import UPLOAD_RULE, ReencodedImage, reencode
from education.search.models import SearchEntry

MAX_LOGO_SIDE = 640
WEEKDAYS = [(str(number), name) for number, name in enumerate(calendar.day_name, start=1)]


class WorkingDays(forms.MultipleChoiceField):
    """Stored as digits in order: 12345 is Monday to Friday."""

    def prepare_value(self, value: Any) -> Any:
        return list(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        return "".join(sorted(super().clean(value)))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(list(initial or ""), data)


class ClinicProfileForm(UploadMixin, forms.ModelForm[ClinicProfile]):
    new_logo = forms.FileField(
        label="Logo",
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=f"{UPLOAD_RULE} It replaces the logo shown above.",
    )
    remove_logo = forms.BooleanField(label="Show no logo", required=False)
    working_days = WorkingDays(
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        help_text="With the hours below they decide when a request is overdue. Patients read your own words above.",
        error_messages={"required": "Tick at least one working day."},
    )

    class Meta:
        model = ClinicProfile
        fields = (
            "name", "telephone", "email", "address", "opening_hours", "emergency_words", "crisis_words",
            "reply_promise", "reply_working_days", "working_days", "opens_at", "closes_at",
            "who_we_see", "directions", "fees", "insurance", "good_faith_estimate", "retention_days",
            "map_picture", "review_months", "second_person_signs", "accent",
        )  # fmt: skip
        widgets = {
            "accent": forms.TextInput(attrs={"type": "color"}),
            "address": forms.Textarea(attrs={"rows": 3}),
            "opening_hours": forms.Textarea(attrs={"rows": 4}),
            "opens_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "closes_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            **{
                name: forms.Textarea(attrs={"rows": 3})
                for name in ("who_we_see", "directions", "fees", "insurance", "good_faith_estimate")
            },
        }

    def clean_new_logo(self) -> ReencodedImage | None:
        return self.clean_upload("new_logo", partial(reencode, largest=MAX_LOGO_SIDE))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("new_logo") and data.get("remove_logo"):
            self.add_error("remove_logo", "Choose a new logo or show none, not both.")
        return data


class BulletinForm(forms.ModelForm[Bulletin]):
    path = forms.ChoiceField(label="Page")

    class Meta:
        model = Bulletin
        fields = ("path", "words", "begins", "until")
        widgets = {"words": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pages = [(entry.path, f"{entry.title} ({entry.path})") for entry in SearchEntry.objects.only("path", "title")]
        field: Any = self.fields["path"]
        field.choices = [("", "Choose a page"), *pages]

    def clean_words(self) -> str:
        return one_line(self.cleaned_data["words"])
