"""What can be done to the picture library."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import partial

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import ProtectedError

from education.audit.actions import record
from education.core.disk import NotStored
from education.images.models import Picture, PictureUse
from education.images.pictures import Versions, square
from education.images.versions import address_of, path_of
from education.pages import actions as pages


class PictureInUse(ValueError):
    """The picture can't be deleted. The message says where it is shown."""


@transaction.atomic
def add_picture(picture: Picture, versions: Versions, *, by: AbstractBaseUser | None) -> Picture:
    """Put a new picture into the library. Raises NotStored."""
    picture.width, picture.height = versions.width, versions.height
    picture.save()
    files = {path_of(picture.name, *version): data for version, data in versions.files.items()}
    store({**files, _square_path(picture): _square(picture, versions.files[picture.width, "jpg"])})
    record("picture_added", by=by, about=f"picture:{picture.name}")
    return picture


@transaction.atomic
def save_picture(picture: Picture, *, by: AbstractBaseUser | None) -> None:
    """Save the picture's texts and its focus. Raises NotStored."""
    before = Picture.objects.get(pk=picture.pk)
    picture.save()
    old, new = _square_path(before), _square_path(picture)
    if old != new:
        if not default_storage.exists(new):
            with default_storage.open(path_of(picture.name, picture.width, "jpg")) as file:
                store({new: _square(picture, file.read())})
        delete_files(old)
    record("picture_changed", by=by, about=f"picture:{picture.name}")


def store(files: Mapping[str, bytes]) -> None:
    """Store these files by path, all of them or none, where there are none yet. Raises NotStored."""
    try:
        for path, data in files.items():
            default_storage.save(path, ContentFile(data))
    except OSError as error:
        for path in files:  # half a file may be there too
            with suppress(OSError):
                default_storage.delete(path)
        raise NotStored(error, again="choose the picture and save again", is_file=True) from error


@transaction.atomic
def delete_picture(picture: Picture, *, by: AbstractBaseUser | None) -> None:
    """Delete the picture and its files. Raises PictureInUse if a draft shows it or any edition ever did."""
    files = [*picture.files(), _square_path(picture)]
    try:
        picture.delete()
    except ProtectedError as error:
        shown_on = sorted({str(getattr(row, "parent", row)) for row in error.protected_objects})
        raise PictureInUse(f"It is shown on: {', '.join(shown_on)}. Patients have seen it there, or will.") from error
    record("picture_deleted", by=by, about=f"picture:{picture.name}")
    delete_files(*files)


def delete_files(*files: str) -> None:
    """Delete these files once this transaction is committed. A CDN hears of it last, because it may ask for a file
    until then.
    """
    transaction.on_commit(partial(_delete_files, files))


def _delete_files(files: Iterable[str]) -> None:
    for file in files:
        default_storage.delete(file)
    pages.files_gone(map(address_of, files))


def by_name(names: Iterable[str]) -> dict[str, Picture]:
    """The pictures with these names, in one query; without names, no query at all."""
    wanted = set(names)
    return {picture.name: picture for picture in Picture.objects.filter(name__in=wanted)} if wanted else {}


def used(names: Iterable[str], *, path: str, title: str) -> None:
    """Record that an edition at `path` shows these pictures, so that they can't be deleted. Joins the transaction."""
    uses = [PictureUse(picture_id=name, path=path, title=title) for name in dict.fromkeys(names)]
    PictureUse.objects.bulk_create(
        uses, update_conflicts=True, unique_fields=["picture", "path"], update_fields=["title"]
    )


def _square_path(picture: Picture) -> str:
    return path_of(picture.name, f"square-{picture.focal_x}-{picture.focal_y}", "jpg")


def _square(picture: Picture, largest: bytes) -> bytes:
    return square(largest, picture.focal_x, picture.focal_y)
