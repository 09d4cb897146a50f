"""What a process keeps of the rows that public pages depend on."""

from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import connection

T = TypeVar("T")


class Kept(Generic[T]):
    """What `read` returned, until a change is noted (see `ChangeCount`): one small query instead of all of `read`'s.

    Every table that `read` looks at must note its changes, by a verb that calls `pages.actions` or by a trigger.
    """

    def __init__(self, read: Callable[[], T]) -> None:
        self.read = read
        self.kept: tuple[int, T] | None = None

    def get(self) -> T:
        """What was read, kept while no page changes. Raises DatabaseError with the database away, whatever was kept."""
        if connection.in_atomic_block:
            return self.read()  # a number that is rolled back is given again, to another change
        number = _number()
        if self.kept is None or self.kept[0] != number:
            self.kept = number, self.read()
        return self.kept[1]


def _number() -> int:
    """The number of the last change. In SQL, as each request asks for it: Django takes ten times as long to write the
    query.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM education_changecount")
        row = cursor.fetchone()
    return int(row[0]) if row else 0
