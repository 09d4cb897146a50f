"""Checking whether references still stand: in an export of the Retraction Watch database, and by resolving DOIs."""

import http.client
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.utils import timezone
from django.utils.formats import date_format

from education.audit import facts
from education.references import actions, identifiers, retraction_watch
from education.references.models import Reference
from education.references.retraction_watch import Notice, names_of

RESOLVER = "https://doi.org/"
TIME_LIMIT = 10.0  # seconds for one DOI
UNRESOLVED = "Its DOI leads nowhere"
GONE = (404, 410)
ROWS = "rows of the retraction export"  # name of a fact
SHRUNK = (
    "The file has {now} rows, and the one before had {before}: it may be cut off. What it holds was noted, but no "
    "study counts as checked. Download it again; if the database itself became smaller, add --fewer-rows."
)


@dataclass
class CheckResult:
    """The keys of the references, by what the check found."""

    changed: list[str] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)  # no answer in time, or one that is not understood
    not_understood: list[str] = field(default_factory=list)  # in sentences: what, and of which reference


def check_retractions(file: Path, *, fewer_rows: bool = False) -> CheckResult:
    """Update the status of references that the export lists as retracted, corrected or questioned.

    `file` is a CSV export of the Retraction Watch database. A reference with a row that is not understood counts as
    not checked, whatever else the file says to its credit; so does each, if the file has fewer rows than the one
    before, unless `fewer_rows` are expected. Raises BrokenExport.
    """
    today = timezone.localdate()
    references = list(Reference.objects.exclude(doi="", pmid=""))
    names = {reference.key: names_of(reference.doi, reference.pmid) for reference in references}
    found = retraction_watch.read(file, set().union(*names.values()))
    result = CheckResult()
    shrunk = "" if fewer_rows else _shrunk(found.lines)
    if shrunk:
        result.not_understood.append(shrunk)
    else:
        facts.note(ROWS, str(found.lines))
    for reference in references:
        own = names[reference.key]
        unread = {words for name in own for words in found.not_understood.get(name, [])}
        if not own:
            unread = {"its own DOI or PubMed number is not understood"}
        result.not_understood += [f"{reference.key}, {words}. It counts as not checked." for words in sorted(unread)]
        notice = _effective_notice([notice for name in own for notice in found.notices.get(name, [])])
        _apply(notice, reference, result, today, is_whole=not unread and not shrunk)
    actions.mark_checked(result.confirmed, on=today)
    actions.mark_not_checked(result.unanswered, on=today)
    return result


def _shrunk(now: int) -> str:
    """A sentence if the export before this one had more rows: the database only grows."""
    before = facts.known(ROWS)
    return SHRUNK.format(now=f"{now:,}", before=f"{int(before.value):,}") if before and now < int(before.value) else ""


def _apply(notice: Notice | None, reference: Reference, result: CheckResult, today: date, *, is_whole: bool) -> None:
    """`is_whole`: every row about the reference was understood. Else only bad news counts."""
    is_news = notice is not None and _is_news(notice, reference)
    if notice and is_news and (is_whole or notice.status != Reference.Status.CURRENT):
        actions.set_status(reference, notice.status, notice=str(notice), on=today, by=None)
        result.changed.append(reference.key)
    elif not is_whole:
        result.unanswered.append(reference.key)
    elif reference.status not in (Reference.Status.UNVERIFIED, Reference.Status.UNREACHABLE):
        result.confirmed.append(reference.key)


def check_online(*, resolver: str = RESOLVER, limit: float = TIME_LIMIT) -> CheckResult:
    """Ask the resolver about every DOI, for at most `limit` seconds each.

    Only an answer that says the DOI does not exist counts: an error or a timeout proves nothing.
    """
    today = timezone.localdate()
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
    bare = identifiers.doi(doi).lower()
    if not bare:  # the resolver would answer for its own front page
        return None
    base = urlsplit(resolver)
    if base.scheme != "https" and base.hostname not in ("127.0.0.1", "localhost"):
        raise ValueError("The resolver’s address must start with https://.")
    connect = http.client.HTTPSConnection if base.scheme == "https" else http.client.HTTPConnection
    connection = connect(base.netloc, timeout=limit)
    try:
        connection.request("HEAD", base.path + quote(bare, safe=identifiers.SAFE_IN_ADDRESS))
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    if status in GONE:
        return False
    return True if status < 400 else None
