"""For the templates of the request form: lists line by line, telephone numbers as links."""

import re
from typing import NamedTuple

from django import template

register = template.Library()
# A number to dial: 911, 116 123, 1-800-555-0100, +44 20 7946 0100; not the 24 of “24 hours”.
NUMBER = re.compile(r"((?:\+\d{1,3}|\b1(?=[ -]\d{3})|\b\d{3,})(?:[ .\-/()]{0,2}\d{2,})*)")


class Fragment(NamedTuple):
    """Some words, or a telephone number with its link."""

    words: str
    tel: str = ""


@register.filter
def lines(text: str) -> list[str]:
    return text.splitlines()


@register.filter
def with_numbers(text: str) -> list[Fragment]:
    """The text in fragments, so that somebody who needs help now can tap a number instead of typing it."""
    parts = enumerate(NUMBER.split(text))
    return [Fragment(part, _tel_href(part) if place % 2 else "") for place, part in parts if part]


def _tel_href(number: str) -> str:
    return "tel:" + re.sub(r"[^0-9+]", "", number)
