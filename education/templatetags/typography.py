"""`{% typeset %}…{% endtypeset %}`: what stands between them, set as education/core/typography.py says."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from education.core.typography import typeset

register = template.Library()


class Typeset(template.Node):
    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Any) -> SafeString:
        return typeset(self.nodelist.render(context))


@register.tag("typeset")
def typeset_tag(parser: Any, token: Any) -> Typeset:
    nodelist = parser.parse(("endtypeset",))
    parser.delete_first_token()
    return Typeset(nodelist)
