"""`{{ addresses|at:index }}`: looking up an address by a block's index."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def at(addresses: Mapping[int, str], index: int | None) -> str:
    """The address at this index; empty if there is none."""
    return addresses.get(index, "") if index is not None else ""
