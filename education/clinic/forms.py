"""The forms for the clinic's profile and for bulletins."""

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from education.clinic.dates import read_date
from education.clinic.help_lines import NUMBER, HelpKind
from education.clinic.hours import regions_of
from education.clinic.models import Bulletin, ClinicProfile
from education.core.text import lines, one_line
from education.images.forms import ACCEPT, UploadMixin
from education.images.pictures import UPLOAD_RULE, ReencodedImage, reencode
from education.search.models import SearchEntry

MAX_LOGO_SIDE = 640
WEEKDAYS = [(str(number), name) for number, name in enumerate(calendar.day_name, start=1)]
SPARE_ROWS, MAX_LINES = 2, 8
PARTS = {  # of a line: how it is asked for, and how long it may be
    "kind": ("When it is for", 12),
    "label": ("Who answers", 60),
    "call": ("Number to call", 20),
    "text": ("Number to text", 20),
    "when": ("At what times", 60),
}
MAX_CLOSED_DAYS = 200
MOST_CHOICES = 300  # pages to choose from in one list
BY_ADDRESS = "Its address on this site, such as /autoimmune-conditions/lupus/"
TO = " to "


class WorkingDays(forms.MultipleChoiceField):
    """Stored as digits in order: 12345 is Monday to Friday."""

    def prepare_value(self, value: Any) -> Any:
        return list(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        return "".join(sorted(super().clean(value)))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(list(initial or ""), data)


class HelpLinesWidget(forms.Widget):
    """A row of inputs for each line, and some empty ones."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[dict[str, str]]:
        rows = [{part: one_line(data.get(f"{name}-{row}-{part}", "")) for part in PARTS} for row in range(MAX_LINES)]
        return [row for row in rows if any(row.values())]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return False

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        filled = list(value or [])
        rows = (filled + [{}] * SPARE_ROWS)[:MAX_LINES]
        return render_to_string(
            "admin/clinic/help_lines.html",
            {
                "id": f"id_{name}",
                "rows": [[_part(name, number, part, row) for part in PARTS] for number, row in enumerate(rows)],
            },
        )

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-kind"


def _part(name: str, row: int, part: str, values: Mapping[str, str]) -> dict[str, Any]:
    label, limit = PARTS[part]
    choices = HelpKind.choices if part == "kind" else None
    field = f"{name}-{row}-{part}"
    return {
        "name": field, "id": f"id_{field}", "label": label, "limit": limit, "choices": choices,
        "value": values.get(part, ""),
    }  # fmt: skip


class HelpLinesField(forms.Field):
    widget = HelpLinesWidget

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != list(data or [])

    def clean(self, value: list[dict[str, str]]) -> list[dict[str, str]]:
        problems = [f"Line {number}: {problem}" for number, row in enumerate(value, 1) if (problem := _problem(row))]
        if problems:
            raise forms.ValidationError(problems)
        return value


def _problem(row: Mapping[str, str]) -> str:
    """What is wrong with a line, and what to do; empty if nothing is."""
    if row["kind"] not in HelpKind.values:
        return "choose when it is for, or empty the whole line."
    if not row["label"] and row["kind"] != HelpKind.EMERGENCY:
        return "say who answers, for example Samaritans."
    if not (row["call"] or row["text"]):
        return "enter a number to call, a number to text, or both."
    for number in (row["call"], row["text"]):
        if number and not NUMBER.fullmatch(number):
            return f"“{number}” is not a number to dial. Use digits with single spaces, for example 116 123."
    too_long = [label for part, (label, limit) in PARTS.items() if len(row[part]) > limit]
    return f"shorten “{too_long[0]}”." if too_long else ""


class ClosedDaysField(forms.CharField):
    """Stored as days in ISO 8601, typed and shown one a line as the clinic's country writes dates."""

    widget = forms.Textarea(attrs={"rows": 6})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return value
        return "\n".join(date_format(date.fromisoformat(day)) for day in value or [])

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return list(initial or []) != self.clean(data)
        except forms.ValidationError:
            return True

    def clean(self, value: Any) -> list[str]:
        days: set[date] = set()
        for line in lines(super().clean(value) or ""):
            days |= _days(line)
            if len(days) > MAX_CLOSED_DAYS:
                raise forms.ValidationError(f"Enter {MAX_CLOSED_DAYS} days at most. Pause the form for a longer time.")
        return [day.isoformat() for day in sorted(days)]


def _days(line: str) -> set[date]:
    """The day, or all days of a period with its first and last day, on this line."""
    first, _, last = line.partition(TO)
    begins, ends = read_date(first), read_date(last or first)
    if begins is None or ends is None:
        sample = date_format(date(timezone.localdate().year, 12, 24))
        raise forms.ValidationError(f"“{line}” is not a date. Write it like {sample}, one a line.")
    length = (ends - begins).days + 1
    if length < 1:
        raise forms.ValidationError(f"“{line}” ends before it begins.")
    return {begins + timedelta(days=offset) for offset in range(min(length, MAX_CLOSED_DAYS + 1))}


class ClinicProfileForm(UploadMixin, forms.ModelForm[ClinicProfile]):
    file_field = "new_logo"
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
        label="Days on which somebody answers",
        error_messages={"required": "Choose at least one working day."},
    )
    help_lines = HelpLinesField(
        label="Lines for an emergency or a crisis",
        required=False,
        help_text="Shown wherever patients read whom to call. Leave it all empty to get the lines of your country, if "
        "we know them. Please check each number: nobody has compared them with a source.",
    )
    closed_days = ClosedDaysField(
        label="Days on which you are closed",
        required=False,
        help_text="One date a line, or a first and a last day with “to” between them. Nobody answers on these days.",
    )

    class Meta:
        model = ClinicProfile
        fields = (
            "name", "telephone", "email", "address", "opening_hours", "help_lines", "emergency_words",
            "crisis_words", "reply_promise", "reply_working_days", "working_days", "opens_at", "closes_at",
            "closed_on_holidays", "closed_days",
            "who_we_see", "directions", "fees", "insurance", "good_faith_estimate", "retention_days",
            "map_picture", "review_months", "second_person_signs", "accent",
        )  # fmt: skip
        labels = {
            "opening_hours": "Opening hours, as patients read them",
            "opens_at": "Somebody answers from",
            "closes_at": "Until",
        }
        help_texts = {"opening_hours": "One line for each, as patients should read it."}
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
        self._clean_region(data.get("country") or "", data.get("region") or "")
        return data

    def _clean_region(self, country: str, region: str) -> None:
        known = regions_of(country)
        if region and known and region not in known:
            self.add_error("region", f"Leave it empty, or use one of: {', '.join(known)}.")


def _is_page(path: str) -> None:
    if not SearchEntry.objects.filter(path=path).exists():
        raise ValidationError("No published page is at this address.")


class BulletinForm(forms.ModelForm[Bulletin]):
    path = forms.ChoiceField(label="Page")

    class Meta:
        model = Bulletin
        fields = ("path", "words", "begins", "until")
        widgets = {
            "words": forms.Textarea(attrs={"rows": 3}),
            **{name: forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}) for name in ("begins", "until")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "path" not in self.fields:  # of one that is there already, it can't be changed
            return
        pages = SearchEntry.objects.values_list("path", "title")[: MOST_CHOICES + 1]
        if len(pages) > MOST_CHOICES:
            self.fields["path"] = forms.CharField(label="Page", help_text=BY_ADDRESS, validators=[_is_page])
        else:
            field: Any = self.fields["path"]
            field.choices = [("", "Choose a page"), *((path, f"{title} ({path})") for path, title in pages)]

    def clean_words(self) -> str:
        return one_line(self.cleaned_data["words"])
