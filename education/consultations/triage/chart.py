"""A request as plain text, for the patient's chart or the patient, and as rows for a CSV file.

`clinical` everywhere: whether the reader may see answers that are for clinicians only.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone

from education.consultations.triage.record import Note, OpenedRequest

FOR_CLINICIANS = "(for clinicians only)"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_text(opened: OpenedRequest, notes: Iterable[Note], *, clinical: bool) -> str:
    """What staff paste into the chart."""
    row = opened.row
    lines = [
        f"Consultation request {row.reference}, received {timezone.localtime(row.received_at):%Y-%m-%d %H:%M}",
        f"Flag: {row.get_flag_display()}. Status: {row.get_status_display()}.",
        *(f"- {words}" for words in visible_reasons(opened, clinical=clinical)),
    ]
    for title, asked in opened.parts:
        lines += ["", title.upper(), *_question_lines(asked, clinical)]
    for amendment in opened.amendments:
        lines += ["", f"ADDED {timezone.localtime(amendment.at):%Y-%m-%d %H:%M}"]
        lines += (
            [amendment.added] if amendment.added else [f"{a['words']} {_answer(a, clinical)}" for a in amendment.asked]
        )
        lines += [f"{words} (taken back)" for words in amendment.withdrawn]
    for note in notes:
        lines += ["", f"NOTE {timezone.localtime(note.at):%Y-%m-%d %H:%M} {note.author}", note.text]
    return "\n".join(lines) + "\n"


def visible_reasons(opened: OpenedRequest, *, clinical: bool) -> list[str]:
    """Why it is flagged. Of an answer for clinicians only, other staff read no more than the flag."""
    words = [
        reason["words"] if clinical or not reason.get("clinicians_only") else f"{reason['label']}."
        for reason in opened.reasons
    ]
    return list(dict.fromkeys(words))


def _question_lines(asked: list[dict[str, Any]], clinical: bool) -> list[str]:
    return [f"{one['words']} {_answer(one, clinical)}" for one in asked]


def _answer(asked: dict[str, object], clinical: bool) -> str:
    return str(asked["answer"]) if clinical or not asked.get("clinicians_only") else FOR_CLINICIANS


def columns(opened: list[OpenedRequest]) -> list[str]:
    """Every question that any of these requests answers, in the order in which they first appear."""
    return list(dict.fromkeys(a["words"] for one in opened for _, asked in one.parts for a in asked))


def as_rows(opened: list[OpenedRequest], *, clinical: bool) -> Iterator[list[str]]:
    """The headings, then a row for each request. Every cell is safe to open in a spreadsheet."""
    questions = columns(opened)
    yield [spreadsheet_cell(words) for words in ("Reference", "Received", "Status", "Flag", *questions)]
    for one in opened:
        given = {a["words"]: _answer(a, clinical) for _, asked in one.parts for a in asked}
        facts = (one.row.reference, one.row.received_at.isoformat(), one.row.status, one.row.get_flag_display())
        yield [spreadsheet_cell(str(value)) for value in (*facts, *(given.get(words, "") for words in questions))]


def spreadsheet_cell(value: str) -> str:
    """With a quote in front of what a spreadsheet would take for a formula."""
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value
