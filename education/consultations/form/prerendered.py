"""The fields of the form before anybody typed: the same for everyone, so they are drawn once."""

from functools import lru_cache

from crispy_forms.utils import render_crispy_form
from django.utils.safestring import SafeString

from education.consultations.form import screening
from education.consultations.form.forms import DEFAULTS, ConsultationForm
from education.core.html import safe


def markup() -> SafeString:
    """Drawn again once staff change a question."""
    return _drawn(repr(screening.questions({})))


@lru_cache(maxsize=2)
def _drawn(asked: str) -> SafeString:
    return safe(render_crispy_form(ConsultationForm.filled_with(DEFAULTS)))
