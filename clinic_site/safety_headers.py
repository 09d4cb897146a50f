"""Headers for responses that pass none of Django's middleware: static files and the edge's own refusals."""

from wsgiref.headers import Headers

from django.conf import settings


def safety_headers() -> dict[str, str]:
    """By name in small letters. A refusal or a static file needs nothing, so its policy allows nothing."""
    headers = {
        "content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
        "cross-origin-opener-policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "referrer-policy": settings.SECURE_REFERRER_POLICY,
        "x-content-type-options": "nosniff",
        "x-frame-options": settings.X_FRAME_OPTIONS,
    }
    if settings.SECURE_HSTS_SECONDS:
        headers["strict-transport-security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    return headers


def add_to_static_file(headers: Headers, path: str, url: str) -> None:
    """For WhiteNoise, which serves static files before any middleware that would set these."""
    for name, value in safety_headers().items():
        headers[name] = value
