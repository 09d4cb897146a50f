"""`{% if request.path|is_below:link.path %}`: whether the page shown is below the one a link leads to."""

from django import template

register = template.Library()


@register.filter
def is_below(path: str, above: str) -> bool:
    """Whether the page is below the other. No page counts as below home: every page would."""
    return above != "/" and path != above and path.startswith(above)
