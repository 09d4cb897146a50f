"""Unpacks what an earlier release left."""

import tarfile
from pathlib import Path


def unpack(packed: Path, folder: Path) -> None:
    """File by file: the Python of Debian 12 knows no `filter` yet, and later ones warn where there is none."""
    with tarfile.open(packed) as archive:
        for member in archive:
            target, content = folder / member.name, archive.extractfile(member)
            if content is None:
                target.mkdir(exist_ok=True)
            else:
                target.write_bytes(content.read())
            target.chmod(member.mode)
