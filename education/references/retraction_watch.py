"""Reading an export of the Retraction Watch database. What can't be read is named: it must not pass for good news."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import product
from pathlib import Path
from urllib.parse import unquote

from dateutil import parser
from django.utils.formats import date_format

from education.references import identifiers
from education.references.models import Reference

DOI, PMID, NATURE, DATE = COLUMNS = ("OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature", "RetractionDate")
STATUS_OF = {  # RetractionNature, in small letters
    "retraction": Reference.Status.RETRACTED,
    "correction": Reference.Status.CORRECTED,
    "expression of concern": Reference.Status.CORRECTED,
    "reinstatement": Reference.Status.CURRENT,
}
# As the database itself writes a day: month, day, year. Programs that save the file anew may write it otherwise.
OWN_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s+\d{1,2}:\d\d(?::\d\d)?(?:\s*[AP]M)?)?", re.IGNORECASE)
GOES_ON = re.compile(r"[\w./-]")  # of another paper, whose DOI only begins like ours
DAY_FIRST = re.compile(r"(?:1[3-9]|2\d|3[01])[/.-]\d{1,2}[/.-]\d{2,4}\b")


class BrokenExport(ValueError):
    """The file is no whole Retraction Watch export. The message says what is wrong."""


@dataclass(frozen=True)
class Notice:
    """What a journal announced about a paper."""

    status: Reference.Status
    nature: str
    on: date

    def __str__(self) -> str:
        return f"{self.nature} of {date_format(self.on)}"


@dataclass
class Found:
    """What an export says of some papers, by their identifiers, and which of its rows on them are not understood."""

    notices: dict[str, list[Notice]] = field(default_factory=dict)
    not_understood: dict[str, list[str]] = field(default_factory=dict)
    lines: int = 0  # rows on all papers


@dataclass(frozen=True)
class _Row:
    line: int
    names: set[str]
    nature: str
    day: str
    identified: bool  # whether its DOI or PubMed number was understood

    def read(self, *, day_first: bool) -> Notice | str:
        """The notice, or in words what is not understood of it."""
        status, on = STATUS_OF.get(self.nature.lower()), _day(self.day, day_first=day_first)
        if not self.identified:
            return f"line {self.line}: its DOI or PubMed number is not understood"
        if status is None:
            return f"line {self.line}: the kind of notice “{self.nature}” is not known"
        if on is None:
            return f"line {self.line}: the date “{self.day}” is not understood"
        return Notice(status, self.nature, on)


def names_of(doi: str, pmid: str) -> set[str]:
    """A paper's identifiers in the form in which they are compared. A cell may hold several DOIs."""
    number = identifiers.pmid(pmid)
    return {found.lower() for found in identifiers.dois(doi)} | ({f"pmid:{number}"} if number else set())


def read(file: Path, wanted: set[str]) -> Found:
    """The export's rows on papers with these identifiers. Raises BrokenExport."""
    rows, day_first, found = [], False, Found()  # tens of thousands: only those about our papers are kept
    for line, cells in _lines(file):
        found.lines += 1
        day_first = day_first or DAY_FIRST.match(cells[DATE].strip()) is not None
        if row := _row(line, cells, wanted):
            rows.append(row)
    for row in rows:
        said = row.read(day_first=day_first)
        for name in row.names:
            if isinstance(said, Notice):
                found.notices.setdefault(name, []).append(said)
            else:
                found.not_understood.setdefault(name, []).append(said)
    return found


def _row(line: int, cells: dict[str, str], wanted: set[str]) -> _Row | None:
    """The row if it is about a paper that is wanted: also if its DOI is not understood, but holds that of one."""
    doi, pmid = cells[DOI], cells[PMID]
    names = names_of(doi, pmid) & wanted
    identified = bool(names)
    if not names and "10." in doi:
        held, is_read = unquote(doi).lower(), bool(identifiers.dois(doi))
        names = {name for name in wanted if name in held and not (is_read and GOES_ON.match(held.partition(name)[2]))}
    return _Row(line, names, cells[NATURE].strip(), cells[DATE].strip(), identified) if names else None


def _lines(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows, each with the number of the line on which it ends. Raises BrokenExport, also if the file is cut off."""
    number = 0
    try:
        with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            reader = csv.reader(lines, strict=True)
            head = next(reader, [])
            missing = [name for name in COLUMNS if name not in head]
            if missing:
                raise BrokenExport(
                    f"{file.name} lacks the column {', '.join(missing)}. Is it a Retraction Watch export?"
                )
            width = len([name for name in head if name])
            for number, cells in ((reader.line_num, cells) for cells in reader if cells):
                if not width <= len(cells) <= max(len(head), width + 1):
                    raise BrokenExport(_cut_off(file, f"line {number} has {len(cells)} cells instead of {width}"))
                yield number, dict(zip(head, cells, strict=False))
    except (OSError, csv.Error) as error:
        raise BrokenExport(f"{file.name} can’t be read: {error}. Download it again.") from error
    if not number:
        raise BrokenExport(_cut_off(file, "it has a head and no rows"))
    if not _ends_with_a_line(file):
        raise BrokenExport(_cut_off(file, "its last line has no end"))


def _cut_off(file: Path, why: str) -> str:
    return f"{file.name} looks cut off: {why}. Nothing was changed. Download it again."


def _ends_with_a_line(file: Path) -> bool:
    with file.open("rb") as data:
        data.seek(-1, 2)
        return data.read() in (b"\n", b"\r")


def _day(written: str, *, day_first: bool) -> date | None:
    """The day; None if the words can be read in two ways. `day_first`: another row is sure to begin with the day."""
    own = OWN_DATE.fullmatch(written)
    try:
        if own and int(own[1]) <= 12 and not day_first:
            return date(int(own[3]), int(own[1]), int(own[2]))
        return datetime.fromisoformat(written).date()
    except ValueError:
        pass
    readings = set()
    filling = (datetime(2000, 1, 1), datetime(2001, 2, 2))  # noqa: DTZ001  for parts that are missing: they would differ
    for default, day, year in product(filling, (False, True), (False, True)):
        try:
            readings.add(parser.parse(written, default=default, dayfirst=day, yearfirst=year).date())
        except (ValueError, OverflowError):
            return None
    return readings.pop() if len(readings) == 1 else None
