"""Filters for the templates of the request form."""

import re
from typing import NamedTuple

from django import template

register = template.Library()
# Numbers that somebody would dial: 911, 116 123, 1-800-555-0100, +44 20 7946 0100. Not the 24 of “24 hours”.
NUMBER = re.compile(r"((?:\+\d{1,3}|\b1(?=[ -]\d{3})|\b\d{3,})(?:[ .\-/()]{0,2}\d{2,})*)")


class TextPart(NamedTuple):
    """Part of a text: words, or a telephone number with its link."""

    words: str
    tel: str = ""


@register.filter
def lines(text: str) -> list[str]:
    return text.splitlines()


@register.filter
def with_numbers(text: str) -> list[TextPart]:
    """The text, split so that telephone numbers can be links: whoever needs help now must not have to type one."""
    parts = enumerate(NUMBER.split(text))
    return [TextPart(part, _tel_href(part) if index % 2 else "") for index, part in parts if part]


def _tel_href(number: str) -> str:
    return "tel:" + re.sub(r"[^0-9+]", "", number)
