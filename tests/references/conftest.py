"""A file of retractions."""

from pathlib import Path

import pytest

from tests.references.exports import HEAD, Export


@pytest.fixture
def export(tmp_path: Path) -> Export:
    def write(*rows: str, head: str = HEAD) -> Path:
        path = tmp_path / "export.csv"
        path.write_bytes("\n".join([head, *rows, ""]).encode("utf-8-sig"))
        return path

    return write
