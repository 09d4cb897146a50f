"""A published page as ready bytes: plain, gzip and brotli, each with its own strong ETag."""

import gzip
import hashlib
from dataclasses import dataclass, field

import brotli

from clinic_site.edge.compression import BROTLI, GZIP, IDENTITY, VARY, accepted, has_words
from clinic_site.edge.responses import Answer, Headers

ENDINGS = {IDENTITY: b"", GZIP: b"-gz", BROTLI: b"-br"}
# Made here, or only meant for here.
DROPPED = frozenset(
    [
        *(b"content-length", b"content-encoding", b"etag", b"last-modified", b"vary", b"date", b"expires"),
        *(b"surrogate-control", b"surrogate-key", b"surrogate-query", b"connection"),
    ]
)


@dataclass(frozen=True, slots=True)
class Ready:
    """One answer: for ASGI as headers and body, for the fast lane as the bytes before the date."""

    status: int
    headers: Headers
    body: bytes
    head: bytes

    def answer(self) -> Answer:
        return Answer(self.status, self.headers, self.body, ready=True)


@dataclass(slots=True)
class Page:
    """What the site said at one moment. `seen` is the number of changes that were known when it was asked for."""

    path: str
    headers: Headers
    body: bytes
    seen: int
    era: int
    made: float  # seconds, as time.time() counts
    keep: float  # seconds
    names_others: bool
    query: frozenset[str] = frozenset()  # the parameters that make another page
    shelf: str = ""  # how a change of all pages beside it is written down
    coded: dict[bytes, bytes] = field(default_factory=dict)
    digest: bytes = b""
    full: dict[bytes, Ready] = field(default_factory=dict)
    unchanged: dict[bytes, Ready] = field(default_factory=dict)
    size: int = 0

    def __post_init__(self) -> None:
        self.shelf = f"{self.path.rstrip('/').rpartition('/')[0]}/*"
        kind = next((value for name, value in self.headers if name == b"content-type"), b"")
        self.digest = hashlib.sha256(kind + b"\n" + self.body).hexdigest()[:24].encode()
        self.coded[IDENTITY] = self.body
        if has_words(kind, self.body):
            self.coded[GZIP] = gzip.compress(self.body, 6, mtime=0)
        for coding in list(self.coded):
            self.add(coding, self.coded[coding])

    def add(self, coding: bytes, body: bytes) -> None:
        self.coded[coding] = body
        headers = [
            *self.headers,
            (b"etag", b'"' + self.digest + ENDINGS[coding] + b'"'),
            VARY,
        ]
        self.unchanged[coding] = ready(304, [pair for pair in headers if pair[0] != b"content-type"], b"")
        if coding != IDENTITY:
            headers.append((b"content-encoding", coding))
        self.full[coding] = ready(200, [*headers, (b"content-length", str(len(body)).encode())], body)
        self.size = sum(map(len, self.coded.values())) + 4000  # and its headers, several times

    def compress(self) -> None:
        """Brotli at its best takes a while: meanwhile readers get gzip."""
        if GZIP in self.coded and BROTLI not in self.coded:
            self.add(BROTLI, brotli.compress(self.body, quality=11))

    def choose(self, headers: dict[bytes, bytes]) -> Ready | None:
        """None when the browser takes none of what there is."""
        wanted = accepted(headers.get(b"accept-encoding"))
        coding = next((coding for coding in wanted if coding in self.full), None)
        if coding is None:
            return None
        asked = headers.get(b"if-none-match")
        return self.unchanged[coding] if asked and self.is_known(asked) else self.full[coding]

    def is_known(self, if_none_match: bytes) -> bool:
        """Whichever coding the browser's copy came in, it holds the same page."""
        return if_none_match.strip() == b"*" or self.digest in if_none_match


def ready(status: int, headers: Headers, body: bytes) -> Ready:
    line = b"HTTP/1.1 200 OK\r\n" if status == 200 else b"HTTP/1.1 304 Not Modified\r\n"
    return Ready(status, headers, body, line + b"".join(name + b": " + value + b"\r\n" for name, value in headers))
