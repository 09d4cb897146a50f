"""What makes something that is written a task: for whom it is, and by which day."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from education.accounts.models import User
from education.colleagues.models import Whose

FROM_DESK = "from_desk"  # a hidden field of the forms on the desk


def is_from_desk(request: HttpRequest) -> bool:
    """Whether the desk sent this form. Then the answer leads back to the desk."""
    return FROM_DESK in request.POST


class WhoseForm(forms.Form):
    person = forms.ModelChoiceField(
        User.objects.none(),
        label="Whose task it is",
        to_field_name="username",
        empty_label="Choose one",
        error_messages={"required": "Choose whose task it is."},
    )
    due_on = forms.DateField(
        label="To be done by",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Choose a day.", "invalid": "Choose a day, such as 2027-03-31."},
    )

    def __init__(self, *args: Any, permission: str, **options: Any) -> None:
        """`permission`: the task can be given to whoever has it."""
        super().__init__(*args, **options)
        self.fields["person"].queryset = User.objects.with_permission(permission)  # type: ignore[attr-defined]

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise forms.ValidationError("That day is past. Choose today or a later day.")
        return day

    @property
    def whose(self) -> Whose:
        return Whose(self.cleaned_data["person"], self.cleaned_data["due_on"])
