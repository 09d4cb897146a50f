"""Filters for the log-in package's forms."""

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def without_placeholder(field: BoundField) -> SafeString:
    """The package's fields repeat their label as a placeholder, which looks as if something had been typed already."""
    return field.as_widget(attrs={"placeholder": False})


@register.filter
def in_fours(text: str) -> str:
    """In groups of four characters, which are easier to copy by hand."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
