"""A request as plain text, for the patient's chart or the patient, and as rows for a CSV file.

What the reader may see was decided before, by `record.open_for`.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone

from education.consultations.clinicians import flag_label, talked_to
from education.consultations.triage.record import TAKEN_BACK, Amendment, Note, OpenedRequest

UNCONFIRMED = "(added later, not confirmed)"
LATER = "Added later"  # the last column of a file
# Where a spreadsheet may begin a cell: at the start and after what may separate cells or rows, whatever it skips there.
# Some take “;” or a tab for the separator, and then a comma file's quotation marks protect nothing.
FORMULA = re.compile(r'(^|[;\t\r\n])((?:[^\S\t\r\n]|["\ufeff\u200b-\u200f\u2060])*+)(?=[=+\-@＝＋－＠])')


def as_text(opened: OpenedRequest, notes: Iterable[Note]) -> str:
    """What staff paste into the chart."""
    row = opened.row
    lines = [
        f"Consultation request {row.reference_shown}, received {timezone.localtime(row.received_at):%Y-%m-%d %H:%M}",
        f"Flag: {flag_label(opened.flag, talked=opened.clinician_has_talked)}. Status: {row.get_status_display()}.",
        *(f"- {reason.words}" for reason in opened.reasons),
        *_contact_lines(opened),
    ]
    for title, asked in opened.parts:
        lines += ["", title.upper(), *(f"{one['words']} {one['answer']}" for one in asked)]
    for amendment in opened.amendments:
        lines += ["", *_added(amendment)]
    for note in notes:
        lines += ["", f"NOTE {timezone.localtime(note.at):%Y-%m-%d %H:%M} {note.author}", note.text]
    return "\n".join(lines) + "\n"


def _added(amendment: Amendment) -> list[str]:
    return [
        f"ADDED {timezone.localtime(amendment.at):%Y-%m-%d %H:%M}",
        *([amendment.added] if amendment.added else [_changed(one) for one in amendment.asked]),
        *(f"{words} {TAKEN_BACK}" for words in amendment.withdrawn),
    ]


def _contact_lines(opened: OpenedRequest) -> list[str]:
    """The contact, if it is not simply the one that was sent first."""
    lines = []
    if opened.row.contact_from and opened.contact:
        known = (f"{one['words']} {one['answer']}" for one in opened.known_contact)
        lines += ["", "CONTACT, AS CONFIRMED BY STAFF", *known]
    if opened.unconfirmed:
        later = (f"{words} {answer}" for words, answer in opened.unconfirmed)
        lines += ["", "CONTACT ADDED LATER, NOT CONFIRMED", *later]
    return lines


def _changed(asked: dict[str, Any]) -> str:
    return f"{asked['words']} {asked['answer']}" + (f" {UNCONFIRMED}" if asked["unconfirmed"] else "")


def columns(opened: list[OpenedRequest]) -> list[str]:
    """Every question that any of these requests answers, in the order in which they first appear."""
    return list(dict.fromkeys(asked["words"] for one in opened for asked in one.given))


def as_rows(opened: list[OpenedRequest]) -> Iterator[list[str]]:
    """The headings, then a row for each request: its answers as first sent, then all that was sent later.

    Every cell is safe to open in a spreadsheet.
    """
    questions, talked = columns(opened), talked_to(one.row for one in opened)
    yield [spreadsheet_cell(words) for words in ("Reference", "Received", "Status", "Flag", *questions, LATER)]
    for one in opened:
        given = {asked["words"]: str(asked["answer"]) for asked in one.given}
        flag = flag_label(one.flag, talked=one.row.pk in talked)
        facts = (one.row.reference, one.row.received_at.isoformat(), one.row.status, flag)
        later = "\n".join(line for amendment in one.amendments for line in _added(amendment))
        cells = (*facts, *(given.get(words, "") for words in questions), later)
        yield [spreadsheet_cell(str(value)) for value in cells]


def spreadsheet_cell(value: str) -> str:
    """The value, with a quote in front if a spreadsheet could take it for a formula."""
    safe = FORMULA.sub(r"\1\2'", value)
    return f"'{safe}" if safe.startswith(("\t", "\r", "\n")) else safe
