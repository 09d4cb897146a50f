"""What was found in the HTML of editions that are older than stored places stays found in just that way."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from education.articles.rendering.places_format_1 import places_json
from tests.upgrade.unpacking import unpack

FOUND_IN_0_1_0 = "ec425f26126ce5c0eb309063c6707bfef3bcfb266c8c0c3824452d634de5bcb1"


def test_the_frozen_code_still_finds_what_the_migration_found(tmp_path: Path) -> None:
    """Else `manage.py editions_verify` would call each of those editions tampered with."""
    unpack(Path(__file__).parent / "0.1.0" / "data.tar.xz", tmp_path)
    with closing(sqlite3.connect(tmp_path / "clinic.sqlite3")) as database:
        editions = database.execute("SELECT html, content FROM education_edition ORDER BY id").fetchall()
    found = [places_json(html, content) for html, content in editions]
    assert len(found) == 27
    assert hashlib.sha256("\n".join(found).encode()).hexdigest() == FOUND_IN_0_1_0
