"""The files of a picture: one for each width and format, under a random name that is never used again."""

import re
import secrets

FORMATS = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
WIDTHS = (480, 960, 1600)
FOLDER = "pictures"
FILE_NAME = re.compile(r"[0-9a-f]{16}-(?:[0-9]{1,4}|square-[0-9]{1,3}-[0-9]{1,3})\.(?:avif|webp|jpg)")


def new_name() -> str:
    return secrets.token_hex(8)


def widths_of(width: int) -> list[int]:
    """The widths in which a picture of this width is stored; it is never enlarged."""
    return [each for each in WIDTHS if each < width] + [width]


def path_of(name: str, version: int | str, extension: str) -> str:
    return f"{FOLDER}/{name}-{version}.{extension}"


def url_of(name: str, version: int | str, extension: str) -> str:
    return address_of(path_of(name, version, extension))


def address_of(path: str) -> str:
    """The address at which browsers find a stored file, whether it is a picture or not."""
    return f"/media/{path}"
