"""Form fields that clean what is typed: no control characters, composed Unicode, plain line ends."""

from typing import Any

from django import forms

from education.core.text import clean_input, one_line


class CleanText(forms.CharField):
    """Text of several lines."""

    def to_python(self, value: Any) -> str:
        return clean_input(super().to_python(value) or "").strip()


class CleanLine(CleanText):
    """Text on one line: a line break in it becomes a space."""

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value))
