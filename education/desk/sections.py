"""What the desk consists of: sections with links."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Link:
    words: str
    path: str
    note: str = ""
    done: bool = False


@dataclass(frozen=True)
class Section:
    """One kind of work that waits. `empty` is said when there is none; `more` leads to the whole list."""

    title: str
    count: int
    links: list[Link] = field(default_factory=list)
    empty: str = ""
    more: Link | None = None
    strong: bool = False  # emphasised: somebody should look now
