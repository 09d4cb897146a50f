"""The headers that every response has, and those of responses that pass none of Django's middleware: static files and
the edge's own refusals.
"""

import re
from collections.abc import Callable
from wsgiref.headers import Headers

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# Other websites can't embed, read or share memory with anything here, and no page asks for a camera or the like.
ALWAYS = {
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class AlwaysMiddleware:
    """For servers without the edge, which would add these by itself. And for a CDN, if there is one: what is not for
    everybody says so in the one word that each of them obeys.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers[name] = value
        if settings.CDN_PURGE_URL:
            control = "no-store" if response.cookies else response.headers.get("Cache-Control", "")
            response.headers["Cache-Control"] = private_unless_kept(control)
        return response


def private_unless_kept(control: str) -> str:
    """A Cache-Control without a time to keep it for, such as `no-store`, made private: some CDNs ignore the rest."""
    if "private" in control or re.search(r"max-?age=[1-9]", control):
        return control
    return ", ".join(["private", *(part for part in control.split(", ") if part not in ("", "public"))])


def safety_headers() -> dict[str, str]:
    """The headers of every response, by their names in lower case. A refusal and a static file load nothing, so the
    policy here allows nothing.
    """
    headers = {
        "content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
        "cross-origin-opener-policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "referrer-policy": settings.SECURE_REFERRER_POLICY,
        "x-content-type-options": "nosniff",
        "x-frame-options": settings.X_FRAME_OPTIONS,
        **ALWAYS,
    }
    if settings.SECURE_HSTS_SECONDS:
        headers["strict-transport-security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    return headers


def add_to_static_file(headers: Headers, path: str, url: str) -> None:
    """For WhiteNoise, which serves static files before any middleware that would set these."""
    for name, value in safety_headers().items():
        headers[name] = value
