"""Pictures that somebody may upload, good and bad."""

import io
import struct
import zlib
from functools import cache
from typing import Any

from PIL import Image


def picture(
    kind: str = "PNG", size: tuple[int, int] = (300, 100), mode: str = "RGB", colour: Any = "navy", **options: Any
) -> bytes:
    data = io.BytesIO()
    Image.new(mode, size, colour).save(data, kind, **options)
    return data.getvalue()


def script_that_begins_like_a_jpeg() -> bytes:
    """Its first segment is as long as the characters `/*` say, so that a script reader takes it for a comment."""
    plain = picture("JPEG")
    return plain[:2] + b"\xff\xe0/*" + b"\0" * (0x2F2A - 2) + plain[20:] + b"*/=alert(1)//"


POLYGLOTS = {
    "page": picture("JPEG", comment=b"x") + b"<html><body>hello</body></html>",
    "script": script_that_begins_like_a_jpeg(),
    "script in a comment": picture("JPEG", comment=b"--><ScRiPt>alert(1)</script>"),
    "archive": picture("PNG") + b"PK\x05\x06" + bytes(18),
    "document": picture("WEBP") + b"%PDF-1.7",
    "server page": picture("PNG") + b"<?php system($_GET[0]);",
}


@cache
def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that unfolds to width × height × 3 bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer, rows = zlib.compressobj(9), b""
    for _ in range(height):
        rows += packer.compress(b"\0" * (1 + (width + 7) // 8))
    rows += packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
