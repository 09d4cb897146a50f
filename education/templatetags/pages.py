"""`{% if request.path|is_below:link.path %}`: whether the page shown is below the one a link leads to.
`{{ clinic|hours_to_call }}`: what stands beside the number. `{% help_need need %}`: whom to call for it.
"""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from education.clinic.help_lines import Help
from education.clinic.hours import hours_to_call

register = template.Library()
register.filter(hours_to_call)


@register.filter
def is_below(path: str, above: str) -> bool:
    """Whether the page is below the other. No page counts as below home: every page would."""
    return above != "/" and path != above and path.startswith(above)


@register.simple_tag
@lru_cache(maxsize=32)
def help_need(need: Help) -> SafeString:
    """In running text. Kept, as it holds nothing else and each page says it twice: that was a sixth of the form."""
    return render_to_string("clinic/_help_need.html", {"need": need})
