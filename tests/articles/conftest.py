"""A small library of files to load from."""

from collections.abc import Callable
from pathlib import Path

import pytest

HEAD = {
    "title": "Lupus",
    "slug": "lupus",
    "topic": "autoimmune-conditions",
    "kind": "condition",
    "language": "en",
    "aliases": "[]",
    "summary": "About lupus.",
    "author": "ann",
    "references": "[]",
}
Write = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    library = tmp_path / "library"
    library.mkdir()
    (library / "topics.yaml").write_text("- slug: autoimmune-conditions\n  title: Autoimmune conditions\n")
    (library / "people.yaml").write_text("- slug: ann\n  name: Ann Author\n")
    (library / "references.yaml").write_text("- key: younger-2013\n  title: A trial\n  kind: rct\n  status: current\n")
    return library


@pytest.fixture
def write(folder: Path) -> Write:
    """Writes one article file; lines of its head can be changed by name, or left out with None."""

    def write(words: str = "Plain words.", *, file: str = "lupus.md", **head: str | None) -> Path:
        lines = [f"{key}: {value}" for key, value in (HEAD | head).items() if value is not None]
        path = folder / file
        path.write_text("\n".join(["---", *lines, "---", "", words, ""]), encoding="utf-8")
        return path

    return write
