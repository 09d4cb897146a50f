"""Names of static files before and after they are collected."""

from pathlib import Path
from typing import Any

from django.test import override_settings

from clinic_site.static_files import StaticStorage


def storage(folder: Path, manifest: str = "") -> Any:
    if manifest:
        (folder / "staticfiles.json").write_text(manifest)
    with override_settings(STATIC_ROOT=str(folder)):
        return StaticStorage()


def test_plain_names_before_collecting(tmp_path: Path) -> None:
    assert storage(tmp_path).url("css/base.css") == "/static/css/base.css"


def test_hashed_names_after_it_and_a_missing_file_takes_no_page_down(tmp_path: Path) -> None:
    collected = storage(tmp_path, '{"version": "1.1", "paths": {"css/base.css": "css/base.abc.css"}, "hash": ""}')
    assert collected.url("css/base.css") == "/static/css/base.abc.css"
    assert collected.url("img/not-there.png") == "/static/img/not-there.png"
