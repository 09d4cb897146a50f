"""What is typed for a comment, and for a task."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from education.accounts.models import User
from education.articles import workflow
from education.core.fields import CleanText

EMPTY = "Write the comment first."
WHOLE_PAGE = ("", "The whole page")


class CommentForm(forms.Form):
    words = CleanText(max_length=2000, error_messages={"required": EMPTY})


class TaskForm(forms.Form):
    words = CleanText(
        label="What is to be done",
        max_length=2000,
        help_text="Stands on the desk of that person, who also gets a mail without these words.",
        error_messages={"required": "Write what is to be done."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    person = forms.ModelChoiceField(
        User.objects.none(), label="Whose task it is", to_field_name="username", empty_label="Choose one"
    )
    due_on = forms.DateField(
        label="To be done by",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Choose a day.", "invalid": "Choose a day, such as 2027-03-31."},
    )
    block = forms.ChoiceField(label="What it is about", required=False)

    def __init__(self, *args: Any, blocks: list[tuple[str, str]], **options: Any) -> None:
        """`blocks`: the name and the first words of each block of the draft."""
        super().__init__(*args, **options)
        self.fields["person"].queryset = User.objects.with_permission(workflow.MAY_VIEW)  # type: ignore[attr-defined]
        self.fields["block"].choices = [WHOLE_PAGE, *blocks]  # type: ignore[attr-defined]

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise forms.ValidationError("That day is past. Choose today or a later day.")
        return day
