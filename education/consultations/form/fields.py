"""Form fields that take what people type: no length traps, no lost characters, and errors that say what to do."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError

from education.core.text import clean_input

LINE_LIMIT, NAME_LIMIT, TEXT_LIMIT = 300, 200, 5000
UNREADABLE = "\ufffd"
MOST_PAGES = 50


class Problem(NamedTuple):
    target: str
    words: str


def problems_of(form: forms.Form, fields: Iterable[str] = ()) -> list[Problem]:
    """Every error with the id of the input it is about, in the order of the page."""
    return [
        Problem(form[field].auto_id + ("_0" if form[field].use_fieldset else ""), str(words))
        for field in fields or form.fields
        for words in form.errors.get(field, [])
    ]


class Words(forms.CharField):
    """Text of any length in the browser; too much of it is refused here, with everything kept on the page."""

    def __init__(self, *, limit: int = LINE_LIMIT, optional_said: bool = True, **options: Any) -> None:
        self.limit = limit
        self.says_optional = optional_said and not options.get("required", True)
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        return clean_input(super().to_python(value) or "").strip()

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.limit:
            raise ValidationError(
                f"“{self.label}” is {len(value):,} characters long. Shorten it to {self.limit:,} or fewer.",
                code="too_long",
            )
        if UNREADABLE in value:
            raise ValidationError(
                f"Some characters of “{self.label}” did not arrive. Look for “{UNREADABLE}” and type them again.",
                code="unreadable",
            )


class Line(Words):
    """One line: a line break in it becomes a space."""

    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())


class PageList(Words):
    """Filled in by a script, so never a reason to refuse a form: too long a list is cut."""

    def to_python(self, value: Any) -> str:
        lines = super().to_python(value).replace(UNREADABLE, "").splitlines()
        return "\n".join(line[:LINE_LIMIT] for line in lines[:MOST_PAGES])

    def validate(self, value: str) -> None:
        return None


def name(label: str, **options: Any) -> Line:
    return line(label, limit=NAME_LIMIT, **options)


def line(
    label: str, *, help_text: str = "", required: bool = False, attrs: dict[str, Any] | None = None, **rest: Any
) -> Line:
    return Line(label=label, help_text=help_text, required=required, widget=forms.TextInput(attrs or {}), **rest)


def text(label: str, *, help_text: str = "", rows: int = 3) -> Words:
    widget = forms.Textarea({"rows": rows, "cols": None})
    return Words(label=label, help_text=help_text, required=False, limit=TEXT_LIMIT, widget=widget)


def one_of(
    label: str, choices: list[tuple[str, str]], *, help_text: str = "", required: bool = False
) -> forms.ChoiceField:
    """Radio buttons. Nothing is chosen beforehand unless the form says so."""
    messages = {"required": "Choose one of the answers.", "invalid_choice": "Choose one of the answers."}
    return forms.ChoiceField(
        label=label,
        choices=choices,
        help_text=help_text,
        required=required,
        widget=forms.RadioSelect,
        error_messages=messages,
    )
