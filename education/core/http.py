"""Helpers for requests and responses."""

import re
from collections.abc import Callable, Collection, Iterable
from functools import cache, lru_cache, wraps
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import overload
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse

from education.core.disk import NotStored

View = Callable[..., HttpResponseBase]
NOTHING_DONE = "Nothing was done: this address only answers its button. Look here, then press the button again."
INSUFFICIENT_STORAGE = 507  # to a form that comes back; from 500 on, nothing is written for the answer
REVALIDATED = "public, no-cache"
STALE_SECONDS = 5  # a browser obeys this too, so no longer than a change may take to be seen
EVERY_PAGE, ANY_PAGE = "every-page", "any-page"  # keys for a CDN: of all pages, and of those that any change concerns
EDGE_SECONDS = 60  # how long the edge may keep a page; a change that education.pages hears of is noticed at once


@cache
def path_of(name: str) -> str:
    """The path of a page that is always at the same one. Each staff page asks for some twenty of these."""
    return reverse(name)


def path_in(address: str) -> str:
    """The path of an address that somebody typed or pasted, with or without its site; empty if it is no address."""
    try:
        return urlsplit(address.strip()).path
    except ValueError:
        return ""


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
        if address is None:  # a trusted proxy says that it does not know: what comes before it is anybody's claim
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
def public_page(
    *, names_others: bool = ..., query: tuple[str, ...] = ..., by_clock: bool = ...
) -> Callable[[View], View]: ...
def public_page(
    view: View | None = None, *, names_others: bool = False, query: tuple[str, ...] = (), by_clock: bool = False
) -> View | Callable[[View], View]:
    """Any cache may keep a copy, but must ask before it shows it again, so that a publication is seen at once.

    The edge keeps it until this page changes, or any page if it `names_others` (shows their titles). Only the query
    parameters in `query` make a different page. A CDN, if there is one, keeps it until it is told of a change, or not
    much longer than the edge when the page changes `by_clock`, as “open now” does. Surrogate-Control, -Scope and
    -Query are for the edge, which removes them.
    """

    def decorated(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            response = view(request, *args, **kwargs)
            response.headers.setdefault("Cache-Control", REVALIDATED)
            response.headers["Surrogate-Control"] = f"max-age={EDGE_SECONDS}"
            response.headers["Surrogate-Scope"] = ANY_PAGE if names_others else "own-page"
            response.headers["Surrogate-Query"] = " ".join(query)
            if settings.CDN_PURGE_URL and response.headers["Cache-Control"] == REVALIDATED:
                seconds = min(EDGE_SECONDS, settings.CDN_SECONDS) if by_clock else settings.CDN_SECONDS
                _let_cdn_keep(response, seconds, cdn_keys(request.path, names_others=names_others))
            return response

        return wrapped

    return decorated(view) if view else decorated


def _let_cdn_keep(response: HttpResponseBase, seconds: int, keys: list[str]) -> None:
    lives = f"s-maxage={seconds}, stale-while-revalidate={STALE_SECONDS}"
    response.headers["Cache-Control"] = f"public, max-age=0, {lives}"
    _name_keys(response, keys)


def let_cdn_keep_file(response: HttpResponseBase, path: str) -> None:
    """A browser keeps a file that never changes for ever; a CDN only until it is told that the file is gone."""
    if settings.CDN_PURGE_URL:
        response.headers["Cache-Control"] += f", s-maxage={settings.CDN_SECONDS}"
        _name_keys(response, [cdn_key(path), EVERY_PAGE])


def _name_keys(response: HttpResponseBase, keys: list[str]) -> None:
    response.headers["Surrogate-Key"] = " ".join(keys)
    response.headers["Cache-Tag"] = ",".join(keys)


def cdn_keys(path: str, *, names_others: bool) -> list[str]:
    """The keys under which a CDN finds the page at `path` when one of them is purged."""
    return [cdn_key(path), cdn_key(siblings_of(path)), EVERY_PAGE, *([ANY_PAGE] if names_others else [])]


def cdn_key(path: str) -> str:
    """The key of a path, or of a pattern of `education.pages`. No CDN takes all characters; if two paths share a key,
    that does no harm.
    """
    if path == "*":
        return EVERY_PAGE
    words = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "home"
    return f"{'under' if path.endswith('*') else 'page'}-{words}"


def siblings_of(path: str) -> str:
    """The pattern that stands for every page of the same topic as `path`."""
    return f"{shelf_of(path)}*"


def shelf_of(path: str) -> str:
    """The address that the page at `path` is below: that of its topic."""
    return f"{path.rstrip('/').rpartition('/')[0]}/"


def not_stored(request: HttpRequest) -> NotStored | None:
    """Why this form could not be stored when it was tried a moment ago: its view shows it again, and says so."""
    return getattr(request, "not_stored", None)


def by_button(back: Callable[..., str]) -> Callable[[View], View]:
    """The view answers a button, by POST. Who opens its address, as after a log-in in between, is led to the page that
    has the button: `back` gets the view's own arguments and returns the address of that page.
    """

    def decorated(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            if request.method not in ("GET", "HEAD"):
                return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
            messages.warning(request, NOTHING_DONE)
            return HttpResponseRedirect(back(*args, **kwargs))

        return wrapped

    return decorated


def no_store(view: View) -> View:
    """Let no cache keep a copy, and send no other page this address as a referrer."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return wrapped
