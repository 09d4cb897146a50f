"""Drawings of the site by name: `{% mark "lupus" %}`, `{% scene "walk" "Two people walk." %}`, `{% bars grade %}`.

A mark takes its colors from the page (see components.css); a scene those that change with the theme.
"""

import re
from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from education.articles.public.looks import PAGE_MARK, mark_of, marks, topic_look

register = template.Library()
SIZE = re.compile(r'viewBox="-?\d+ -?\d+ (\d+) (\d+)"')


@register.simple_tag
def mark(name: str) -> SafeString:
    """Decoration: the words beside it say the same."""
    return _drawn(name if name in marks() else PAGE_MARK)


@cache
def _drawn(name: str) -> SafeString:
    """The older `xlink:href` is the one that every browser follows. A list shows dozens, and none changes."""
    return format_html(
        '<svg class="mark" width="96" height="96" aria-hidden="true"><use xlink:href="{}#{}"></use></svg>',
        static("art/marks.svg"),
        name,
    )


@register.simple_tag
def mark_at(path: str) -> SafeString:
    """The mark of the page at this address."""
    topic, _, slug = path.strip("/").rpartition("/")
    return mark(mark_of(slug, topic or slug))  # a topic is at the address of its own slug


@register.simple_tag
def ground_at(path: str) -> str:
    return topic_look(path.strip("/").partition("/")[0]).ground


@register.simple_tag
def scene(name: str, alt: str = "") -> SafeString:
    """A scene with its size, so that nothing moves while it loads. Without `alt` it is decoration."""
    width, height = _size(name)
    told = format_html('role="img" aria-label="{}"', alt) if alt else format_html('aria-hidden="{}"', "true")
    return format_html(
        '<svg class="scene" viewBox="0 0 {0} {1}" width="{0}" height="{1}" {2}>'
        '<use xlink:href="{3}#scene"></use></svg>',
        width,
        height,
        told,
        static(f"art/scene-{name}.svg"),
    )


@cache
def _size(name: str) -> tuple[str, str]:
    source = Path(settings.BASE_DIR) / "static" / "art" / f"scene-{name}.svg"
    found = SIZE.search(source.read_text(encoding="utf-8"))
    width, height = found.groups() if found else ("580", "420")
    return width, height


@register.simple_tag
@cache
def bars(filled: tuple[int, ...]) -> SafeString:
    """The bars of a grade of evidence, always beside its word."""
    drawn = format_html_join(
        "",
        '<rect x="{}.75" y="{}" width="5.5" height="{}" fill="{}"/>',
        ((7 * n, 13 - 4 * n, 4 + 4 * n, "currentColor" if full else "none") for n, full in enumerate(filled)),
    )
    return format_html(
        '<svg class="bars" viewBox="0 0 {} 18" width="{}" height="18" aria-hidden="true" stroke="currentColor"'
        ' stroke-width="1.5">{}</svg>',
        7 * len(filled),
        7 * len(filled),
        drawn,
    )
