"""The request form's templates."""

from django import template

register = template.Library()


@register.filter
def lines(text: str) -> list[str]:
    return text.splitlines()
