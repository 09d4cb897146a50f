"""Packs one version for those who run it: `make release`. From one commit it makes the same archive, byte for byte.

The folder then holds the archive, what an installation consists of (CycloneDX) and under which licences, what changed
and what an operator has to do, and the SHA-256 of each of these.
"""

import gzip
import hashlib
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
NAME = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)
TO_DO = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
LICENCE_WORDS = re.compile(r"licen[cs]e\s*::\s*(?:osi approved\s*::\s*)?(.+)", re.IGNORECASE)


def git(root: Path, *words: str) -> bytes:
    return subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True).stdout  # noqa: S603, S607


def version_of(root: Path) -> str:
    return str(tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"])


def archive(root: Path, version: str) -> bytes:
    """What is committed, in git's order, without the day or the user who packs it."""
    tar = git(root, "archive", "--format=tar", f"--prefix=clinic-site-{version}/", "HEAD")
    return gzip.compress(tar, mtime=0)


def changes(root: Path, version: str) -> tuple[str, bool]:
    """The part of CHANGELOG.md about this version, and whether it has a day."""
    parts = re.split(r"^## ", (root / "CHANGELOG.md").read_text(), flags=re.MULTILINE)
    part = next((part for part in parts if part.startswith(f"{version} ")), "")
    heading, _, text = part.partition("\n")
    return text.strip(), bool(re.search(r"\(\d{4}-\d{2}-\d{2}\)", heading))


def upgrade_notes(version: str, text: str) -> str:
    """What whoever upgrades has to know: what CHANGELOG.md says in bold, and all that changed."""
    to_do = [f"- {' '.join(found.split())}" for found in TO_DO.findall(text)] or ["- Nothing beside the command below."]
    return "\n".join(
        [
            f"# Upgrading to {version}",
            "",
            "Unpack the archive, and there: `sudo clinic_site/deploy/upgrade.sh`. It makes a backup first, and goes",
            "back by itself if the new version is not well. `clinic_site/deploy/README.md` explains it.",
            "",
            "## Before and after",
            "",
            *to_do,
            "",
            "## What changed",
            "",
            text,
            "",
        ]
    )


def licences(root: Path) -> str:
    """Each package that an installation consists of, with its version and licence."""
    pinned = NAME.findall((root / "requirements.txt").read_text())
    return "".join(f"{name} {version}: {licence_of(name)}\n" for name, version in sorted(pinned))


def licence_of(package: str) -> str:
    try:
        said = metadata.metadata(package)
    except metadata.PackageNotFoundError:  # for another system than this one
        return "not installed here"
    if expression := said.get_all("License-Expression"):
        return str(expression[0])
    classified = [found[1] for found in map(LICENCE_WORDS.match, said.get_all("Classifier") or []) if found]
    return ", ".join(classified) or str((said.get_all("License") or ["not said"])[0]).splitlines()[0]


def bill_of_materials(root: Path, target: Path) -> None:
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", str(root / "requirements.txt")]
    options = ["--pyproject", str(root / "pyproject.toml"), "--mc-type", "application", "--output-reproducible"]
    subprocess.run([*command, *options, "--output-format", "JSON", "--output-file", str(target)], check=True)  # noqa: S603


def pack(root: Path, folder: Path, *, draft: bool) -> str:
    """What keeps it from being packed; empty when all is in the folder."""
    version = version_of(root)
    text, has_day = changes(root, version)
    if git(root, "status", "--porcelain", "--untracked-files=no").strip():
        return "Something is changed and not committed. Commit it, then pack."
    if not text or not (has_day or draft):
        return f"CHANGELOG.md has no “## {version} (YEAR-MONTH-DAY)”. Put it in, or try: make release DRAFT=yes"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"clinic-site-{version}"
    (folder / f"{name}.tar.gz").write_bytes(archive(root, version))
    (folder / f"{name}.licences.txt").write_text(licences(root))
    (folder / f"{name}.upgrading.md").write_text(upgrade_notes(version, text))
    bill_of_materials(root, folder / f"{name}.cdx.json")
    files = sorted(path for path in folder.glob(f"{name}.*") if path.is_file())
    sums = "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)
    (folder / "SHA256SUMS").write_text(sums)
    sys.stdout.write(f"In {folder}:\n{sums}")
    return ""


if __name__ == "__main__":
    sys.exit(pack(ROOT, Path(sys.argv[1]), draft="--draft" in sys.argv) or 0)
