"""What is kept from one run of the tests for the next is made anew as soon as it might come out otherwise."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tests.kept import KEPT, ROOT, fingerprint, forget_all_but_newest, made_once, sources


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for name in ("education/migrations/0001_initial.py", "static/a.css", "tests/database.py", "tests/wording/other.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("as it was")
    (tmp_path / "education" / "__pycache__").mkdir()
    return tmp_path


CHANGES: dict[str, Callable[[Path], object]] = {
    "changed": lambda root: (root / "education/migrations/0001_initial.py").write_text("otherwise"),
    "new": lambda root: (root / "education/migrations/0002_more.py").touch(),
    "gone": lambda root: (root / "static/a.css").unlink(),
    "moved": lambda root: (root / "static/a.css").rename(root / "static/b.css"),
    "what makes it": lambda root: (root / "tests/database.py").write_text("otherwise"),
    "requirements": lambda root: (root / "requirements.txt").touch(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_what_it_comes_from_is_another_fingerprint(repository: Path, change: str) -> None:
    before = fingerprint(repository)
    CHANGES[change](repository)
    assert fingerprint(repository) != before


def test_another_day_is_another_fingerprint_and_other_tests_are_not(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint(repository)
    (repository / "tests/wording/other.py").write_text("otherwise")
    (repository / "education/__pycache__/made.pyc").touch()
    os.utime(repository / "static/a.css", (0, 0))
    assert fingerprint(repository) == before
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda: tomorrow)
    assert fingerprint(repository) != before


def test_the_migrations_the_starter_library_and_what_shows_it_are_among_them() -> None:
    found = {str(path.relative_to(ROOT)) for path in sources(ROOT)}
    assert {"education/migrations/0001_initial.py", "clinic_site/settings.py", "tests/starter.py"} <= found
    assert any(name.startswith("education/starter_content/") and name.endswith(".md") for name in found)
    assert any(name.startswith("templates/") for name in found)
    assert "requirements-dev.txt" in found


def test_it_is_made_once_and_anew_after_a_run_that_broke_off(tmp_path: Path) -> None:
    made: list[Path] = []

    def make(path: Path) -> None:
        made.append(path)
        path.write_text("half")
        if len(made) == 1:
            raise KeyboardInterrupt
        path.write_text("whole")

    with pytest.raises(KeyboardInterrupt):
        made_once(tmp_path, "rows", make)
    assert [made_once(tmp_path, "rows", make).read_text() for _ in range(2)] == ["whole", "whole"]
    assert len(made) == 2


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    for number in range(KEPT + 2):
        (tmp_path / f"of run {number}").mkdir()
        os.utime(tmp_path / f"of run {number}", (number, number))
    forget_all_but_newest(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {f"of run {number}" for number in range(2, KEPT + 2)}
