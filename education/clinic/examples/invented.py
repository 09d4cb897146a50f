"""What is said of the invented clinic."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
CREDIT = "Drawn for a clinic that is invented"  # by which its pictures are told from the clinic's own


@cache
def clinic() -> dict[str, Any]:
    words: dict[str, Any] = yaml.safe_load((FOLDER / "clinic.yaml").read_text(encoding="utf-8"))
    return words


def art(name: str) -> bytes:
    return (FOLDER / "art" / f"{name}.png").read_bytes()
