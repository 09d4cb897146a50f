"""What the desk is made of: links under titles."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Link:
    words: str
    path: str
    note: str = ""
    done: bool = False


@dataclass(frozen=True)
class Section:
    """One thing that waits. `more` leads to the whole list when only the first few links are shown."""

    title: str
    count: int
    links: list[Link] = field(default_factory=list)
    empty: str = ""
    more: Link | None = None
    strong: bool = False  # somebody should look now
