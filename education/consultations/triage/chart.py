"""A request as plain text and as rows: for the patient's chart, for a CSV file, for the patient who asks for it."""

from collections.abc import Iterable, Iterator

from django.utils import timezone

from education.consultations.triage.record import Note, Opened

FOR_CLINICIANS = "(for clinicians only)"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def text(opened: Opened, notes: Iterable[Note], *, clinical: bool) -> str:
    """What a clinician pastes into the chart."""
    row = opened.row
    lines = [
        f"Consultation request {row.reference}, received {timezone.localtime(row.received_at):%Y-%m-%d %H:%M}",
        f"Flag: {row.get_flag_display()}. Status: {row.get_status_display()}.",
        *(f"- {words}" for words in reasons(opened, clinical=clinical)),
    ]
    for title, asked in opened.parts:
        lines += ["", title.upper(), *(f"{a['words']} {_answer(a, clinical)}" for a in asked)]
    for change in opened.changes:
        lines += ["", f"ADDED {timezone.localtime(change.at):%Y-%m-%d %H:%M}"]
        lines += [change.added] if change.added else [f"{a['words']} {_answer(a, clinical)}" for a in change.asked]
        lines += [f"{words} (taken back)" for words in change.withdrawn]
    for note in notes:
        lines += ["", f"NOTE {timezone.localtime(note.at):%Y-%m-%d %H:%M} {note.author}", note.text]
    return "\n".join(lines) + "\n"


def reasons(opened: Opened, *, clinical: bool) -> list[str]:
    """Why it is flagged. Who is no clinician learns from a private answer only what to do about it."""
    words = [
        reason["words"] if clinical or not reason.get("clinicians_only") else f"{reason['label']}."
        for reason in opened.reasons
    ]
    return list(dict.fromkeys(words))


def _answer(asked: dict[str, object], clinical: bool) -> str:
    return str(asked["answer"]) if clinical or not asked.get("clinicians_only") else FOR_CLINICIANS


def columns(opened: list[Opened]) -> list[str]:
    """Every question that any of these was asked, in the order of first appearance."""
    return list(dict.fromkeys(a["words"] for one in opened for _, asked in one.parts for a in asked))


def rows(opened: list[Opened], *, clinical: bool) -> Iterator[list[str]]:
    """A table with headings; every cell is safe to open in a spreadsheet."""
    questions = columns(opened)
    yield [cell(words) for words in ("Reference", "Received", "Status", "Flag", *questions)]
    for one in opened:
        given = {a["words"]: _answer(a, clinical) for _, asked in one.parts for a in asked}
        facts = (one.row.reference, one.row.received_at.isoformat(), one.row.status, one.row.get_flag_display())
        yield [cell(str(value)) for value in (*facts, *(given.get(words, "") for words in questions))]


def cell(value: str) -> str:
    """A spreadsheet must not take an answer for a formula."""
    return f"'{value}" if value.startswith(DANGEROUS) else value
