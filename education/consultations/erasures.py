"""The list of what was erased or withdrawn: whoever restores an older backup erases it again. It names nobody.

It is kept twice. A row is written in the transaction that erases; a file beside the backups is written after it, and
survives with them when the database is lost. Each restore merges all lists that it finds.
"""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from education.consultations.models import Erasure
from education.core.disk import empty_write_ahead_log_on_commit, replace_file

FILE = "erasures.txt"


def note(references: Iterable[str], *, now: datetime | None = None) -> None:
    """Add these to the list, in the transaction that erases the requests. After it nothing of them is on the disk."""
    merge(dict.fromkeys(references, timezone.localdate(now)))
    empty_write_ahead_log_on_commit()


def update_file_on_commit() -> None:
    """An error does not undo the erasure: the worker writes the file again."""
    transaction.on_commit(update_file, robust=True)


def update_file() -> None:
    """Add to the file what it lacks, and keep what only it has: the database may be an older one, restored."""
    listed = in_file(settings.BACKUP_DIR / FILE)
    whole = {**listed, **dict(Erasure.objects.values_list("reference", "erased_on"))}
    if whole != listed:
        write(settings.BACKUP_DIR / FILE, whole)


def write(path: Path, listed: dict[str, date]) -> None:
    """The whole file or, when this is interrupted, the one before."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = [f"{reference} {day}\n" for reference, day in sorted(listed.items(), key=lambda item: (item[1], item[0]))]
    replace_file(path, "".join(lines).encode("ascii"))


def in_file(path: Path) -> dict[str, date]:
    """Day by reference; nothing when there is no such file. A line that was cut off still counts."""
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    return {line.split()[0]: _day(line) for line in lines if line.strip()}


def _day(line: str) -> date:
    try:
        return date.fromisoformat(line.split()[1])
    except (ValueError, IndexError):
        return timezone.localdate()


def merge(listed: dict[str, date]) -> None:
    """Add these to the list. A reference that is listed already keeps its day. Not by an upsert: the public side may
    change no row of the list.
    """
    rows = [Erasure(reference=reference, erased_on=day) for reference, day in listed.items()]
    Erasure.objects.bulk_create(rows, ignore_conflicts=True)
    # SQLite ignores more than a reference that is listed already: it passes over any row that it can't store.
    known = len(Erasure.objects.in_bulk(list(listed), field_name="reference"))
    if known != len(listed):
        raise IntegrityError(f"{len(listed) - known} erasures could not be listed.")
