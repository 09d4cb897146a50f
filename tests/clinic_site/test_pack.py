"""`make release`: the same commit is the same archive, and nothing is packed that nobody described."""

import os
import subprocess
from pathlib import Path

import pytest

from clinic_site.deploy import pack
from tests.server import ROOT

CHANGES = (
    "# Changes\n\n## 1.2.0 ({day})\n\n- A thing. **Check the\n  profile.** More.\n\n## 1.1.0 (2026-01-01)\n\n- Old.\n"
)


def git(folder: Path, *words: str) -> None:
    own = {f"GIT_{who}_{what}": "x@clinic.test" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    subprocess.run(["git", *words], cwd=folder, env={**os.environ, **own}, check=True, capture_output=True)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    files = {"pyproject.toml": '[project]\nversion = "1.2.0"\n', "CHANGELOG.md": CHANGES.format(day="2026-11-29")}
    for name, words in (files | {"requirements.txt": "Django==5.2.1 \\\n    --hash=x\n"}).items():
        (folder / name).write_text(words)
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "all")
    return folder


def test_two_checkouts_of_one_commit_give_the_same_bytes(source: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "source", "other")
    for path in (tmp_path / "other").glob("*.*"):
        os.utime(path, (1, 1))
        path.chmod(0o600)
    assert pack.archive(source, "1.2.0") == pack.archive(tmp_path / "other", "1.2.0")


def test_the_folder_holds_all_that_an_operator_needs(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pack, "bill_of_materials", lambda root, target: target.write_text("{}"))
    assert pack.pack(source, tmp_path / "dist", draft=False) == ""
    held = {path.name for path in (tmp_path / "dist").iterdir()}
    assert held == {
        "SHA256SUMS",
        *(f"clinic-site-1.2.0.{kind}" for kind in ("tar.gz", "licences.txt", "upgrading.md", "cdx.json")),
    }
    notes = (tmp_path / "dist" / "clinic-site-1.2.0.upgrading.md").read_text()
    assert "- Check the profile.\n" in notes
    assert "Old." not in notes
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=tmp_path / "dist", check=True)


def test_what_is_not_committed_or_has_no_day_is_not_packed(source: Path, tmp_path: Path) -> None:
    (source / "CHANGELOG.md").write_text(CHANGES.format(day="not released"))
    assert "not committed" in pack.pack(source, tmp_path / "dist", draft=False)
    git(source, "commit", "-qam", "day")
    assert "“## 1.2.0 (YEAR-MONTH-DAY)”" in pack.pack(source, tmp_path / "dist", draft=False)
    assert not (tmp_path / "dist").exists()


def test_each_package_of_an_installation_has_a_licence() -> None:
    lines = pack.licences(ROOT).splitlines()
    assert len(lines) > 30
    assert [line for line in lines if line.endswith(("not said", ": UNKNOWN", ": "))] == []
