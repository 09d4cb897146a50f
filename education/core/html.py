"""HTML safety. Nothing else in the app marks text as safe.

What staff write goes through `sanitise` when it is saved and again when it is rendered.
"""

import html
import re

import nh3
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString, mark_safe

LINK_SCHEMES = {"https", "http", "mailto", "tel"}
INLINE = {"strong", "em", "a", "br"}
PROFILES = {
    "inline": INLINE,
    "text": INLINE | {"p", "ul", "ol", "li", "h2", "h3"},
    "card": INLINE | {"p", "ul", "ol", "li"},
}
# Of one text. The sanitiser takes time with the square of the tags within one another, and of one tag's attributes.
MAX_LENGTH, MAX_TAGS = 50_000, 2000
TOO_MUCH = "This text is too long for one block, or holds too much formatting. Divide it among several blocks."
EMPTY_PARAGRAPH = re.compile(r"<p>(?:\s|<br>)*</p>")


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Keep a link only if it stays on this site or names its scheme: `//host` would lead elsewhere without one."""
    if (tag, name) != ("a", "href"):
        return None
    target = value.strip()
    return None if target.startswith(("//", "/\\", "\\")) else target


def sanitise(source: str, profile: str = "text") -> str:
    """The HTML of `source` that a profile (a key of PROFILES) allows: no scripts, styles, classes or pictures.

    Raises ValidationError for more than MAX_LENGTH characters or MAX_TAGS.
    """
    cleaned = nh3.clean(
        within_bounds(source),
        tags=PROFILES[profile],
        clean_content_tags={"script", "style"},
        attributes={"a": {"href"}},
        attribute_filter=_attribute,
        url_schemes=LINK_SCHEMES,
        link_rel=None,
    )
    return EMPTY_PARAGRAPH.sub("", cleaned).strip()


def within_bounds(source: str) -> str:
    """The same text. Raises ValidationError for more than MAX_LENGTH characters or MAX_TAGS."""
    if len(source) > MAX_LENGTH or source.count("<") > MAX_TAGS:
        raise ValidationError(TOO_MUCH)
    return source


def safe(source: str) -> SafeString:
    """Mark HTML as safe for a template. Only for what our own renderer built or `sanitise` returned."""
    return mark_safe(source)  # noqa: S308  # nosec B308 B703  the one place


def plain(source: str) -> str:
    """The text of some HTML, with a space between its blocks."""
    spaced = re.sub(r"</(?:p|li|h2|h3|ul|ol)>|<br>", " ", source)
    return " ".join(html.unescape(nh3.clean(spaced, tags=set())).split())
