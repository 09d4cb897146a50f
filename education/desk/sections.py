"""What the desk consists of: sections with links."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from education.colleagues.models import Task
from education.consultations.models import ConsultationRequest


@dataclass(frozen=True)
class Link:
    words: str
    path: str
    note: str = ""
    done: bool = False


@dataclass(frozen=True)
class Tally:
    """A number at the head of the desk, and what it counts."""

    number: int
    words: str
    path: str
    alarming: bool = False


@dataclass(frozen=True)
class Line:
    """One thing about the state of the site. `well`: it is as it should be."""

    words: str
    well: bool = False


@dataclass(frozen=True)
class Section:
    """One kind of work that waits. `empty` is said when there is none; `more` leads to the whole list.

    `next_to_answer` are requests as the queue has them, each with the words for its flag: without what is sealed, so
    that nobody's look is recorded; None in every other section.
    `tasks` can be marked as done there and then, and `done_tasks` be opened again. `is_common`: whoever they were for
    can't do them any more.
    """

    title: str
    count: int
    links: list[Link] = field(default_factory=list)
    empty: str = ""
    more: Link | None = None
    strong: bool = False  # emphasized: somebody should look now
    next_to_answer: Sequence[tuple[ConsultationRequest, str]] | None = None
    tasks: Sequence[Task] = ()
    done_tasks: Sequence[Task] = ()
    is_common: bool = False
    place: str = ""  # its id on the desk, if something leads to it
