"""The request form's templates."""

import re
from typing import NamedTuple

from django import template

register = template.Library()
# What somebody would dial: 911, 116 123, 1-800-555-0100, +44 20 7946 0100. Not the 24 of “24 hours”.
NUMBER = re.compile(r"((?:\+\d{1,3}|\b1(?=[ -]\d{3})|\b\d{3,})(?:[ .\-/()]{0,2}\d{2,})*)")


class Piece(NamedTuple):
    """Some words, or a number to dial."""

    words: str
    tel: str = ""


@register.filter
def lines(text: str) -> list[str]:
    return text.splitlines()


@register.filter
def with_numbers(text: str) -> list[Piece]:
    """The text in pieces: whoever needs help now must not have to type a number."""
    pieces = enumerate(NUMBER.split(text))
    return [Piece(piece, _dialled(piece) if place % 2 else "") for place, piece in pieces if piece]


def _dialled(number: str) -> str:
    return "tel:" + re.sub(r"[^0-9+]", "", number)
