"""Uploaded pictures are drawn again onto a new image: what was hidden in the file stays behind."""

import secrets
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 8_000_000
MOST_PIXELS = 24_000_000
TOO_HEAVY = "This file is larger than 8 MB. Save a smaller version of the picture and try again."
TOO_LARGE = "This picture has more than 24 million pixels. Save a smaller version of it and try again."
UNREADABLE = "This is not a picture we can read. Use a JPEG, PNG or WebP file."


class Refused(ValueError):
    """The picture can't be used. The message tells the person who chose it why."""


@dataclass(frozen=True)
class Picture:
    file: ContentFile[bytes]
    width: int
    height: int


def reencode(upload: UploadedFile[Any], *, largest: int) -> Picture:
    """The upload as a new PNG (which every browser shows) under a random name, no side longer than `largest`."""
    if (upload.size or 0) > MOST_BYTES:
        raise Refused(TOO_HEAVY)
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(upload, formats=FORMATS) as source:
            # So far only the header was read: a 10 KB file that unfolds to 400 MB never gets to unfold.
            if source.width * source.height > MOST_PIXELS:
                raise Refused(TOO_LARGE)
            return _draw(source, largest)
    except Image.DecompressionBombError as error:
        raise Refused(TOO_LARGE) from error
    except Refused:
        raise
    except Exception as error:  # a damaged or disguised file makes Pillow raise almost anything
        raise Refused(UNREADABLE) from error


def _draw(source: Image.Image, largest: int) -> Picture:
    source.thumbnail((largest, largest))
    mode = "RGBA" if source.has_transparency_data else "RGB"
    upright = ImageOps.exif_transpose(source).convert(mode)
    fresh = Image.new(mode, upright.size)
    fresh.paste(upright)
    data = BytesIO()
    fresh.save(data, "PNG", optimize=True)
    return Picture(ContentFile(data.getvalue(), f"{secrets.token_hex(8)}.png"), fresh.width, fresh.height)
