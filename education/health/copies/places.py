"""What a second place for backups is: a folder, such as one that is mounted from another machine, or a bucket."""

import errno
import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from education.core.disk import NO_SPACE
from education.health import backups

MARK = "second-place-of-clinic-site"
BLOCK_BYTES = 1 << 20
NO_RIGHT = (errno.EACCES, errno.EPERM, errno.EROFS)


class PlaceRefused(Exception):
    """Why nothing is kept there. The message may be shown to the operator."""


@dataclass(frozen=True)
class Held:
    """A backup that is there. `made` counts as time.time() does."""

    size: int
    made: float


class Place(Protocol):
    """A second place for backups. Each of its methods raises PlaceRefused, or an OSError that `explain` knows."""

    def require_there(self) -> None: ...

    def held(self) -> dict[str, Held]: ...

    def put(self, source: Path) -> None:
        """Copy it, whole or not at all. What the place has then must be what was sent there."""

    def differs(self, source: Path) -> bool: ...

    def delete(self, name: str) -> None: ...

    def explain(self, error: OSError) -> str: ...


class Folder:
    def __init__(self, path: Path) -> None:
        self.path = path

    def require_there(self) -> None:
        """Raise PlaceRefused for a folder on which nothing is mounted: what is written there fills the own disk."""
        if not (self.path / MARK).is_file():
            raise PlaceRefused(
                f"There is no file {MARK} in {self.path}. If nothing is mounted there, mount it. If it is a new place, "
                f"run: touch {self.path / MARK}"
            )

    def held(self) -> dict[str, Held]:
        found = {path.name: path.stat() for path in self.path.glob(backups.PATTERN)}
        return {name: Held(stat.st_size, stat.st_mtime) for name, stat in found.items()}

    def put(self, source: Path) -> None:
        draft = self.path / f".{source.name}.part"
        try:
            if _copied(source, draft) != digest_of(draft):
                raise PlaceRefused(f"{self.path} gave {source.name} back with other bytes. See to its disk.")
            draft.replace(self.path / source.name)
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def differs(self, source: Path) -> bool:
        there = self.path / source.name
        return not there.is_file() or digest_of(there) != digest_of(source)

    def delete(self, name: str) -> None:
        (self.path / name).unlink(missing_ok=True)

    def explain(self, error: OSError) -> str:
        if error.errno in NO_SPACE:
            return f"{self.path} is full. Free some space there."
        if error.errno in NO_RIGHT:
            return f"{self.path} can't be written to. Give this user the right to; with systemd also ReadWritePaths=."
        return f"{self.path} does not answer ({error.strerror}). See that it is mounted and that its server runs."


def _copied(source: Path, target: Path) -> str:
    """The SHA-256 of what was copied."""
    digest = hashlib.sha256()
    private = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(private, "wb") as to, source.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
            to.write(block)
        to.flush()
        os.fsync(to.fileno())
        os.posix_fadvise(to.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)  # to be read from the place, not from memory
        made = os.fstat(file.fileno()).st_mtime
    with suppress(OSError):  # not every file system that is mounted can do that
        os.utime(target, (made, made))
    return digest.hexdigest()


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
