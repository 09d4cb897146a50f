"""Canaries: words that exist nowhere else, and a search for them in everything that a site has written."""

import base64
import secrets
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

from tests.browser.sites import Site

SHARED = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))


class Canaries:
    """Each has its own number behind one marker, so that a search for the marker finds them all."""

    def __init__(self) -> None:
        self.marker = f"qz{secrets.token_hex(6)}"
        self.digits = "".join(secrets.choice("123456789") for _ in range(10))
        self.names: list[str] = []

    def words(self, name: str) -> str:
        self.names.append(name)
        return f"Ünï {self.marker}{len(self.names):03}"

    def address(self, name: str) -> str:
        return self.words(name).removeprefix("Ünï ") + "@example.org"

    def number(self) -> str:
        return f"+1 {self.digits}"

    def name_of(self, found: str) -> str:
        """Which field a find in plain text came from."""
        number = found.partition(self.marker)[2][:3]
        return self.names[int(number) - 1] if number.isdecimal() and number != "000" else "some field"


def forms(words: str) -> dict[bytes, str]:
    """The ways in which words may lie in a file, in small letters, and what each is called."""
    plain = words.encode()
    found = {
        **{_base64(plain, before): "base64" for before in range(3)},
        plain.hex().encode(): "hexadecimal",
        words.encode("utf-16-le"): "UTF-16",
        quote_plus(words).encode(): "form-encoded",
        quote(words).encode(): "percent-encoded",
        plain: "plain",
    }
    return {form.lower(): name for form, name in found.items()}


def _base64(plain: bytes, before: int) -> bytes:
    """What is the same in base64 whatever stands around `plain`, if it begins `before` bytes into a group of three."""
    encoded = base64.b64encode(bytes(before) + plain)
    return encoded[-(-8 * before // 6) : 8 * (before + len(plain)) // 6]


@dataclass(frozen=True)
class Find:
    where: str
    form: str
    excerpt: str


def search(sources: Iterable[tuple[str, bytes]], *words: str) -> list[Find]:
    wanted = {form: name for word in words for form, name in forms(word).items()}
    finds = []
    for where, content in sources:
        small = content.lower()
        for needle, form in wanted.items():
            if (at := small.find(needle)) >= 0:
                finds.append(Find(where, form, small[at : at + len(needle) + 3].decode(errors="replace")))
    return finds


def written(site: Site, since: float) -> Iterator[tuple[str, bytes]]:
    """Every file that the site wrote: its folders, its output, what its processes hold open, and shared places.

    Without the static files, which `prepare` has collected before.
    """
    static = site.data_dir / "static"
    yield from files_at(path for path in site.data_dir.rglob("*") if static not in path.parents)
    yield from files_at(site.temporary.rglob("*"))
    yield from files_at([site.run.output])
    for pid in site.run.members():
        yield from files_at(Path(f"/proc/{pid}/fd").glob("*"))  # files that are deleted already, too
    for folder in SHARED:
        yield from files_at(path for path in folder.glob("*") if _changed(path) >= since)


def files_at(paths: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    for path in paths:
        try:
            if stat.S_ISREG(path.stat().st_mode):
                yield f"{path} {path.readlink() if path.is_symlink() else ''}", path.read_bytes()
        except OSError:  # gone meanwhile, or another user's
            continue


def _changed(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except OSError:
        return 0
