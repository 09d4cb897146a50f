"""Form fields that clean what is typed: no control characters, composed Unicode, plain line ends."""

from typing import Any

from django import forms

from education.core.text import clean_input, one_line


def speak_plainly() -> None:
    """What forms say of a field that has no words of its own for it. Django reads them from its own classes."""
    forms.Field.default_error_messages["required"] = "Fill this in."
    forms.EmailField.default_error_messages = {"invalid": "Enter a valid e-mail address, such as name@example.com."}
    for field in (forms.ChoiceField, forms.ModelChoiceField):
        words = {"required": "Choose one.", "invalid_choice": "This can’t be chosen any more. Choose another."}
        field.default_error_messages = {**field.default_error_messages, **words}


class CleanText(forms.CharField):
    """Text of several lines."""

    def to_python(self, value: Any) -> str:
        return clean_input(super().to_python(value) or "").strip()


class CleanLine(CleanText):
    """Text on one line: a line break in it becomes a space."""

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value))
