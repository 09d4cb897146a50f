"""A request decrypted for staff: what the queue and the record show of it."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from education.consultations.form import dates
from education.consultations.models import ConsultationRequest, Flag, SealedNote
from education.consultations.workflow import Status
from education.core import sealing

KEY_MISSING = "This request can’t be opened on this machine: the key it was sealed with is not here."
WITHDRAWN = "The patient has withdrawn this request. The answers are destroyed: please do not call about it."
DAMAGED = "This request can’t be opened: what is stored was changed or damaged."
CONTACT_WAYS = {"either": "Telephone or e-mail", "phone": "Telephone", "email": "E-mail"}


@dataclass(frozen=True)
class Note:
    """A note by staff, decrypted."""

    at: datetime
    author: str
    text: str


@dataclass(frozen=True)
class Amendment:
    """What a patient sent later: text added at the receipt, or the whole form again, of which only what differs.

    `asked` holds the answers that are new or different, as the sealed document does: field, words, answer.
    `withdrawn` holds the questions whose answers were taken back.
    """

    at: datetime
    asked: list[dict[str, Any]] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    added: str = ""


@dataclass(frozen=True)
class OpenedRequest:
    """A request and what was decrypted of it.

    `original` is the sealed document as first sent, `latest` the last whole form (see `Submission.document`). Both are
    empty when the request can't be opened; `problem` then says why.
    """

    row: ConsultationRequest
    latest: dict[str, Any] = field(default_factory=dict)
    original: dict[str, Any] = field(default_factory=dict)
    amendments: list[Amendment] = field(default_factory=list)
    problem: str = ""

    @property
    def answers(self) -> dict[str, str]:
        return dict(self.latest.get("answers", {}))

    def answer(self, name: str) -> str:
        return self.answers.get(name, "")

    @property
    def name(self) -> str:
        return self.answer("full_name") or ("Withdrawn" if self.row.is_withdrawn else "Can’t be opened")

    @property
    def born(self) -> date | None:
        typed = self.answer("date_of_birth")
        return date.fromisoformat(typed) if typed else None

    @property
    def age(self) -> int | None:
        return dates.age_on(self.born, timezone.localdate()) if self.born else None

    @property
    def reach_by(self) -> str:
        """How to reach the patient: the way they chose, or the only one they gave."""
        given = [way for way in ("phone", "email") if self.answer(way)]
        return CONTACT_WAYS.get(given[0] if len(given) == 1 else self.answer("contact_by"), "")

    @property
    def tel_href(self) -> str:
        """The number as a link; what follows an “x” or “ext” is dialled after a pause."""
        main, _, extension = re.sub(r"ext(ension)?\.?", "x", self.answer("phone").lower()).partition("x")
        number = "".join(_dialled(main))
        return f"tel:{number}" + (f",{''.join(_dialled(extension))}" if extension else "") if number else ""

    @property
    def for_someone_else(self) -> bool:
        return self.answer("asking_for") == "someone"

    @property
    def whom_to_call(self) -> str:
        """Whose telephone number and e-mail address these are."""
        return self.answer("proxy_name") if self.answer("proxy_contact") == "mine" else self.name

    @property
    def parts(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """The answers as first sent, grouped as the form asked them."""
        grouped: dict[str, list[dict[str, Any]]] = {}
        for row in self.original.get("asked", []):
            grouped.setdefault(row["part"], []).append(row)
        return list(grouped.items())

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """Why it is flagged, gravest first: the flag, its label and the words for staff."""
        found = self.latest.get("reasons", [])
        return [{**reason, "label": Flag(reason["flag"]).label, "flag": Flag(reason["flag"])} for reason in found]

    @property
    def clinician_first(self) -> bool:
        """Whether a clinician talks to the patient before anything is booked."""
        return any(flag >= Flag.RED for flag in (self.row.flag, *(reason["flag"] for reason in self.reasons)))

    @property
    def may_be_booked(self) -> bool:
        return not self.clinician_first or self.row.status == Status.CLINICIAN

    @property
    def receipt(self) -> str:
        """The receipt's address, if the patient asked to get it by mail."""
        return str(self.original.get("receipt", ""))

    @property
    def taken_by(self) -> str:
        """Who entered it, if it came by telephone."""
        return str(self.original.get("taken_by", ""))

    @property
    def spam_reason(self) -> str:
        return str(self.latest.get("marked", ""))

    @property
    def is_example(self) -> bool:
        return bool(self.latest.get("example"))


def open_row(row: ConsultationRequest, *, strict: bool = False) -> OpenedRequest:
    """Decrypt one request with its amendments. A row that can't be opened still comes back, with its `problem`.

    With `strict` a missing key raises KeyMissing: it may come back, so the caller tries again later.
    """
    if row.is_withdrawn:
        return OpenedRequest(row, problem=WITHDRAWN)
    sealed = list(row.amendments.all())
    try:
        original = sealing.open_sealed(bytes(row.sealed), bound_to=row.reference)
        later = [(a.created_at, sealing.open_sealed(bytes(a.sealed), bound_to=a.bound_to)) for a in sealed]
    except sealing.KeyMissing:
        if strict:
            raise
        return OpenedRequest(row, problem=KEY_MISSING)
    except sealing.SealError:
        return OpenedRequest(row, problem=DAMAGED)
    latest, amendments = original, []
    for at, document in later:
        if "added" in document:
            amendments.append(Amendment(at, added=document["added"]))
        else:
            amendments.append(_difference(at, latest, document))
            latest = document
    return OpenedRequest(row, latest=latest, original=original, amendments=amendments)


def open_note(note: SealedNote) -> Note:
    try:
        text = str(sealing.open_sealed(bytes(note.sealed), bound_to=note.bound_to)["text"])
    except sealing.SealError:
        text = "This note can’t be opened on this machine."
    return Note(note.created_at, note.author.get_username() if note.author else "", text)


def _difference(at: datetime, old: dict[str, Any], new: dict[str, Any]) -> Amendment:
    before = {row["field"]: row for row in old["asked"]}
    after = {row["field"]: row for row in new["asked"]}
    changed = [row for name, row in after.items() if before.get(name) != row]
    return Amendment(at, changed, [row["words"] for name, row in before.items() if name not in after])


def _dialled(typed: str) -> list[str]:
    """The digits of any script as 0 to 9; a plus sign only in front."""
    digits = [str(int(character)) for character in typed if character.isdecimal()]
    return ["+", *digits] if typed.strip().startswith(("+", "(+")) and digits else digits
