"""What may come in: methods, hosts, addresses and bodies. And what every answer says for safety."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.http.request import split_domain_port, validate_host
from django.template.loader import render_to_string

from clinic_site.edge.responses import Answer, Headers, Receive, Scope, with_defaults

METHODS = frozenset({"GET", "HEAD", "POST"})
LONGEST_TARGET = 4000  # what a filter of the staff area may need, and more than any page
CONTROL = frozenset(map(chr, [*range(32), 127]))

TITLES = {
    400: "We couldn’t read what was sent",
    405: "That can’t be done here",
    406: "We can’t send that in a way your browser takes",
    408: "That took too long",
    413: "That is too much at once",
    414: "That address is too long",
    431: "Your browser sent too much",
    500: "Something went wrong on our side",
    501: "We couldn’t read what was sent",
    503: "The site is very busy",
}
WORDS = {
    400: "The address or the request was damaged on the way. Go back, check it and try again.",
    405: "Start from the home page.",
    406: "It says that it takes no plain text. Try another browser.",
    408: "Nothing has been sent. Go back and try again; a form keeps what you typed.",
    413: "Nothing has been sent. What you sent is too large for us. Go back, shorten the longest answer or choose a "
    "smaller file, and send it again.",
    414: "Start from the home page.",
    431: "Close this page, open the site again and try once more.",
    500: "If you were sending a form and saw no receipt, go back and send it again. It will not be counted twice.",
    501: "The address or the request was damaged on the way. Go back, check it and try again.",
    503: "If you were sending a form and saw no receipt, go back in a minute and send it again. It will not be counted "
    "twice.",
}


class TooLarge(Exception):
    """A body is larger than its address takes."""


class Full(Exception):
    """This worker holds as many bodies as it may."""


@dataclass(frozen=True)
class Guard:
    hosts: tuple[str, ...]
    body_limits: tuple[tuple[str, int], ...]  # by first part of the address; the first that fits counts
    headers: tuple[tuple[bytes, bytes], ...]  # for answers that have none of their own

    def refusal(self, scope: Scope, headers: dict[bytes, bytes]) -> int:
        """The status with which this request is turned away at once; 0 when it is let in."""
        if scope["method"] not in METHODS:
            return 405
        if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_TARGET:
            return 414
        if not scope["raw_path"].startswith(b"/") or not CONTROL.isdisjoint(scope["path"]):
            return 400
        if not known_host(headers.get(b"host", b""), self.hosts):
            return 400
        declared = headers.get(b"content-length")
        return 413 if declared and int(declared) > self.limit(scope["path"]) else 0

    def limit(self, path: str) -> int:
        return next((limit for start, limit in self.body_limits if path.startswith(start)), 0)

    def refused(self, status: int) -> Answer:
        return Answer(status, with_defaults(*refused(status, self.headers)), page(status))


def refused(status: int, defaults: Iterable[tuple[bytes, bytes]]) -> tuple[Headers, Iterable[tuple[bytes, bytes]]]:
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(page(status))).encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),  # what else this sender has sent is not looked at
    ]
    if status == 405:
        headers.append((b"allow", ", ".join(sorted(METHODS)).encode()))
    if status == 503:
        headers.append((b"retry-after", b"60"))
    return headers, defaults


@lru_cache(maxsize=16)
def page(status: int) -> bytes:
    return render_to_string("refused.html", {"title": TITLES[status], "words": WORDS[status]}).encode()


@lru_cache(maxsize=256)
def known_host(host: bytes, allowed: tuple[str, ...]) -> bool:
    domain, _ = split_domain_port(host.decode("latin-1"))
    return bool(domain) and validate_host(domain, allowed)


class Bodies:
    """Reads bodies into memory, never into a file, and never more than one worker may hold."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0

    async def read(self, receive: Receive, limit: int) -> io.BytesIO | None:
        """None when the sender left before the end. Whoever is done with the body calls `release`."""
        body = io.BytesIO()
        try:
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    self.release(body)
                    return None
                part = message.get("body", b"")
                self.held += len(part)
                body.write(part)
                if body.tell() > limit:
                    raise TooLarge
                if self.held > self.limit:
                    raise Full
                if not message.get("more_body"):
                    body.seek(0)
                    return body
        except BaseException:
            self.release(body)
            raise

    def release(self, body: io.BytesIO) -> None:
        """Not closed here: a thread that nobody waits for any more may still read it."""
        self.held -= body.getbuffer().nbytes
