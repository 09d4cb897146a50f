"""Pictures that somebody may upload, good and bad."""

import errno
import io
import re
import struct
import zlib
from functools import cache
from typing import Any

import pillow_heif
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

pillow_heif.register_heif_opener()


def picture(
    kind: str = "PNG", size: tuple[int, int] = (300, 100), mode: str = "RGB", color: Any = "navy", **options: Any
) -> bytes:
    data = io.BytesIO()
    Image.new(mode, size, color).save(data, kind, **options)
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


# As they stand in the profiles: red, green and blue in XYZ, adapted to D50.
DISPLAY_P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
ADOBE_RGB = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))


def icc_profile(name: str, primaries: tuple[tuple[float, float, float], ...], gamma: float = 2.2) -> bytes:
    """A color profile of a screen, as cameras and phones put it into a picture."""

    def fixed(number: float) -> bytes:
        return struct.pack(">i", round(number * 65536))

    def xyz(triple: tuple[float, float, float]) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(map(fixed, triple))

    words = name.encode("utf-16-be")
    described = b"mluc\0\0\0\0" + struct.pack(">II", 1, 12) + b"enUS" + struct.pack(">II", len(words), 28) + words
    curve = b"para\0\0\0\0" + struct.pack(">HH", 0, 0) + fixed(gamma)
    tags = {b"desc": described, b"wtpt": xyz((0.9642, 1.0, 0.8249)), b"cprt": described}
    tags |= {mark + b"XYZ": xyz(triple) for mark, triple in zip((b"r", b"g", b"b"), primaries, strict=True)}
    tags |= {mark + b"TRC": curve for mark in (b"r", b"g", b"b")}
    index, data, place = b"", b"", 128 + 4 + 12 * len(tags)
    for tag, value in tags.items():
        padded = value + bytes(-len(value) % 4)
        index += tag + struct.pack(">II", place + len(data), len(value))
        data += padded
    head = struct.pack(">I4sI4s4s4s", place + len(data), bytes(4), 0x04300000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + b"".join(map(fixed, (0.9642, 1.0, 0.8249)))
    return head + bytes(128 - len(head)) + struct.pack(">I", len(tags)) + index + data


def gray(*values: int) -> bytes:
    """A PNG with sixteen bits of grey, one column for each value."""
    image = Image.frombytes("I;16", (len(values), 40), struct.pack(f"<{len(values)}H", *values) * 40)
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


# Where a file says how large it is: what stands before, and how width and height are written.
HEADERS = {
    "PNG": (rb"IHDR", ">II", "wh"),
    "JPEG": (rb"\xff[\xc0\xc2]\x00.\x08", ">HH", "hw"),
    "WEBP": (rb"\x9d\x01\x2a", "<HH", "wh"),
    "HEIF": (rb"ispe\x00{4}", ">II", "wh"),
}


def claiming(size: tuple[int, int], kind: str = "PNG", **options: Any) -> bytes:
    """A small picture whose header says that it is of this size. To encode a large one would take a second."""
    before, how, order = HEADERS[kind]
    written = struct.pack(how, *(size if order == "wh" else size[::-1]))
    data, found = picture(kind, (64, 64), **options), 0
    for place in re.finditer(before, data, re.DOTALL):
        data, found = data[: place.end()] + written + data[place.end() + len(written) :], found + 1
    assert found
    if kind == "PNG":  # the checksum of the header follows it
        data = data[:29] + struct.pack(">I", zlib.crc32(data[12:29])) + data[33:]
    return data


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


def fill_disk(monkeypatch: pytest.MonkeyPatch, *, room_for: int) -> None:
    """The next file after so many leaves only its beginning, and the error of a full disk."""
    save, left = default_storage.save, [room_for]

    def full(name: str, content: Any) -> str:
        left[0] -= 1
        if left[0] >= 0:
            return str(save(name, content))
        save(name, ContentFile(b"half"))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
