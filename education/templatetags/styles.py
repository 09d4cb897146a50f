"""`{% page_styles "article" %}`: a style element with the common styles and these."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from education.core import styles
from education.core.html import safe

register = template.Library()


@register.simple_tag(takes_context=True)
def page_styles(context: dict[str, Any], *names: str) -> SafeString:
    clinic, request = context.get("clinic"), context.get("request")
    css = styles.sheet(*names, more=clinic.accent_css if clinic else "")
    if request is not None:
        request.carried_styles = [*getattr(request, "carried_styles", []), styles.digest(css)]
    return safe(f"<style>{css}</style>")
