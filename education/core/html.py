"""HTML safety. The only place where text is marked safe.

What staff write passes `sanitise` when it is saved and again when it is rendered.
"""

import html
import re

import nh3
from django.utils.safestring import SafeString, mark_safe

LINK_SCHEMES = {"https", "http", "mailto", "tel"}
INLINE = {"strong", "em", "a", "br"}
PROFILES = {
    "inline": INLINE,
    "text": INLINE | {"p", "ul", "ol", "li", "h2", "h3"},
    "card": INLINE | {"p", "ul", "ol", "li"},
}
EMPTY = re.compile(r"<p>(?:\s|<br>)*</p>")


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Keep an address only where it stays on this site or names a scheme; `//host` would leave it unseen."""
    if (tag, name) != ("a", "href"):
        return None
    target = value.strip()
    return None if target.startswith(("//", "/\\", "\\")) else target


def sanitise(source: str, profile: str = "text") -> str:
    """The HTML of `source` that `profile` allows: no scripts, no styles, no classes, no pictures."""
    cleaned = nh3.clean(
        source,
        tags=PROFILES[profile],
        clean_content_tags={"script", "style"},
        attributes={"a": {"href"}},
        attribute_filter=_attribute,
        url_schemes=LINK_SCHEMES,
        link_rel=None,
    )
    return EMPTY.sub("", cleaned).strip()


def safe(source: str) -> SafeString:
    """Mark HTML that our own renderer built, or `sanitise` returned, as ready for a template."""
    return mark_safe(source)  # noqa: S308


def plain(source: str) -> str:
    """The words of an HTML text, blocks parted by spaces."""
    spaced = re.sub(r"</(?:p|li|h2|h3|ul|ol)>|<br>", " ", source)
    return " ".join(html.unescape(nh3.clean(spaced, tags=set())).split())
