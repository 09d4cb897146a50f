"""What has broken other sites, by the place where it is sent."""

import gzip
import struct
import zlib
from io import BytesIO

from PIL import Image

WORDS = [
    "",
    " ",
    "\0",
    "a\0b",
    "a\r\nBcc: everybody@evil.test",
    "\u202eright to left\u2066",
    "👩🏽‍⚕️" * 40,
    "ﷺ" * 2000,  # grows eighteenfold when it is normalised
    "a" + "\u0301" * 3000 + "\u0316" * 3000,
    "a\u0301" * 3000,
    "Ⅷ²٣ﬁ",  # digits and letters to some, not to others
    "İstanbul ß ŉ",  # longer in small letters
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<p>" * 1500,
    "<ul><li>" * 300,
    "<" * 3000,
    "<!--" * 800,
    "<![CDATA[" * 300,
    "<a href='javascript:alert(1)'>x</a>",
    "&#0;&#xD800;&#x110000;&" + "amp;" * 800,
    "{{ 7*7 }}{% debug %}{% load x %}",
    "${7*7}#{7*7}",
    "'; DROP TABLE education_user; --",
    "' OR '1'='1",
    '" OR 1=1 --',
    'NEAR("a" "b", 5) AND * OR ^x: -y "',
    "=HYPERLINK(1)",
    "../../../../etc/passwd",
    "..\\..\\windows",
    "%s%n%d%(x)s",
    "{0.__class__.__mro__}",
    "%",
    "%zz",
    "0",
    "-1",
    "1",
    "2",
    "9" * 4301,  # more digits than int() reads
    str(2**31),
    str(2**63),
    str(2**64),
    "1e309",
    "NaN",
    "-Infinity",
    "0x41",
    "1_000",
    "null",
    "true",
    "[]",
    "{}",
    '{"a": null}',
    '[{"a": [1, {"b": NaN}]}]',
    "[" * 3000,
    '{"a":' * 1500,
    '"\\ud800"',
    "2026-02-30",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59:59+23:59",
    "0001-01-01T00:00:00",
    "24:61",
    "http://[::1",
    "//[",
    "http://evil.test:99999999/",
    "//evil.test/",
    "/\\evil.test",
    "javascript:alert(1)",
    "a@" + "b." * 900 + "c",
    "@" * 2000,
    "a@b.test\nBcc: c@d.test",
    "*" * 3000,
    "[a](" * 700,
    "> " * 700,
    "- " * 700,
    "`" * 3001,
    "::: " * 300,
    "[@" * 900,
    "| " * 900,
    " " * 5000 + "x",
    "\n" * 5000,
    "a" * 20_000,
    "a " * 5000,
    "password__regex",
    "__class__",
    "id__in",
    "education.user",
    "education",
    "user",
    "consultationrequest",
    "-password",
    "1.-2.3",
    "999",
    "1,2,x",
    "on",
    "en",
    "xx",
]
SHAPES = [word.encode() for word in WORDS] + [
    b"\xff\xfe",
    b"\xc0\xaf..",
    b"\xed\xa0\x80",  # half of a surrogate pair
    b"\xf8\x88\x80\x80\x80",
    b"\xe2\x82",  # the beginning of a character
]
NUMBERS = ["0", "1", "2", "7", "999999", str(2**31), str(2**63), str(2**64), "9" * 400, "9" * 4301, "00001"]
SLUGS = ["a", "-", "_", "0", "a" * 5000, "add", "admin", "-" * 300]
PARAMETERS = [
    *("q", "next", "from", "to", "why", "p", "o", "all", "e", "ot", "_popup", "_to_field", "_changelist_filters"),
    *("term", "app_label", "model_name", "field_name", "password__regex", "id__in", "status__exact", "status"),
    *("created_at__year", "topic__id__exact", "is_active__exact", "request", "template", "password", "sure", "was"),
    *("token", "amendment", "unlock_only", "unlock_password", "draft_over", "draft_base", "form_key", "action"),
    *("_selected_action", "index", "select_across", "_save", "_continue", "_addanother", "post", "reason", "text"),
    *("blocks", "content", "version", "lang", "page", "csrfmiddlewaretoken", "_method", "id", "pk", "x"),
]
HEADERS = {
    "Accept": ["*/*", "text/html", "application/json;q=x", "," * 500],
    "Accept-Encoding": ["gzip", "br;q=0", "identity;q=0, *;q=0", "gzip;q=9e999"],
    "Accept-Language": ["es", "xx-" * 300, "en;q=-1", "*;q=", "a" * 900],
    "Authorization": ["Basic YTpi", "Bearer x", "Digest " + "a=" * 400],
    "Content-Language": ["\xff"],
    "Cookie": ["sessionid=x", "csrftoken=;;;=", "a" * 3000, "sessionid=\xff; device=\xfe", '$Version=1; x="\\'],
    "Forwarded": ["for=evil;host=evil.test"],
    "If-Match": ["*", '"x"'],
    "If-Modified-Since": ["yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 99 Foo 99999 99:99:99 GMT"],
    "If-None-Match": ["*", 'W/"x"', '"' * 500, "W/" * 500],
    "Origin": ["null", "https://evil.test", "http://[::1", "http://127.0.0.1:x"],
    "Range": ["bytes=0-0", "bytes=-1", "bytes=9-1", "bytes=0-,0-,0-,0-", "bytes=99999999999999999999-", "x=y"],
    "Referer": ["https://evil.test/", "http://[::1", "//", "\xff", "/" + "a" * 3000],
    "Sec-Fetch-Site": ["cross-site", "none", "same-origin", "x"],
    "User-Agent": ["", "\xff", "() { :; }; /bin/true", "a" * 3000],
    "X-Forwarded-For": ["1.2.3.4, x", "::1", "[", "," * 500, "fe80::1%eth0"],
    "X-Forwarded-Proto": ["https", "http", "x, y"],
    "X-Requested-With": ["XMLHttpRequest"],
}


def picture(kind: str) -> bytes:
    made = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(made, kind)
    return made.getvalue()


def huge_png() -> bytes:
    """60,000 times 60,000, it says; and as a file it is small."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(100_000)))
        + chunk(b"IEND", b"")
    )


FILES = [
    *(picture(kind) for kind in ("PNG", "JPEG", "GIF", "WEBP")),
    picture("PNG")[:60],
    picture("JPEG")[:-100],
    huge_png(),
    b"",
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    b"<!doctype html><script>alert(1)</script>",
    b"GIF89a" + b"\xff" * 2000,
    gzip.compress(b"a" * 1_000_000),
    b"\xff" * 5000,
]
FILE_NAMES = [
    "photo.png",
    "photo.jpg",
    "../../x.php",
    "a" * 400 + ".png",
    "x.svg",
    "",
    ".",
    "C:\\x.png",
    "ü\u202e.png",
    "%00.png",
]
