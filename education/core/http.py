"""Helpers for requests and responses."""

from collections.abc import Callable, Collection, Iterable
from functools import lru_cache, wraps
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import overload
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]
EDGE_SECONDS = 60  # how long the edge may keep a page; a change that education.pages hears of is noticed at once


def client_address(request: HttpRequest) -> str:
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    return address_behind(str(request.META.get("REMOTE_ADDR", "")), forwarded, proxies=settings.TRUSTED_PROXIES)


def address_behind(peer: str, forwarded: str, *, proxies: Collection[str]) -> str:
    """The client's IP address: the last one in X-Forwarded-For that is no trusted proxy's.

    `proxies` are addresses and networks. Some proxies write the port too, which is another one for each connection.
    """
    own = _address(peer)
    trusted = _networks(tuple(proxies))
    if not _is_in(own, trusted):
        return str(own or peer)
    for hop in reversed([part for part in forwarded.split(",") if part.strip()]):
        address = _address(hop)
        if address is None:  # a trusted proxy says that it does not know: what stands before it is anybody's claim
            break
        if not _is_in(address, trusted):
            return str(address)
    return str(own)


def _address(written: str) -> IPv4Address | IPv6Address | None:
    """The address without a port, brackets or a zone; None for anything else."""
    bare = written.strip().strip('"')
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


@lru_cache(maxsize=8)
def _networks(names: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(name, strict=False) for name in names)


def _is_in(address: IPv4Address | IPv6Address | None, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    return address is not None and any(address in network for network in networks)


def network_of(address: str) -> str:
    """The /64 network of an IPv6 address, because one household has all of it; any other address as it is."""
    try:
        parsed = ip_address(address)
        if isinstance(parsed, IPv6Address) and not parsed.ipv4_mapped:
            return str(ip_network((parsed.packed, 64), strict=False))
        return str(getattr(parsed, "ipv4_mapped", None) or parsed)
    except ValueError:
        return address


def same_origin(request: HttpRequest) -> bool:
    """Whether a POST comes from a page of this site, by the headers Sec-Fetch-Site and Origin.

    A browser that sends neither (some very old ones) is let through: the signed form token still protects the form.
    A proxy may leave the port out of the host that it passes on, so SITE_URL counts as well.
    """
    site = request.META.get("HTTP_SEC_FETCH_SITE", "")
    if site and site not in ("same-origin", "none"):
        return False
    origin = request.META.get("HTTP_ORIGIN", "")
    if not origin or origin == "null":
        # A page with the policy no-referrer sends "Origin: null": then only Sec-Fetch-Site can tell.
        return not origin or bool(site == "same-origin")
    try:
        return urlsplit(origin).netloc in (request.get_host(), urlsplit(settings.SITE_URL).netloc.lower())
    except ValueError:  # no address at all
        return False


@overload
def public_page(view: View) -> View: ...
@overload
def public_page(*, names_others: bool = ..., query: tuple[str, ...] = ...) -> Callable[[View], View]: ...
def public_page(
    view: View | None = None, *, names_others: bool = False, query: tuple[str, ...] = ()
) -> View | Callable[[View], View]:
    """Any cache may keep a copy, but must ask before it shows it again, so that a publication is seen at once.

    The edge keeps it until this page changes, or any page if it `names_others` (shows their titles). Only the query
    parameters in `query` make a different page. The Surrogate-* headers are for the edge, which removes them.
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
    """No cache keeps a copy, and no other page is sent its address as a referrer."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return wrapped
