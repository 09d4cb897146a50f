"""The last good pages on disk: they are served when the site starts without its database.

One file for each page, written whole or not at all, in a folder for each part of its address: a page and all that is
below it are deleted together, and no file is read for that. The folder holds only what everybody may read, and may be
deleted at any time.
"""

import fcntl
import hashlib
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from clinic_site.edge.page_cache.page import CachedPage

log = logging.getLogger(__name__)

NAME_LENGTH = 32


class DiskCache:
    """`release` identifies the templates and styles: a page of another release is only a last resort."""

    def __init__(self, folder: Path, release: str) -> None:
        self.folder = folder
        self.release = release
        self._delete_flat_files()

    def save(self, page: CachedPage) -> None:
        """Keep this page, unless another worker has kept a newer one."""
        facts = {
            "path": page.path,
            "seen": page.change,
            "made": page.rendered_at,
            "keep": page.max_age,
            "names_others": page.names_others,
            "query": sorted(page.query_parameters),
            "release": self.release,
            "headers": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in page.headers],
        }
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            with self._locked():
                kept = _facts_in(self._file(page.path))
                if kept and kept["release"] == self.release and kept["seen"] > page.change:
                    return
                draft = self.folder / f".draft-{os.getpid()}"
                draft.write_bytes(json.dumps(facts).encode() + b"\n" + page.body)
                self._file(page.path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                draft.replace(self._file(page.path))
        except OSError as error:
            log.warning("a page could not be kept on disk (%s)", error.strerror)

    def load(self, path: str, *, epoch: int, any_release: bool = False) -> CachedPage | None:
        """The page, or None if there is none, its file is damaged, or another release rendered it."""
        try:
            first_line, _, body = self._file(path).read_bytes().partition(b"\n")
            facts = json.loads(first_line)
            if facts["release"] != self.release and not any_release:
                return None
            return CachedPage(
                path=path,
                headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in facts["headers"]],
                body=body,
                change=facts["seen"],
                epoch=epoch,
                rendered_at=facts["made"],
                max_age=facts["keep"],
                names_others=facts["names_others"],
                query_parameters=frozenset(facts["query"]),
            )
        except (OSError, ValueError, KeyError):
            return None

    def delete(self, path: str) -> None:
        self._remove(self._file(path).unlink)

    def delete_tree(self, path: str) -> None:
        """Delete this page and those below its address."""
        self.delete(path)
        below = self._file(f"{path.rstrip('/')}/").parent
        if below != self.folder:
            self._remove(lambda: shutil.rmtree(below))

    def _delete_flat_files(self) -> None:
        """Earlier releases kept all pages in this folder itself, where no withdrawal would delete them any more."""
        for file in self.folder.glob("?" * NAME_LENGTH):
            if file.is_file():
                self._remove(file.unlink)

    def _file(self, path: str) -> Path:
        *folders, name = map(_file_name, path.split("/")[1:])
        return self.folder.joinpath(*folders, f"{name}.page")

    def _remove(self, remove: Callable[[], None]) -> None:
        """What is not there needs no removing; nor is anything there before the first page is kept."""
        try:
            with self._locked():
                remove()
        except FileNotFoundError:
            pass
        except OSError as error:
            log.warning("a page could not be deleted from the disk (%s)", error.strerror)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Let one worker at a time change the folder."""
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _file_name(part: str) -> str:
    """Safe as a name of a file or folder, whatever this part of an address holds."""
    return hashlib.sha256(part.encode()).hexdigest()[:NAME_LENGTH]


def _facts_in(file: Path) -> dict[str, Any] | None:
    try:
        with file.open("rb") as opened:
            facts: dict[str, Any] = json.loads(opened.readline())
            return facts
    except (OSError, ValueError):
        return None


def release_fingerprint(*folders: Path, also: str) -> str:
    """Changes with every file in these folders, the templates and styles, and with the settings that pages show."""
    facts = [
        (str(path), stat.st_size, stat.st_mtime_ns)
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and (stat := path.stat())
    ]
    return hashlib.sha256(repr((facts, also)).encode()).hexdigest()[:16]
