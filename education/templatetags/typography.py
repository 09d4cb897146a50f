"""`{% typeset %}…{% endtypeset %}`: what is between them, typeset as it is sent; but not what `{% ready html %}` puts
there, which is set already.
"""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from education.core.html import safe
from education.core.typesetting.html import typeset

register = template.Library()

PLACE = "<ready>"  # holds the place of one; no page has such a tag, and what is typed is escaped
READY = "ready_html"


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
