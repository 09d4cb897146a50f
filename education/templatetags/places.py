"""Looking up an address in a dictionary."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def at(places: Mapping[int, str], number: int | None) -> str:
    """The address under this number; empty when there is none."""
    return places.get(number, "") if number is not None else ""
