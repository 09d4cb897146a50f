"""Which content coding a browser gets, by its Accept-Encoding (RFC 9110, 12.5.3)."""

import gzip

import brotli
import pytest

from clinic_site.edge.compression import accepted_codings, compressed
from clinic_site.edge.page_cache.page import CachedPage
from clinic_site.edge.responses import Response
from tests.each import of_each

BODY = b"<p>Plain words.</p>" * 50


def page(body: bytes = BODY) -> CachedPage:
    headers = [(b"content-type", b"text/html; charset=utf-8")]
    made = CachedPage("/", headers, body, change=1, epoch=0, rendered_at=0, max_age=60, names_others=False)
    made.add_brotli()
    return made


@of_each(
    [
        (None, (b"identity",)),
        (b"", (b"identity",)),
        (b"gzip, deflate, br", (b"br", b"gzip", b"identity")),
        (b"GZIP", (b"gzip", b"identity")),
        (b"br;q=0, gzip", (b"gzip", b"identity")),
        (b"identity;q=0, gzip", (b"gzip",)),
        (b"*;q=0", ()),
        (b"*;q=0, identity", (b"identity",)),
        (b"*", (b"br", b"gzip", b"identity")),
        (b"gzip;q=1.0, *;q=0", (b"gzip",)),
        (b"gzip;q=nonsense", (b"identity",)),
    ]
)
def test_accept_encoding_is_read_as_written(case: tuple[bytes | None, tuple[bytes, ...]]) -> None:
    header, codings = case
    assert accepted_codings(header) == codings


@pytest.mark.parametrize(
    ("header", "coding", "decode"),
    [(b"br, gzip", b"br", brotli.decompress), (b"gzip", b"gzip", gzip.decompress), (b"", b"", bytes)],
)
def test_each_coding_holds_the_same_page_under_an_etag_of_its_own(header, coding, decode) -> None:  # type: ignore[no-untyped-def]
    chosen = page().variant_for({b"accept-encoding": header})
    assert chosen
    headers = dict(chosen.headers)
    assert headers.get(b"content-encoding", b"") == coding
    assert decode(chosen.body) == BODY
    assert headers[b"vary"] == b"Accept-Encoding"
    again = page().variant_for({b"accept-encoding": header, b"if-none-match": headers[b"etag"]})
    assert again
    assert (again.status, again.body, dict(again.headers)[b"etag"]) == (304, b"", headers[b"etag"])
    other = page(BODY + b"!").variant_for({b"accept-encoding": header, b"if-none-match": headers[b"etag"]})
    assert other
    assert other.status == 200


def test_a_browser_that_accepts_no_coding_gets_none() -> None:
    assert page().variant_for({b"accept-encoding": b"identity;q=0, br;q=0, gzip;q=0"}) is None


def test_a_response_for_one_browser_is_compressed_and_keeps_what_it_varies_by() -> None:
    response = Response(200, [(b"content-type", b"text/html"), (b"vary", b"Cookie"), (b"content-length", b"950")], BODY)
    short = compressed(response, b"gzip")
    assert gzip.decompress(short.body) == BODY
    assert short.header(b"vary") == b"Cookie, Accept-Encoding"
    assert short.header_values(b"content-length") == [str(len(short.body)).encode()]
