"""What requests and responses have in common."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


def client_address(request: HttpRequest) -> str:
    """The reader's address: the last forwarded one that a trusted proxy did not add itself."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if peer not in settings.TRUSTED_PROXIES:
        return peer
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    strangers = [part for part in forwarded if part not in settings.TRUSTED_PROXIES]
    return strangers[-1] if strangers else peer


def same_origin(request: HttpRequest) -> bool:
    """Whether a POST comes from a page of this site, told by the browser's own headers.

    A browser that sends neither header (some very old ones) is let through: the signed form token still stands.
    """
    site = request.META.get("HTTP_SEC_FETCH_SITE", "")
    if site and site not in ("same-origin", "none"):
        return False
    origin = request.META.get("HTTP_ORIGIN", "")
    if not origin or origin == "null":
        # A no-referrer page sends "Origin: null"; only Sec-Fetch-Site can vouch for it.
        return not origin or bool(site == "same-origin")
    return bool(urlsplit(origin).netloc == request.get_host())


def public_page(view: View) -> View:
    """Anyone may keep a copy, but asks before showing it again, so that a publication is seen at once."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "public, no-cache")
        return response

    return wrapped


def no_store(view: View) -> View:
    """Nobody keeps a copy, and the address is told to no other page."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return wrapped
