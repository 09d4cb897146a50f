"""Pictures and logo from the media folder into the bucket of MEDIA_STORAGE_URL, or back: each compared after it came.

Nothing is deleted where they come from: a site that still runs with the settings of before goes on showing them.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, default_storage

from education.health.backups import stored_media

BLOCK_BYTES = 1 << 20


class PicturesRefused(Exception):
    """Why they were not copied. The message is for the operator."""


@dataclass
class Copied:
    """How many files were brought there, and how many were there already."""

    brought: int = 0
    there: int = 0


def copy(*, back: bool = False, note: Callable[[str], object] = str) -> Copied:
    """Copy all pictures. May be repeated, also after it was killed: what is there already is only compared. `note` is
    called with the name of each file that was brought.
    """
    folder = FileSystemStorage()
    if isinstance(default_storage, FileSystemStorage):
        raise PicturesRefused("MEDIA_STORAGE_URL is not set: the pictures are in the media folder, and stay there.")
    source, target = (default_storage, folder) if back else (folder, default_storage)
    copied = Copied()
    for name in _names(source):
        digest = _digest(source, name)
        if target.exists(name) and _digest(target, name) == digest:
            copied.there += 1
            continue
        _bring(source, target, name)
        if _digest(target, name) != digest:
            raise PicturesRefused(
                f"{name} is another file there than here. Run this again; if it stays so, look there."
            )
        copied.brought += 1
        note(name)
    return copied


def _names(source: Storage) -> Iterator[str]:
    if isinstance(source, FileSystemStorage) and not settings.MEDIA_ROOT.is_dir():
        return iter(())
    return stored_media(source)


def _bring(source: Storage, target: Storage, name: str) -> None:
    target.delete(name)  # half of it, or an older one: `save` would give the new one another name
    with source.open(name) as file:
        target.save(name, file)


def _digest(storage: Storage, name: str) -> str:
    digest = hashlib.sha256()
    with storage.open(name) as file:
        for block in file.chunks(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()
