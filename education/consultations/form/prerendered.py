"""The fields of the empty form: the same for everybody, so they are rendered once."""

from functools import lru_cache

from crispy_forms.utils import render_crispy_form
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from education.consultations.form.forms import DEFAULTS, ConsultationForm
from education.consultations.form.screening import Question
from education.core.html import safe


def markup(questions: list[Question], ticks: tuple[str, ...]) -> SafeString:
    """The HTML of the fields. Rendered again when staff change one of these questions, the hours, or the country."""
    return _rendered(repr(questions), ticks, get_language())


@lru_cache(maxsize=2)
def _rendered(asked: str, ticks: tuple[str, ...], language: str) -> SafeString:
    return safe(render_crispy_form(ConsultationForm.filled_with(DEFAULTS, ticks=ticks)))
