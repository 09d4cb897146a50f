"""Makes the folder of this version, for the tests of those to come: `.venv/bin/python -m tests.upgrade.make`."""

import json
import re
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from tests.server import ROOT, manage

FOLDER = Path(__file__).parent
PACKED = ("clinic.sqlite3", "keys", "mail", "backups")
RECOVERY_KEY = re.compile(r"\b(?:[0-9A-Z]{4}-){13}[0-9A-Z]{4}\b")


def main() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    target = FOLDER / version
    if target.exists():
        sys.exit(f"{target} is there already. What a released version made is never made again.")
    target.mkdir()
    with tempfile.TemporaryDirectory() as folder:
        facts = make_site(Path(folder) / "site", target / "data.tar.xz")
        facts["recovery_key"] = make_backup(Path(folder) / "other", target / "backup.sealed")
    (target / "facts.json").write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n")
    print(f"{target} is made.")  # noqa: T201


def make_site(data: Path, packed: Path) -> dict[str, Any]:
    """A clinic at work, with the starter library; what the tests have to know of it."""
    manage(data, "migrate")
    manage(data, "load_articles")
    facts: dict[str, Any] = json.loads(fill(data, "fill"))
    manage(data, "seal_keys", "recovery")
    with tarfile.open(packed, "w:xz") as archive:
        for name in PACKED:
            archive.add(data / name, arcname=name)
    return facts


def make_backup(data: Path, sealed: Path) -> str:
    """A backup of a site that holds one request and one page; the recovery key that opens it."""
    manage(data, "migrate")
    fill(data, "fill_sparsely")
    printed = RECOVERY_KEY.search(manage(data, "seal_keys", "recovery"))
    assert printed
    manage(data, "backup", str(sealed))
    return printed[0]


def fill(data: Path, function: str) -> str:
    return manage(data, "shell", "--no-imports", "-c", f"from tests.upgrade import filling; filling.{function}()")


if __name__ == "__main__":
    main()
