"""Looking up where something is."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def at(places: Mapping[int, str], number: int | None) -> str:
    """The address of this place; empty when it has none."""
    return places.get(number, "") if number is not None else ""
