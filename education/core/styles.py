"""The styles inside each page: one request is enough to show it, and nothing blocks its rendering.

Each is a file in static/css; a template names those that it needs besides the common ones. The content security policy
allows them by their hash: see PolicyMiddleware.
"""

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.templatetags.static import static

COMMON = ("tokens", "base", "layout", "masthead", "components", "search")
BELOW = ("pages", "parts")  # an article has them in text.css, with all that stands below its head
WITHOUT_LISTS = {"article", "request-form"}  # such a page shows no lists, cards or people
FILE = re.compile(r"""url\("\.\./([^"]+)"\)""")  # relative to the style sheet
COMMENT = re.compile(r'"[^"]*"|/\*.*?\*/', re.DOTALL)
SPACE = re.compile(r'"[^"]*"|\s*([{};,])\s*|:\s+')  # what is between quotes is shown


def sheet(*names: str, more: str = "") -> str:
    """CSS: the common styles, then the named ones, then `more`. Those for paper and forced colors are linked files."""
    below = () if "article" in names else BELOW
    lists = () if WITHOUT_LISTS & set(names) else ("lists",)
    return "".join([*(_text(name, _version(name)) for name in (*COMMON, *below, *lists, *names)), more])


def digest(css: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()}'"


@lru_cache(maxsize=64)
def _file(name: str) -> Path:
    found = finders.find(f"css/{name}.css")
    if not isinstance(found, str):
        raise FileNotFoundError(f"static/css/{name}.css")
    return Path(found)


def _version(name: str) -> int:
    """Part of the cache key: source files that are not collected yet may change at any time."""
    return 0 if settings.COLLECTED else _file(name).stat().st_mtime_ns


@lru_cache(maxsize=64)
def _text(name: str, version: int) -> str:
    css = bare(_file(name).read_text(encoding="utf-8"))
    return FILE.sub(lambda found: f'url("{static(found[1])}")', css)


def bare(css: str) -> str:
    """The style sheet without comments, and without white space that changes nothing."""
    said = COMMENT.sub(lambda found: "" if found[0].startswith("/*") else found[0], css)
    tight = SPACE.sub(lambda found: found[0] if found[0].startswith('"') else found[1] or ":", said)
    return tight.replace(";}", "}").strip()


class PolicyMiddleware(CSPMiddleware):
    """django-csp's middleware, which here also allows the styles inside the page."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        carried = getattr(request, "carried_styles", None)
        if carried and not report_only:
            update: dict[str, Any] = dict(parts.update or {})
            update["style-src"] = [*update.get("style-src", []), *carried]
            parts.update = update
        return parts
