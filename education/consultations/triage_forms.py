"""What staff type on a record."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from education.consultations.fields import TEXT_LIMIT, Words
from education.consultations.models import IntakePause, ReplyTemplate, ScreeningQuestion
from education.core.text import folded

REASONS = {
    "answered": "Answered, no appointment wanted",
    "not_reached": "Could not be reached",
    "not_for_us": "Not something we offer",
    "elsewhere": "Sent on to somebody else",
    "duplicate": "Sent twice",
}
EXPORT_REASONS = {
    "asked": "The patient asked for it",
    "moving": "Moving to another system",
    "audit": "A clinical audit or an inspection",
    "law": "The law asks for it",
}
# Nothing in a mail may hint at what somebody has, takes or fears.
HEALTH_WORDS = (  # noqa: SIM905  a list that people read
    "ldn naltrexone naloxone opioid opiate medicine medication tablet dose pain fibromyalgia lupus arthritis thyroid "
    "hashimoto psoriasis crohn colitis sclerosis sjogren autoimmune depression pregnan cancer hiv diagnos symptom "
    "treatment therapy disease illness prescription"
).split()


class NoteForm(forms.Form):
    text = Words(
        label="Note",
        limit=TEXT_LIMIT,
        help_text="Sealed like the answers. It can’t be changed later.",
        widget=forms.Textarea({"rows": 4, "data-keep": "note"}),
        error_messages={"required": "Write the note first."},
    )


class CloseForm(forms.Form):
    reason = forms.ChoiceField(
        label="Why is it closed?",
        choices=[("", "Choose a reason"), *REASONS.items()],
        error_messages={"required": "Choose a reason first."},
    )


class CallBackForm(forms.Form):
    at = forms.DateTimeField(
        label="Call back at",
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": "Choose a day and a time.", "invalid": "Write it like 2026-05-31 14:30."},
    )

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if at <= timezone.now():
            raise forms.ValidationError("This time is past. Choose a later one.")
        return at


class ExportForm(forms.Form):
    begins = forms.DateField(label="Received from", widget=forms.DateInput({"type": "date"}))
    ends = forms.DateField(label="Received until", widget=forms.DateInput({"type": "date"}))
    reason = forms.ChoiceField(
        label="What is it for?",
        choices=[("", "Choose a reason"), *EXPORT_REASONS.items()],
        help_text="The reason, your name and the time are recorded.",
        error_messages={"required": "Choose a reason first."},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begins, ends = data.get("begins"), data.get("ends")
        if begins and ends and ends < begins:
            self.add_error("ends", "It would end before it begins.")
        return data


class ReplyTemplateForm(forms.ModelForm[ReplyTemplate]):
    class Meta:
        model = ReplyTemplate
        fields = ("title", "subject", "words", "active")
        widgets = {"words": forms.Textarea({"rows": 6})}

    def clean_subject(self) -> str:
        return self._without_health("subject")

    def clean_words(self) -> str:
        return self._without_health("words")

    def _without_health(self, field: str) -> str:
        value: str = self.cleaned_data[field]
        found = [word for word in HEALTH_WORDS if re.search(rf"\b{word}", folded(value))]
        if found:
            raise forms.ValidationError(
                f"A mail may be read by others. Leave out what tells about health: {', '.join(found)}."
            )
        return value


class QuestionRowForm(forms.ModelForm[ScreeningQuestion]):
    """A row of the list, where the heading of the column is no label."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}: {self.instance}"


class IntakePauseForm(forms.ModelForm[IntakePause]):
    class Meta:
        model = IntakePause
        fields = ("message", "begins", "until")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begins, until = data.get("begins"), data.get("until")
        if begins and until and until < begins:
            self.add_error("until", "It would end before it begins.")
        return data
