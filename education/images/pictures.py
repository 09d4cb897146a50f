"""Re-encoding uploaded pictures: pixels are copied to a new image, so that metadata and hidden data are left behind.

What a picture loses on the way is said in `notes`, for the person who uploaded it.
"""

import re
import secrets
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from education.images.colors import in_srgb, with_eight_bits
from education.images.versions import FORMATS, WIDTHS, widths_of

register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
READABLE = ("JPEG", "PNG", "WEBP", "HEIF")  # as Pillow calls them
KINDS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "WEBP": "WebP", "HEIF": "HEIC"}  # MPO: a JPEG with a second one
# Millions of pixels, so that no picture takes 200 MB to decode: one pixel of a WebP takes sixteen bytes, for example.
# Phones take pictures of 5712 × 4284.
MAX_MEGAPIXELS = {"JPEG": 25, "CMYK JPEG": 16, "PNG": 16, "WebP": 12, "HEIC": 25}
DECODING = Lock()  # one picture at a time in each process, for the same reason
MAX_SIDE = 2400
SQUARE_SIDE = 320
UPLOAD_RULE = f"A JPEG, PNG, WebP or HEIC file of at most {settings.MAX_UPLOAD_MB} MB."
TOO_MANY_BYTES = (
    f"This file is larger than {settings.MAX_UPLOAD_MB} MB. Save a smaller version of the picture and try again."
)
TOO_MANY_PIXELS = (
    "This picture has more than {} million pixels, too many for a {}. Save a smaller version of it and try again."
)
TWELVE_BITS = "This JPEG has 12 bits for each color, which no browser shows. Save it again with 8 bits and try again."
UNREADABLE = "This is not a picture we can read. Use a JPEG, PNG, WebP or HEIC file."
POLYGLOT = "This file is a picture and something else at once. Save it again in a picture program and try again."
SMALLER = "It had {} × {} pixels and is kept with {} × {}."
NARROW = "That is narrow: if it holds words, cut it into several pictures."
ONE_OF_SEVERAL = "Only the first of the {} pictures in this file is kept."
NOW_WHITE = "Its transparent parts are white now."
SAVE_AS: dict[str, dict[str, Any]] = {
    "avif": {"format": "AVIF", "quality": 60, "speed": 8},
    "webp": {"format": "WEBP", "quality": 78},
    "jpg": {"format": "JPEG", "quality": 80, "progressive": True, "optimize": True},
}
# Markup by which a browser, a server or a PDF reader could take the file for something other than a picture.
FOREIGN_MARKUP = re.compile(rb"<script|<html|<!doctype|<\?php|<iframe|%PDF-1", re.IGNORECASE)
HEADER_WITHIN = 1_000_000  # bytes: a profile and a thumbnail may come before it
TWELVE_BIT_FRAME = re.compile(rb"\xff[\xc0-\xc2]\x00[\x0b\x11\x14]\x0c", re.DOTALL)  # marker, length, bits
ORIENTATION, LYING = 0x0112, 5  # in Exif; from 5 on, width and height change places
ZIP_END = b"PK\x05\x06"
ZIP_END_WITHIN = 66_000


class UnusablePicture(ValueError):
    """The picture can't be used. The message says why, to the person who chose it."""


@dataclass(frozen=True)
class ReencodedImage:
    file: ContentFile[bytes]
    width: int
    height: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Versions:
    """A picture in each width and format, by (width, extension). `width` and `height` are the largest version's."""

    files: dict[tuple[int, str], bytes]
    width: int
    height: int
    notes: tuple[str, ...] = ()


def reencode(upload: UploadedFile[Any], *, largest: int) -> ReencodedImage:
    """The upload as a new PNG under a random name, no side longer than `largest` pixels. Raises UnusablePicture."""
    with _checked(upload) as source:
        before = _upright_size(source)
        redrawn, notes = _redrawn(source, largest)
        notes += _size_notes(before, redrawn.size)
        file = ContentFile(_encoded(redrawn, format="PNG", optimize=True), f"{secrets.token_hex(8)}.png")
        return ReencodedImage(file, *redrawn.size, tuple(notes))


def versions(upload: UploadedFile[Any]) -> Versions:
    """The upload in every width and format that pages need. Transparency becomes white. Raises UnusablePicture."""
    with _checked(upload) as source:
        before = _upright_size(source)
        redrawn, notes = _redrawn(source, MAX_SIDE)
        redrawn, on_white = _on_white(redrawn)
        if redrawn.width > WIDTHS[-1]:
            redrawn = _resized(redrawn, WIDTHS[-1])
        notes += [*on_white, *_size_notes(before, redrawn.size, narrow=WIDTHS[0])]
        files: dict[tuple[int, str], bytes] = {}
        for width in widths_of(redrawn.width):
            sized = _resized(redrawn, width)
            files |= {(width, extension): _encoded(sized, **SAVE_AS[extension]) for extension in FORMATS}
        return Versions(files, *redrawn.size, tuple(notes))


