"""For the templates of the request form: lists line by line."""

from django import template

register = template.Library()


@register.filter
def lines(text: str) -> list[str]:
    return text.splitlines()
