"""`{% drawing "name" "alt" %}`: a drawing that is shipped with the site, in its light and dark version."""

import re
from pathlib import Path

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
SIZE = re.compile(r'viewBox="0 0 (\d+) (\d+)"')


@register.simple_tag
def drawing(name: str, alt: str) -> SafeString:
    """A drawing with its size, so that nothing moves while it loads, and its dark version if there is one.

    It is not loaded lazily: a page that is printed before it was scrolled to the end must have its drawing too.
    """
    folder = Path(settings.BASE_DIR) / "static" / "drawings"
    address = f"{settings.STATIC_URL}drawings/{name}"  # without a hash in the name: an edition outlives it
    source = folder / f"{name}.svg"
    size = SIZE.search(source.read_text(encoding="utf-8")) if source.is_file() else None
    width, height = size.groups() if size else ("640", "480")
    dark = ""
    if (folder / f"{name}.dark.svg").is_file():
        dark = format_html('<source srcset="{}.dark.svg" media="screen and (prefers-color-scheme: dark)">', address)
    return format_html(
        '<picture>{}<img src="{}.svg" alt="{}" width="{}" height="{}"></picture>',
        dark,
        address,
        alt,
        width,
        height,
    )
