"""A published page as ready bytes: plain, gzip and brotli, each with its own strong ETag."""

import gzip
import hashlib
from dataclasses import dataclass, field

import brotli

from clinic_site.edge.compression import BROTLI, GZIP, IDENTITY, VARY, accepted_codings, is_compressible
from clinic_site.edge.responses import Headers, Response

ETAG_ENDINGS = {IDENTITY: b"", GZIP: b"-gz", BROTLI: b"-br"}
BROTLI_QUALITY = 11  # the best
VARIANT_HEADER_BYTES = 4000  # of one page, in all its variants, roughly
# Headers of Django's response that are set here for each variant, or are meant for the edge only.
DROPPED = frozenset(
    [
        *(b"content-length", b"content-encoding", b"etag", b"last-modified", b"vary", b"date", b"expires"),
        *(b"surrogate-control", b"surrogate-scope", b"surrogate-query", b"connection"),
    ]
)


@dataclass(frozen=True, slots=True)
class Variant:
    """The page in one content coding, or the 304 for it. `head` is for the fast lane: all bytes before the date."""

    status: int
    headers: Headers
    body: bytes
    head: bytes

    def response(self) -> Response:
        return Response(self.status, self.headers, self.body, finished=True)


@dataclass(slots=True)
class CachedPage:
    """What Django said at one moment. `change` is the number of the last change that was known when it was asked."""

    path: str
    headers: Headers
    body: bytes
    change: int
    epoch: int  # of the database: see ChangeLog
    rendered_at: float  # seconds, as time.time() counts
    max_age: float  # seconds
    names_others: bool  # shows titles of other pages, so any change may concern it
    query_parameters: frozenset[str] = frozenset()  # those that make another page of it
    sibling_pattern: str = ""  # how a change of all pages of the same topic is noted
    digest: bytes = b""
    bodies: dict[bytes, bytes] = field(default_factory=dict)  # by content coding, as all that follow
    whole: dict[bytes, Variant] = field(default_factory=dict)
    not_modified: dict[bytes, Variant] = field(default_factory=dict)
    size: int = 0

    def __post_init__(self) -> None:
        self.sibling_pattern = f"{self.path.rstrip('/').rpartition('/')[0]}/*"
        content_type = next((value for name, value in self.headers if name == b"content-type"), b"")
        self.digest = hashlib.sha256(content_type + b"\n" + self.body).hexdigest()[:24].encode()
        self._add(IDENTITY, self.body)
        if is_compressible(content_type, self.body):
            self._add(GZIP, gzip.compress(self.body, 6, mtime=0))

    def _add(self, coding: bytes, body: bytes) -> None:
        self.bodies[coding] = body
        etag = b'"' + self.digest + ETAG_ENDINGS[coding] + b'"'
        headers = [*self.headers, (b"etag", etag), VARY]
        self.not_modified[coding] = _variant(304, [pair for pair in headers if pair[0] != b"content-type"], b"")
        if coding != IDENTITY:
            headers.append((b"content-encoding", coding))
        self.whole[coding] = _variant(200, [*headers, (b"content-length", str(len(body)).encode())], body)
        self.size = sum(map(len, self.bodies.values())) + VARIANT_HEADER_BYTES

    def add_brotli(self) -> None:
        """Brotli at its best quality is slow: until it is done, readers get gzip."""
        if GZIP in self.bodies and BROTLI not in self.bodies:
            self._add(BROTLI, brotli.compress(self.body, quality=BROTLI_QUALITY))

    def variant_for(self, headers: dict[bytes, bytes]) -> Variant | None:
        """The variant for a request with these headers; None when the browser accepts none of the codings."""
        accepted = accepted_codings(headers.get(b"accept-encoding"))
        coding = next((coding for coding in accepted if coding in self.whole), None)
        if coding is None:
            return None
        if_none_match = headers.get(b"if-none-match")
        unchanged = if_none_match and self.matches(if_none_match)
        return self.not_modified[coding] if unchanged else self.whole[coding]

    def matches(self, if_none_match: bytes) -> bool:
        """Whether the browser has this page already, in whichever coding."""
        return if_none_match.strip() == b"*" or self.digest in if_none_match


def _variant(status: int, headers: Headers, body: bytes) -> Variant:
    line = b"HTTP/1.1 200 OK\r\n" if status == 200 else b"HTTP/1.1 304 Not Modified\r\n"
    return Variant(status, headers, body, line + b"".join(name + b": " + value + b"\r\n" for name, value in headers))
