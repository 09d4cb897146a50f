"""`{% if request.path|is_below:link.path %}`: whether the page shown is below the one a link leads to.
`{{ clinic.opening_hours|hours_to_call }}`: what stands beside the number.
"""

from django import template

from education.clinic.hours import hours_to_call

register = template.Library()
register.filter(hours_to_call)


@register.filter
def is_below(path: str, above: str) -> bool:
    """Whether the page is below the other. No page counts as below home: every page would."""
    return above != "/" and path != above and path.startswith(above)
