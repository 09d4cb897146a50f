"""Which requests are let in: methods, hosts, addresses and sizes of bodies. What a refusal says."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.http.request import split_domain_port, validate_host
from django.template.loader import render_to_string

from clinic_site.edge.bodies import BodyLimits
from clinic_site.edge.responses import Headers, Response, Scope, with_defaults

ALLOWED_METHODS = frozenset({"GET", "HEAD", "POST"})
MAX_TARGET_BYTES = 4000  # what a filter of the staff area may need, and more than any page
CONTROL_CHARACTERS = frozenset(map(chr, [*range(32), 127]))

TITLES = {
    400: "We couldn’t read what was sent",
    403: "Log in to send something this large",
    405: "That can’t be done here",
    406: "We can’t send that in a form your browser accepts",
    408: "That took too long",
    413: "That is too much at once",
    414: "That link is too long",
    431: "Your browser sent too much",
    500: "Something went wrong on our side",
    501: "We couldn’t read what was sent",
    503: "The site is very busy",
}
WORDS = {
    400: "The link or the request was damaged on the way. Go back, check it and try again.",
    403: "Nothing has been saved. Log in again in another tab. Then come back to this one, reload the page and let it "
    "send everything again.",
    405: "Start from the home page.",
    406: "It says that it accepts no plain text. Try another browser.",
    408: "Nothing has been sent. Go back and try again; a form keeps what you typed.",
    413: "Nothing has been sent. What you sent is too large for us. Go back, shorten the longest answer or choose a "
    "smaller file, and send it again.",
    414: "Start from the home page.",
    431: "Close this page, open the site again and try once more.",
    500: "If you were sending a form and saw no receipt, go back and send it again. It will not be counted twice.",
    501: "The link or the request was damaged on the way. Go back, check it and try again.",
    503: "If you were sending a form and saw no receipt, go back in a minute and send it again. It will not be counted "
    "twice.",
}


@dataclass(frozen=True)
class Guard:
    hosts: tuple[str, ...]
    body_limits: BodyLimits
    headers: tuple[tuple[bytes, bytes], ...]  # for responses that have none of their own

    def refusal_status(self, scope: Scope, headers: dict[bytes, bytes]) -> int:
        """The status with which this request is refused before its body is read; 0 when it is let in."""
        if scope["method"] not in ALLOWED_METHODS:
            return 405
        if len(scope["raw_path"]) + len(scope["query_string"]) > MAX_TARGET_BYTES:
            return 414
        if not scope["raw_path"].startswith(b"/") or not CONTROL_CHARACTERS.isdisjoint(scope["path"]):
            return 400
        if not is_known_host(headers.get(b"host", b""), self.hosts):
            return 400
        if declared := headers.get(b"content-length"):
            allowed = self.body_limits.allowance(scope, headers)
            return allowed.refusal if int(declared) > allowed.limit else 0
        return 0

    def refusal(self, status: int) -> Response:
        return Response(status, refusal_headers(status, self.headers), refusal_page(status))


def refusal_headers(status: int, defaults: Iterable[tuple[bytes, bytes]]) -> Headers:
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(refusal_page(status))).encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),  # whatever else comes from this sender is not read
    ]
    if status == 405:
        headers.append((b"allow", ", ".join(sorted(ALLOWED_METHODS)).encode()))
    if status == 503:
        headers.append((b"retry-after", b"60"))
    return with_defaults(headers, defaults)


@lru_cache(maxsize=16)
def refusal_page(status: int) -> bytes:
    return render_to_string("refused.html", {"title": TITLES[status], "words": WORDS[status]}).encode()


@lru_cache(maxsize=256)
def is_known_host(host: bytes, allowed: tuple[str, ...]) -> bool:
    domain, _ = split_domain_port(host.decode("latin-1"))
    return bool(domain) and validate_host(domain, allowed)
