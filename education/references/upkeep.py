"""Checking whether references still stand: in an export of the Retraction Watch database, and by resolving DOIs."""

import csv
import http.client
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.utils import timezone
from django.utils.formats import date_format

from education.core.text import whole_number
from education.references import actions
from education.references.models import Reference

RESOLVER = "https://doi.org/"
TIME_LIMIT = 10.0  # seconds for one DOI
COLUMNS = ("OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature", "RetractionDate")  # of Retraction Watch
STATUS_OF = {  # RetractionNature, in small letters
    "retraction": Reference.Status.RETRACTED,
    "correction": Reference.Status.CORRECTED,
    "expression of concern": Reference.Status.CORRECTED,
    "reinstatement": Reference.Status.CURRENT,
}
DATE_FORMATS = ("%m/%d/%Y %H:%M", "%m/%d/%Y", "%Y-%m-%d")
UNRESOLVED = "Its DOI leads nowhere"
GONE = (404, 410)


class BrokenExport(ValueError):
    """The file is not a readable Retraction Watch export. The message says what is wrong."""


@dataclass(frozen=True)
class Notice:
    """What a journal announced about a paper."""

    status: Reference.Status
    nature: str
    on: date

    def __str__(self) -> str:
        return f"{self.nature} of {date_format(self.on)}"


@dataclass
class CheckResult:
    """The keys of the references, by what the check found."""

    changed: list[str] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)  # no answer in time, or an inconclusive one


def check_retractions(file: Path, *, today: date | None = None) -> CheckResult:
    """Update the status of references that the export lists as retracted, corrected or questioned.

    `file` is a CSV export of the Retraction Watch database. Raises BrokenExport.
    """
    today = today or timezone.localdate()
    references = list(Reference.objects.exclude(doi="", pmid=""))
    notices = _notices(file, {identifier for reference in references for identifier in _identifiers(reference)})
    result = CheckResult()
    for reference in references:
        notice = _effective_notice([n for identifier in _identifiers(reference) for n in notices.get(identifier, [])])
        if notice and _is_news(notice, reference):
            actions.set_status(reference, notice.status, notice=str(notice), on=today, by=None)
            result.changed.append(reference.key)
        elif reference.status not in (Reference.Status.UNVERIFIED, Reference.Status.UNREACHABLE):
            result.confirmed.append(reference.key)
    actions.confirm(result.confirmed, on=today)
    return result


def check_online(*, resolver: str = RESOLVER, limit: float = TIME_LIMIT, today: date | None = None) -> CheckResult:
    """Ask the resolver about every DOI, for at most `limit` seconds each.

    Only an answer that says the DOI does not exist counts: an error or a timeout proves nothing.
    """
    today = today or timezone.localdate()
    result = CheckResult()
    for reference in Reference.objects.exclude(doi=""):
        found = _resolves(reference.doi, resolver, limit)
        noted = reference.notice.startswith(UNRESOLVED)
        if found is None:
            result.unanswered.append(reference.key)
        elif not found and reference.status == Reference.Status.CURRENT:
            notice = f"{UNRESOLVED} since {date_format(today)}"
            actions.set_status(reference, Reference.Status.UNREACHABLE, notice=notice, on=today, by=None)
            result.changed.append(reference.key)
        elif found and noted and reference.status == Reference.Status.UNREACHABLE:
            actions.set_status(reference, Reference.Status.CURRENT, on=today, by=None)
            result.changed.append(reference.key)
        else:
            result.confirmed.append(reference.key)
    return result


def _identifiers(reference: Reference) -> list[str]:
    return [name for name in (_doi(reference.doi), _pmid(reference.pmid)) if name]


def _doi(value: str) -> str:
    """The DOI in the form in which it is compared: small letters, no resolver. Empty if it is not a DOI."""
    bare = value.strip().lower()
    for start in ("https://", "http://", "dx.", "doi.org/", "doi:"):
        bare = bare.removeprefix(start).strip()
    return bare if bare.startswith("10.") else ""


def _pmid(value: str) -> str:
    bare = value.strip().lower().removeprefix("pmid").lstrip(": ")
    return f"pmid:{bare}" if whole_number(bare) else ""


def _notices(file: Path, wanted: set[str]) -> dict[str, list[Notice]]:
    """The export's notices on these identifiers, by identifier. Read row by row, as an export has tens of thousands."""
    found: dict[str, list[Notice]] = {}
    for row in _rows(file):
        status = STATUS_OF.get((row["RetractionNature"] or "").strip().lower())
        names = {_doi(row["OriginalPaperDOI"] or ""), _pmid(row["OriginalPaperPubMedID"] or "")} & wanted
        on = _date(row["RetractionDate"] or "") if names else None
        if status and on:
            for name in names:
                found.setdefault(name, []).append(Notice(status, (row["RetractionNature"] or "").strip(), on))
    return found


def _rows(file: Path) -> Iterator[dict[str, str | None]]:
    try:
        with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            reader = csv.DictReader(lines)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
            if missing:
                raise BrokenExport(
                    f"{file.name} lacks the column {', '.join(missing)}. Is it a Retraction Watch export?"
                )
            yield from reader
    except (OSError, csv.Error) as error:
        raise BrokenExport(f"{file.name} can’t be read: {error}") from error


def _date(value: str) -> date | None:
    for shape in DATE_FORMATS:
        try:
            return datetime.strptime(value.strip(), shape).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    return None


def _effective_notice(notices: list[Notice]) -> Notice | None:
    """The notice that counts: the latest, except that a correction does not undo a retraction."""
    effective: Notice | None = None
    for notice in sorted(set(notices), key=lambda notice: notice.on):
        retracted = effective is not None and effective.status == Reference.Status.RETRACTED
        if not (retracted and notice.status == Reference.Status.CORRECTED):
            effective = notice
    return effective


def _is_news(notice: Notice, reference: Reference) -> bool:
    """Whether the notice calls for a change of status. Staff who set another one by hand are overruled only once,
    unless the notice is a retraction.
    """
    status = Reference.Status(reference.status)
    if notice.status == Reference.Status.RETRACTED:
        return status != Reference.Status.RETRACTED
    if notice.status == Reference.Status.CURRENT:
        return status in (Reference.Status.RETRACTED, Reference.Status.CORRECTED)
    return status != Reference.Status.RETRACTED and reference.notice != str(notice)


def _resolves(doi: str, resolver: str, limit: float) -> bool | None:
    """Whether the resolver knows this DOI; None if there was no clear answer within `limit` seconds."""
    base = urlsplit(resolver)
    if base.scheme != "https" and base.hostname not in ("127.0.0.1", "localhost"):
        raise ValueError("The resolver’s address must start with https://.")
    connect = http.client.HTTPSConnection if base.scheme == "https" else http.client.HTTPConnection
    connection = connect(base.netloc, timeout=limit)
    try:
        connection.request("HEAD", base.path + quote(_doi(doi), safe="/():;.,-_"))
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    if status in GONE:
        return False
    return True if status < 400 else None
