"""What requests and responses have in common."""

from collections.abc import Callable
from functools import wraps
from typing import overload
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]
EDGE_SECONDS = 60  # the longest that a change could go unnoticed of which nobody told education.pages


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


@overload
def public_page(view: View) -> View: ...
@overload
def public_page(*, names_others: bool = ..., query: tuple[str, ...] = ...) -> Callable[[View], View]: ...
def public_page(
    view: View | None = None, *, names_others: bool = False, query: tuple[str, ...] = ()
) -> View | Callable[[View], View]:
    """Anyone may keep a copy, but asks before showing it again, so that a publication is seen at once.

    The edge keeps it until its own page changes, or any page when it `names_others`. Only the parameters of `query`
    make another page of it. The Surrogate-* headers are for the edge, which takes them away.
    """

    def decorated(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            response = view(request, *args, **kwargs)
            response.headers.setdefault("Cache-Control", "public, no-cache")
            response.headers["Surrogate-Control"] = f"max-age={EDGE_SECONDS}"
            response.headers["Surrogate-Key"] = "any-page" if names_others else "own-page"
            response.headers["Surrogate-Query"] = " ".join(query)
            return response

        return wrapped

    return decorated(view) if view else decorated


def no_store(view: View) -> View:
    """Nobody keeps a copy, and the address is told to no other page."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return wrapped
