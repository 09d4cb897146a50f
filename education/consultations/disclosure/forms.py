"""The form for exporting requests as a file."""

from typing import Any

from django import forms

from education.consultations.workflow import EXPORT_REASONS


def _day(label: str, needed: str) -> forms.DateField:
    messages = {"required": needed, "invalid": "Write the day like 2026-05-31."}
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}), error_messages=messages)


class ExportForm(forms.Form):
    begins = _day("Received from", "Choose the first day.")
    ends = _day("Received until", "Choose the last day.")
    reason = forms.ChoiceField(
        label="What is it for?",
        choices=lambda: [("", "Choose a reason"), *EXPORT_REASONS.items()],
        help_text="The reason, your name and the time are recorded.",
        error_messages={"required": "Choose a reason first."},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begins, ends = data.get("begins"), data.get("ends")
        if begins and ends and ends < begins:
            self.add_error("ends", "It would end before it begins.")
        return data
