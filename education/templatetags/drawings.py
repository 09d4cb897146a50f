"""`{% drawing "name" "alt" %}`: a drawing that is shipped with the site, in its light and dark version."""

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from education.images.drawings import shipped

register = template.Library()


@register.simple_tag
def drawing(name: str, alt: str) -> SafeString:
    """A drawing with its size, so that nothing moves while it loads, and its dark version.

    It is not loaded lazily: a page that is printed before it was scrolled to the end must have its drawing too.
    """
    found = shipped().get(name)
    if found is None:  # an edition may name one that is shipped no longer
        address = f"{settings.STATIC_URL}drawings/{name}.svg"
        return format_html('<picture><img src="{}" alt="{}" width="640" height="480"></picture>', address, alt)
    return format_html(
        '<picture><source srcset="{}" media="screen and (prefers-color-scheme: dark)">'
        '<img src="{}" alt="{}" width="{}" height="{}"></picture>',
        found.dark_address,
        found.address,
        alt,
        found.width,
        found.height,
    )