def square(data: bytes, focal_x: int, focal_y: int) -> bytes:
    """A small square, as a JPEG, with the focus (in percent) as near to its center as the picture allows."""
    with Image.open(BytesIO(data), formats=READABLE) as source:
        focus = (focal_x / 100, focal_y / 100)
        return _encoded(ImageOps.fit(source, (SQUARE_SIDE, SQUARE_SIDE), centering=focus), **SAVE_AS["jpg"])


@contextmanager
def _checked(upload: UploadedFile[Any]) -> Iterator[Image.Image]:
    if (upload.size or 0) > settings.MAX_UPLOAD_MB * 1_000_000:
        raise UnusablePicture(TOO_MANY_BYTES)
    try:
        with DECODING, warnings.catch_warnings(action="ignore"), Image.open(upload, formats=READABLE) as source:
            # Only the header has been read so far: a 10 KB file that would decompress to 400 MB is stopped here.
            _require_few_pixels(source)
            if _is_polyglot(upload):
                raise UnusablePicture(POLYGLOT)
            yield source
    except Image.DecompressionBombError as error:
        raise UnusablePicture(TOO_MANY_PIXELS.format(MAX_MEGAPIXELS["JPEG"], "picture")) from error
    except UnusablePicture:
        raise
    except Exception as error:  # a damaged or disguised file makes Pillow raise almost anything
        raise UnusablePicture(TWELVE_BITS if _has_twelve_bits(upload) else UNREADABLE) from error


def _require_few_pixels(source: Image.Image) -> None:
    kind = KINDS[str(source.format)]
    kind = f"CMYK {kind}" if source.mode == "CMYK" else kind
    if source.width * source.height > MAX_MEGAPIXELS[kind] * 1_000_000:
        raise UnusablePicture(TOO_MANY_PIXELS.format(MAX_MEGAPIXELS[kind], kind))


def _has_twelve_bits(upload: UploadedFile[Any]) -> bool:
    """Whether a JPEG that Pillow does not open says so in the header of a frame."""
    upload.seek(0)
    data = upload.read(HEADER_WITHIN)
    return data.startswith(b"\xff\xd8") and TWELVE_BIT_FRAME.search(data) is not None


def _is_polyglot(upload: UploadedFile[Any]) -> bool:
    """Whether the file is also a web page, a script, a PDF or a ZIP archive. Data that phones append is harmless."""
    place = upload.tell()
    upload.seek(0)
    data = upload.read()
    upload.seek(place)
    is_script = data[4:6] == b"/*"  # a script that begins like a JPEG or a WebP has to open a comment here
    return is_script or ZIP_END in data[-ZIP_END_WITHIN:] or FOREIGN_MARKUP.search(data) is not None


def _redrawn(source: Image.Image, largest: int) -> tuple[Image.Image, list[str]]:
    """A new image, upright, in sRGB, with no side longer than `largest`; and what was lost, but for its size."""
    frames = getattr(source, "n_frames", 1)
    notes = [ONE_OF_SEVERAL.format(frames)] if frames > 1 else []
    share = largest / max(source.size)
    if share < 1:  # a JPEG is decoded at a half, a quarter or an eighth of its size, if that is still large enough
        source.draft(None, (int(source.width * share) or 1, int(source.height * share) or 1))
    upright, deeper = with_eight_bits(source)
    upright.thumbnail((largest, largest), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(upright)
    upright, converted = in_srgb(upright)
    redrawn = Image.new(upright.mode, upright.size)
    redrawn.paste(upright)
    return redrawn, [*notes, *deeper, *converted]


def _upright_size(source: Image.Image) -> tuple[int, int]:
    """How large it is to the eye: a photograph may be stored lying on its side."""
    lies = source.getexif().get(ORIENTATION, 1) >= LYING
    return (source.height, source.width) if lies else source.size


def _size_notes(before: tuple[int, int], after: tuple[int, int], narrow: int = 0) -> list[str]:
    """What to say of a new size. `narrow`: the width below which words in the picture are hard to read."""
    if after == before:
        return []
    return [SMALLER.format(*before, *after), *([NARROW] if after[0] < min(narrow, before[0]) else [])]


def _on_white(image: Image.Image) -> tuple[Image.Image, list[str]]:
    if image.mode != "RGBA":
        return image, []
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image)
    return white, [NOW_WHITE]


def _resized(image: Image.Image, width: int) -> Image.Image:
    if width == image.width:
        return image
    return image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)


def _encoded(image: Image.Image, **how: Any) -> bytes:
    data = BytesIO()
    image.save(data, **how)
    return data.getvalue()
