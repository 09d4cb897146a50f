"""Uploaded pictures are drawn again onto a new image: what was hidden in the file stays behind."""

import re
import secrets
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps

from education.images.versions import FORMATS as KEPT
from education.images.versions import WIDTHS, widths_of

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_MEGAPIXELS = 24
LARGEST_SIDE = 2400
SQUARE = 320
AT_MOST = f"A JPEG, PNG or WebP file of at most {settings.MAX_UPLOAD_MB} MB."
TOO_HEAVY = (
    f"This file is larger than {settings.MAX_UPLOAD_MB} MB. Save a smaller version of the picture and try again."
)
TOO_LARGE = f"This picture has more than {MAX_MEGAPIXELS} million pixels. Save a smaller version of it and try again."
UNREADABLE = "This is not a picture we can read. Use a JPEG, PNG or WebP file."
TWO_THINGS = "This file is a picture and something else at once. Save it anew in a picture program and try again."
SAVE_AS: dict[str, dict[str, Any]] = {
    "avif": {"format": "AVIF", "quality": 60, "speed": 8},
    "webp": {"format": "WEBP", "quality": 78},
    "jpg": {"format": "JPEG", "quality": 80, "progressive": True, "optimize": True},
}
# What has no place in a picture, but makes a browser, a server or a reader take the file for something else.
FOREIGN = re.compile(rb"<script|<html|<!doctype|<\?php|<iframe|%PDF-1", re.IGNORECASE)
ZIP_END = b"PK\x05\x06"
ZIP_END_WITHIN = 66_000


class Refused(ValueError):
    """The picture can't be used. The message tells the person who chose it why."""


@dataclass(frozen=True)
class Picture:
    file: ContentFile[bytes]
    width: int
    height: int


@dataclass(frozen=True)
class Versions:
    """A picture in each width and format, as (width, extension) → bytes. `width` and `height` are the largest's."""

    files: dict[tuple[int, str], bytes]
    width: int
    height: int


def reencode(upload: UploadedFile[Any], *, largest: int) -> Picture:
    """The upload as a new PNG (which every browser shows) under a random name, no side longer than `largest`."""
    with _opened(upload) as source:
        fresh = _fresh(source, largest, "RGBA" if source.has_transparency_data else "RGB")
        file = ContentFile(_saved(fresh, format="PNG", optimize=True), f"{secrets.token_hex(8)}.png")
        return Picture(file, *fresh.size)


def versions(upload: UploadedFile[Any]) -> Versions:
    """The upload in every width and format that pages need. What was transparent becomes white."""
    with _opened(upload) as source:
        fresh = _fresh(source, LARGEST_SIDE, "RGB")
        if fresh.width > WIDTHS[-1]:
            fresh = _at_width(fresh, WIDTHS[-1])
        files: dict[tuple[int, str], bytes] = {}
        for width in widths_of(fresh.width):
            sized = _at_width(fresh, width)
            files |= {(width, extension): _saved(sized, **SAVE_AS[extension]) for extension in KEPT}
        return Versions(files, *fresh.size)


def square(data: bytes, focal_x: int, focal_y: int) -> bytes:
    """A small square, as a JPEG, with the focus (in percent) as near to its middle as the picture allows."""
    with Image.open(BytesIO(data), formats=FORMATS) as source:
        focus = (focal_x / 100, focal_y / 100)
        return _saved(ImageOps.fit(source, (SQUARE, SQUARE), centering=focus), **SAVE_AS["jpg"])


@contextmanager
def _opened(upload: UploadedFile[Any]) -> Iterator[Image.Image]:
    if (upload.size or 0) > settings.MAX_UPLOAD_MB * 1_000_000:
        raise Refused(TOO_HEAVY)
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(upload, formats=FORMATS) as source:
            # So far only the header was read: a 10 KB file that unfolds to 400 MB never gets to unfold.
            if source.width * source.height > MAX_MEGAPIXELS * 1_000_000:
                raise Refused(TOO_LARGE)
            if _is_something_else_too(upload):
                raise Refused(TWO_THINGS)
            yield source
    except Image.DecompressionBombError as error:
        raise Refused(TOO_LARGE) from error
    except Refused:
        raise
    except Exception as error:  # a damaged or disguised file makes Pillow raise almost anything
        raise Refused(UNREADABLE) from error


def _is_something_else_too(upload: UploadedFile[Any]) -> bool:
    """Whether the file is a page, a script or an archive besides. Pictures appended by a phone are no such thing."""
    place = upload.tell()
    upload.seek(0)
    data = upload.read()
    upload.seek(place)
    opens_a_comment = data[4:6] == b"/*"  # as a script that begins like a JPEG or a WebP must
    return opens_a_comment or ZIP_END in data[-ZIP_END_WITHIN:] or FOREIGN.search(data) is not None


def _fresh(source: Image.Image, largest: int, mode: str) -> Image.Image:
    source.thumbnail((largest, largest))
    upright = ImageOps.exif_transpose(source).convert("RGBA" if source.has_transparency_data else "RGB")
    fresh = Image.new(mode, upright.size, None if mode == "RGBA" else "white")
    fresh.paste(upright, mask=upright if mode == "RGB" and upright.mode == "RGBA" else None)
    return fresh


def _at_width(image: Image.Image, width: int) -> Image.Image:
    if width == image.width:
        return image
    return image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)


def _saved(image: Image.Image, **how: Any) -> bytes:
    data = BytesIO()
    image.save(data, **how)
    return data.getvalue()
