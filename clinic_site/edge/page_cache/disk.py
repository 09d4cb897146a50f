"""The last good pages on disk: they are served when the site starts without its database.

One file a page, written whole or not at all. The folder holds what everybody may read, and may be deleted at any time.
"""

import fcntl
import hashlib
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from clinic_site.edge.page_cache.page import Page

log = logging.getLogger(__name__)


class Spill:
    """`release` names the templates and styles: a page of another release is a last resort only."""

    def __init__(self, folder: Path, release: str) -> None:
        self.folder = folder
        self.release = release

    def save(self, page: Page) -> None:
        """Keep this page, unless another worker has kept a newer one."""
        facts = {
            "path": page.path,
            "seen": page.seen,
            "made": page.made,
            "keep": page.keep,
            "names_others": page.names_others,
            "query": sorted(page.query),
            "release": self.release,
            "headers": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in page.headers],
        }
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            with self._alone():
                kept = facts_in(self._file(page.path))
                if kept and kept["release"] == self.release and kept["seen"] > page.seen:
                    return
                draft = self.folder / f".draft-{os.getpid()}"
                draft.write_bytes(json.dumps(facts).encode() + b"\n" + page.body)
                draft.replace(self._file(page.path))
        except OSError as error:
            log.warning("a page could not be kept on disk (%s)", error.strerror)

    def load(self, path: str, *, era: int, any_release: bool = False) -> Page | None:
        try:
            head, _, body = self._file(path).read_bytes().partition(b"\n")
            facts = json.loads(head)
            if facts["release"] != self.release and not any_release:
                return None
            headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in facts["headers"]]
            return Page(
                path=path, headers=headers, body=body, seen=facts["seen"], era=era, made=facts["made"],
                keep=facts["keep"], names_others=facts["names_others"], query=frozenset(facts["query"]),
            )  # fmt: skip
        except (OSError, ValueError, KeyError):
            return None

    def forget(self, path: str) -> None:
        try:
            self._file(path).unlink(missing_ok=True)
        except OSError as error:
            log.warning("a page could not be taken from the disk (%s)", error.strerror)

    def forget_below(self, path: str) -> None:
        """This page and those below its address."""
        for file in [file for file in self.folder.glob("*") if not file.name.startswith(".")]:
            kept = facts_in(file)
            if kept and kept["path"].startswith(path):
                file.unlink(missing_ok=True)

    def _file(self, path: str) -> Path:
        return self.folder / hashlib.sha256(path.encode()).hexdigest()[:32]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def facts_in(file: Path) -> dict[str, Any] | None:
    try:
        with file.open("rb") as opened:
            facts: dict[str, Any] = json.loads(opened.readline())
            return facts
    except (OSError, ValueError):
        return None


def release_of(*folders: Path, also: str) -> str:
    """Changes with every file of the templates and styles, and with the settings that pages show."""
    facts = [
        (str(path), stat.st_size, stat.st_mtime_ns)
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and (stat := path.stat())
    ]
    return hashlib.sha256(repr((facts, also)).encode()).hexdigest()[:16]
