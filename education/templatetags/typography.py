"""`{% typeset %}…{% endtypeset %}`: short compounds stay on one line, apostrophes are curved as a printer sets them.
The indentation of templates is not sent.

Only what is sent changes, nothing that is stored. A span that doesn't wrap adds no character, so that a compound is
found on the page, copied and read aloud as it was typed; a hyphen that doesn't break would be another letter.
"""

import re
from typing import Any

from django import template
from django.utils.safestring import SafeString

from education.core.html import safe

register = template.Library()

MAX_HELD = 11  # letters of a compound that stays whole: a longer one may break at its hyphens on a narrow phone
NO_TEXT = ("textarea", "option", "title", "script", "style")  # what is in them is not shown as it is set
# Each begins on a line of its own, so that a line break beside it says nothing.
BOX = re.compile(r"/?(?:ul|ol|li|dl|div|section|nav|header|footer|main|article|figure|p|h[1-3])(?: |$)")
IN_A_ROW = ("input", "/svg")  # words beside one of them may be a box of their own, and a span in them another one
# The end of a tag, and the text after it if that is space or has something that may have to be set: most has neither.
TO_SET = re.compile(r">(?:(?P<space>\s+)|[^<>'&-]*['&-][^<>]*)(?![^<])")
APOSTROPHE = re.compile(r"(?<=[^\W_])(?:'|&#x27;)(?=[^\W_])")
# A compound with a letter in it, or a number of three groups and more, as some telephone numbers are.
HELD = re.compile(
    rf"(?<![\w@./-])((?=[\w-]{{3,{MAX_HELD}}}(?![\w@-]|\.\w))(?=[\d-]*[^\W\d_])[^\W_]+(?:-[^\W_]+)+|\d+(?:-\d+){{2,}})"
    r"(?![\w@-])"
)


def typeset(html: str) -> SafeString:
    """HTML that our own templates rendered, as it is sent."""
    return safe(TO_SET.sub(_set, html))


def _set(found: re.Match[str]) -> str:
    tag = found.string[found.string.rfind("<", 0, found.start()) + 1 : found.start()]
    if tag.count('"') % 2 or tag.startswith(NO_TEXT):  # a > between quotes ends no tag
        return found[0]
    if found["space"]:
        return ">" + (" " if "\n" not in found["space"] else "" if BOX.match(tag) else "\n")
    curved = APOSTROPHE.sub("’", found[0])
    return curved if tag.startswith(IN_A_ROW) else HELD.sub(r'<span class="nowrap">\1</span>', curved)


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
