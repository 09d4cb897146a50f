"""Form fields that take what people type: no length traps, no lost characters, and errors that say what to do."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString

from education.core.fields import CleanLine, CleanText

MAX_LINE, MAX_NAME, MAX_TEXT = 300, 200, 5000  # characters
MAX_PAGES = 50
UNREADABLE = "\ufffd"  # Unicode's replacement character


class Problem(NamedTuple):
    """An error for the summary at the top of the page: the id of its input, and what to do."""

    target: str
    words: str


def problems_of(form: forms.Form, fields: Iterable[str] = ()) -> list[Problem]:
    """Every error of the form, in the order of `fields`, or of the form itself."""
    return [
        Problem(form[field].auto_id + ("_0" if form[field].use_fieldset else ""), str(words))
        for field in fields or form.fields
        for words in form.errors.get(field, [])
    ]


class LimitedText(CleanText):
    """The browser takes any length; too much is refused here, with everything kept on the page.

    `mark_optional` says whether the label ends in “(optional)” when the field is not required.
    """

    def __init__(self, *, limit: int = MAX_LINE, mark_optional: bool = True, **options: Any) -> None:
        self.limit = limit
        self.marked_optional = mark_optional and not options.get("required", True)
        super().__init__(**options)

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.limit:
            raise ValidationError(
                f"“{without_tags(self.label)}” is {len(value):,} characters long. "
                f"Shorten it to {self.limit:,} or fewer.",
                code="too_long",
            )
        if UNREADABLE in value:
            raise ValidationError(
                f"Some characters of “{without_tags(self.label)}” did not arrive. "
                f"Look for “{UNREADABLE}” and type them again.",
                code="unreadable",
            )


class LimitedLine(CleanLine, LimitedText):
    """The same on one line."""


class PageList(LimitedText):
    """Filled in by a script, so never a reason to refuse a form: too long a list is cut."""

    def to_python(self, value: Any) -> str:
        lines = super().to_python(value).replace(UNREADABLE, "").splitlines()
        return "\n".join(line[:MAX_LINE] for line in lines[:MAX_PAGES])

    def validate(self, value: str) -> None:
        return None


class YoursOrTheirs(SafeString):
    """Words to whoever asks for herself, and to whoever asks for someone else: the styles show those that apply."""

    yours: str
    theirs: str


def yours_or_theirs(yours: str, theirs: str, *, then: str = "") -> YoursOrTheirs:
    """`then`: how it goes on for both."""
    both = '<span class="if-yours">{}</span><span class="if-theirs">{}</span>{}'
    words = YoursOrTheirs(format_html(both, yours, theirs, then))
    words.yours, words.theirs = f"{yours}{then}", f"{theirs}{then}"
    return words


def patients_question(words: str) -> YoursOrTheirs:
    """A question that staff wrote to the patient, and whom it is about if someone else answers it."""
    return yours_or_theirs("", "About the patient: ", then=words)


def without_tags(label: Any, *, theirs: bool = False) -> str:
    """A label of ours as plain text: one may say in which language a word of it is. What staff wrote has no tags."""
    if isinstance(label, YoursOrTheirs):
        return label.theirs if theirs else label.yours
    return strip_tags(label) if isinstance(label, SafeString) else str(label)


def name(label: str, **options: Any) -> LimitedLine:
    return line(label, limit=MAX_NAME, **options)


def line(
    label: str, *, help_text: str = "", required: bool = False, attrs: dict[str, Any] | None = None, **rest: Any
) -> LimitedLine:
    widget = forms.TextInput(attrs or {})
    return LimitedLine(label=label, help_text=help_text, required=required, widget=widget, **rest)


def text(label: str, *, help_text: str = "", rows: int = 3) -> LimitedText:
    widget = forms.Textarea({"rows": rows, "cols": False})
    return LimitedText(label=label, help_text=help_text, required=False, limit=MAX_TEXT, widget=widget)


def one_of(
    label: str,
    choices: list[tuple[str, str]],
    *,
    help_text: str = "",
    required: bool = False,
    attrs: dict[str, Any] | None = None,
) -> forms.ChoiceField:
    """Radio buttons. None is selected unless the form says so."""
    messages = {"required": "Choose one of the answers.", "invalid_choice": "Choose one of the answers."}
    return forms.ChoiceField(
        label=label,
        choices=choices,
        help_text=help_text,
        required=required,
        widget=forms.RadioSelect(attrs),
        error_messages=messages,
    )
