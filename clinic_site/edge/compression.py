"""Content codings: what a browser takes, and an answer in the best of them."""

import gzip
import re
from functools import lru_cache

import brotli

from clinic_site.edge.responses import Answer

IDENTITY, GZIP, BROTLI = b"identity", b"gzip", b"br"
WORDS = re.compile(rb"^(?:text/|application/(?:javascript|json|xml|atom\+xml|manifest\+json)|image/svg\+xml)")
SMALLEST = 300  # bytes; below it a compressed answer is no shorter
VARY = (b"vary", b"Accept-Encoding")


@lru_cache(maxsize=256)
def accepted(accept_encoding: bytes | None) -> tuple[bytes, ...]:
    """The codings that a browser takes, the best first (RFC 9110, 12.5.3)."""
    if accept_encoding is None:
        return (IDENTITY,)
    weights = dict(map(_weighted, accept_encoding.lower().split(b",")))
    rest = weights.get(b"*")
    found = {
        BROTLI: weights.get(BROTLI, rest or 0),
        GZIP: weights.get(GZIP, weights.get(b"x-gzip", rest or 0)),
        IDENTITY: weights.get(IDENTITY, 0.001 if rest is None else rest),
    }
    return tuple(coding for coding in (BROTLI, GZIP, IDENTITY) if found[coding] > 0)


def _weighted(part: bytes) -> tuple[bytes, float]:
    name, _, parameter = part.strip().partition(b";")
    key, _, value = parameter.strip().partition(b"=")
    try:
        return name.strip(), float(value) if key.strip() == b"q" else 1.0
    except ValueError:
        return name.strip(), 0.0


def has_words(content_type: bytes, body: bytes) -> bool:
    return len(body) >= SMALLEST and WORDS.match(content_type) is not None


def can_be_shorter(answer: Answer) -> bool:
    known = {name for name, _ in answer.headers}
    return not known & {b"content-encoding", b"etag"} and has_words(answer.value(b"content-type"), answer.body)


def shortened(answer: Answer, accept_encoding: bytes | None) -> Answer:
    """Compressed quickly, for one browser. Not for answers that depend on a cookie: how far a page shrinks would tell
    whoever can add words to it what else is in it.
    """
    coding = next(iter(accepted(accept_encoding)), IDENTITY)
    headers = [pair for pair in answer.headers if pair[0] not in (b"content-length", b"vary")]
    headers.append((b"vary", b", ".join([*answer.values(b"vary"), VARY[1]])))
    body = answer.body
    if coding != IDENTITY:
        body = brotli.compress(body, quality=4) if coding == BROTLI else gzip.compress(body, 5)
        headers.append((b"content-encoding", coding))
    headers.append((b"content-length", str(len(body)).encode()))
    return Answer(answer.status, headers, body)
