"""`{% typeset %}…{% endtypeset %}`: what is between them, typeset as it is sent; but not what `{% ready html %}` puts
there, which is set already.
"""

import re
from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from education.clinic.hours import as_the_site_writes
from education.core.html import safe
from education.core.typesetting.html import curved, typeset

register = template.Library()
register.filter(curved)

# From one time of day to another: 9 am to noon, 1:30 p.m. – 5 p.m., 09:00-17:00
TIME = r"(?:\d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\b\.?)?|noon|midnight)"
DAY = r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?s?"
# And from one day to another: Monday to Friday, Mon–Thu
SPAN = re.compile(rf"\b(?:{TIME} ?(?:to|[–-]) ?{TIME}(?!\w)|{DAY} ?(?:to|through|[–-]) ?{DAY}\b,?)", re.IGNORECASE)
PLACE = "<ready>"  # holds the place of one; no page has such a tag, and what is typed is escaped
READY = "ready_html"


@register.filter
def hours_held(words: str) -> SafeString:
    """What somebody typed about opening hours, each span of days or of time on one line."""
    return safe(SPAN.sub(r'<span class="nowrap">\g<0></span>', conditional_escape(as_the_site_writes(words))))


class Typeset(template.Node):
    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Any) -> SafeString:
        ready: list[str] = []
        with context.push(**{READY: ready}):
            pieces = self.nodelist.render(context).split(PLACE)
        return safe("".join(typeset(piece) + html for piece, html in zip(pieces, [*ready, ""], strict=True)))


@register.tag("typeset")
def typeset_tag(parser: Any, token: Any) -> Typeset:
    nodelist = parser.parse(("endtypeset",))
    parser.delete_first_token()
    return Typeset(nodelist)


@register.simple_tag(takes_context=True)
def ready(context: Any, html: SafeString) -> SafeString:
    context[READY].append(html)
    return safe(PLACE)
