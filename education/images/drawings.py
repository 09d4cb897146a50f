"""The drawings that come with the site: files in `static/drawings/`, each with a version for the dark."""

import re
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path

from django.conf import settings

SIZE = re.compile(r'viewBox="0 0 (\d+) (\d+)"')
WORDS = re.compile(r"<title>(.*?)</title>\s*<desc>(.*?)</desc>", re.DOTALL)


@dataclass(frozen=True)
class Drawing:
    name: str
    title: str
    description: str  # a text alternative to begin with
    width: str
    height: str

    @property
    def address(self) -> str:
        """The address of the drawing, without a hash in its name, because an edition outlives that hash."""
        return f"{settings.STATIC_URL}drawings/{self.name}.svg"

    @property
    def dark_address(self) -> str:
        return f"{settings.STATIC_URL}drawings/{self.name}.dark.svg"


@cache
def shipped() -> dict[str, Drawing]:
    """All drawings by name, in alphabetical order."""
    folder = Path(settings.BASE_DIR) / "static" / "drawings"
    return {path.stem: _read(path) for path in sorted(folder.glob("*.svg")) if "." not in path.stem}


def _read(path: Path) -> Drawing:
    source = path.read_text(encoding="utf-8")
    size, words = SIZE.search(source), WORDS.search(source)
    if not size or not words:
        raise ValueError(f"{path.name} has no viewBox, or no title and description.")
    title, description = (unescape(text) for text in words.groups())
    return Drawing(path.stem, title, description, *size.groups())
