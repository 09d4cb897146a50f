"""A request decrypted for staff. `open_for` decides what a member of staff sees of it, on every way out: screen, list,
print, copy, file, mail, and whatever is added later.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from education.accounts.models import User
from education.consultations import workflow
from education.consultations.clinicians import talked_to
from education.consultations.form import dates
from education.consultations.form.parts import BIRTH, PROXY
from education.consultations.form.screening import PREFIX, Reason, gravest
from education.consultations.models import ConsultationRequest, SealedNote
from education.consultations.workflow import Flag
from education.core import sealing
from education.core.text import clean_input

KEY_MISSING = "This request can’t be opened on this machine: the key it was sealed with is not here."
WITHDRAWN = "The patient has withdrawn this request. The answers are destroyed: please do not call about it."
DAMAGED = "This request can’t be opened: what is stored was changed or damaged."
FOR_CLINICIANS = "(for clinicians only)"
REASON_FOR_CLINICIANS = "The reason is for clinicians only."
TAKEN_BACK = "(taken back)"
# Who it is and how to reach them. What counts is what was sent first, until staff confirm a change: anybody who has a
# copy of the form can send it again.
CONTACT = {
    *("asking_for", "full_name", "preferred_name", "date_of_birth", *BIRTH, *PROXY),
    *("phone", "email", "contact_by", "voicemail_ok"),
}
MORE_CAREFUL = {"voicemail_ok": "", "proxy_knows": "no"}  # a change to this holds at once
CONTACT_WAYS = {"either": "Telephone or e-mail", "phone": "Telephone", "email": "E-mail"}


@dataclass(frozen=True)
class Note:
    """A note by staff, decrypted."""

    at: datetime
    author: str
    text: str
    row: SealedNote


@dataclass(frozen=True)
class Amendment:
    """What a patient sent later: text added at the receipt, or the whole form again, of which only what differs.

    `asked` holds the answers that are new or different, as the sealed document does: field, words, answer; and whether
    they are a contact that is `unconfirmed`.
    `withdrawn` holds the questions whose answers were taken back.
    """

    at: datetime
    number: int
    asked: list[dict[str, Any]] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    added: str = ""


@dataclass(frozen=True)
class OpenedRequest:
    """A request and what was decrypted of it.

    `original` is the sealed document as first sent, `latest` the last whole form (see `Submission.document`) and
    `contact` the one whose contact counts. They are empty when the request can't be opened; `problem` then says why.
    """

    row: ConsultationRequest
    latest: dict[str, Any] = field(default_factory=dict)
    original: dict[str, Any] = field(default_factory=dict)
    contact: dict[str, Any] = field(default_factory=dict)
    amendments: list[Amendment] = field(default_factory=list)
    problem: str = ""

    @cached_property
    def answers(self) -> dict[str, str]:
        """The latest answers by field; of the contact, the answers that count."""
        latest, known = self.latest.get("answers", {}), self.contact.get("answers", {})
        careful = {name: value for name, value in MORE_CAREFUL.items() if latest.get(name, "") == value}
        return {
            **{name: value for name, value in latest.items() if name not in CONTACT},
            **{name: careful.get(name, value) for name, value in known.items() if name in CONTACT},
        }

    @property
    def unconfirmed(self) -> list[tuple[str, str]]:
        """Question and answer of the contact that was sent later, as far as it differs from the one that counts."""
        changed, withdrawn = _difference(_contact_of(self.contact), _contact_of(self.latest))
        return [(one["words"], one["answer"]) for one in changed] + [(words, TAKEN_BACK) for words in withdrawn]

    @property
    def unconfirmed_number(self) -> int:
        """The amendment that `unconfirmed` is from."""
        return max((change.number for change in self.amendments if not change.added), default=0)

    @property
    def known_contact(self) -> list[dict[str, Any]]:
        """The contact that counts, as the sealed document holds it: field, words, answer."""
        return list(_contact_of(self.contact)["asked"])

    @property
    def given(self) -> list[dict[str, Any]]:
        """The answers as first sent, with the contact that counts."""
        known = {one["field"]: one for one in self.known_contact}
        first = self.original.get("asked", [])
        kept = [known.pop(one["field"], None) if one["field"] in CONTACT else one for one in first]
        return [one for one in kept if one] + list(known.values())

    def answer(self, name: str) -> str:
        return self.answers.get(name, "")

    @property
    def name(self) -> str:
        return self.answer("full_name") or ("Withdrawn" if self.row.is_withdrawn else "Can’t be opened")

    @property
    def born(self) -> date | None:
        typed = self.answer("date_of_birth")
        return date.fromisoformat(typed) if typed else None

    @cached_property
    def age(self) -> int | None:
        born = self.born
        return dates.age_on(born, timezone.localdate()) if born else None

    @cached_property
    def reach_by(self) -> str:
        """How to reach the patient: the way they chose, or the only one they gave."""
        given = [way for way in ("phone", "email") if self.answer(way)]
        return CONTACT_WAYS.get(given[0] if len(given) == 1 else self.answer("contact_by"), "")

    @property
    def for_someone_else(self) -> bool:
        return self.answer("asking_for") == "someone"

    @property
    def whom_to_call(self) -> str:
        """The person whose telephone number and e-mail address these are."""
        return self.answer("proxy_name") if self.answer("proxy_contact") == "mine" else self.name

    @property
    def parts(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """The answers as first sent, grouped as the form asked them; `flagged` is the flag that an answer raised."""
        raised = {reason["words"]: Flag(reason["flag"]) for reason in self.original.get("reasons", [])}
        grouped: dict[str, list[dict[str, Any]]] = {}
        for row in self.original.get("asked", []):
            flagged = raised.get(f"{row['words']} {row['answer']}.")
            grouped.setdefault(row["part"], []).append({**row, "flagged": flagged.name.lower() if flagged else ""})
        return list(grouped.items())

    @property
    def reasons(self) -> list[Reason]:
        """Why it is flagged, in words for staff, gravest first."""
        found = (Reason(Flag(reason["flag"]), reason["words"]) for reason in self.latest.get("reasons", []))
        return list(dict.fromkeys(found))

    @property
    def flag(self) -> Flag:
        """The gravest that an answer raised; one that was changed since counts too."""
        return gravest([Reason(Flag(self.row.flag), ""), *self.reasons])

    @property
    def is_urgent(self) -> bool:
        return self.flag >= Flag.URGENT

    @property
    def urgent_keys(self) -> list[str]:
        """The questions whose answers make it urgent, as far as this member of staff may know them."""
        said = {reason.words for reason in self.reasons if reason.flag >= Flag.URGENT}
        asked = self.latest.get("asked", [])
        return [one["field"].removeprefix(PREFIX) for one in asked if f"{one['words']} {one['answer']}." in said]

    @property
    def raised_earlier(self) -> bool:
        """Whether the flag comes from an answer that was changed since, so that none of the reasons explains it."""
        return self.flag > gravest(self.reasons)

    @property
    def clinician_first(self) -> bool:
        """Whether a clinician talks to the patient before anything is booked."""
        return self.flag >= Flag.RED

    @cached_property
    def clinician_has_talked(self) -> bool:
        """Whether a clinician has talked to the patient since the form was last sent."""
        return bool(talked_to([self.row]))

    @property
    def receipt(self) -> str:
        """The receipt's address, if the patient asked to get it by mail."""
        return str(self.original.get("receipt", ""))

    @property
    def taken_by(self) -> str:
        """The colleague who entered the request, if it came by telephone."""
        return str(self.original.get("taken_by", ""))

    @property
    def spam_reason(self) -> str:
        return str(self.latest.get("marked", ""))

    @property
    def is_example(self) -> bool:
        return bool(self.latest.get("example"))


def open_for(row: ConsultationRequest, *, by: User) -> OpenedRequest:
    """What this member of staff may see of a request. Raises PermissionDenied for who may see none.

    Answers for clinicians only, and the reasons that come from them, are replaced here: nothing behind this function
    holds what `by` may not see.
    """
    _require_view(by)
    opened = open_row(row)
    return opened if by.has_perm(workflow.MAY_SEE_CLINICAL) else _without_clinical(opened)


def may_be_booked(opened: OpenedRequest, *, by: User) -> bool:
    """What needs a clinician first is booked by one, or after one has talked to the patient."""
    return not opened.clinician_first or by.has_perm(workflow.MAY_SEE_CLINICAL) or opened.clinician_has_talked


def may_be_passed_on(row: ConsultationRequest, *, by: User) -> bool:
    """Whether it can be left to the clinicians: what waits for them already is only given back, by whoever took it."""
    return row.status != workflow.Status.CLINICIAN or row.assignee_id == by.pk


def notes_for(row: ConsultationRequest, *, by: User) -> list[Note]:
    """The notes on a request, for the same eyes."""
    _require_view(by)
    return [open_note(note) for note in row.notes.select_related("author", "request")]


def _require_view(by: User) -> None:
    if not by.has_perm(workflow.MAY_VIEW):
        raise PermissionDenied


def _without_clinical(opened: OpenedRequest) -> OpenedRequest:
    original = _masked(opened.original)

    def masked(document: dict[str, Any]) -> dict[str, Any]:
        return original if document is opened.original else _masked(document)  # mostly the form was sent once

    return replace(
        opened,
        latest=masked(opened.latest),
        original=original,
        contact=masked(opened.contact),
        amendments=[replace(c, asked=[_masked_answer(one) for one in c.asked]) for c in opened.amendments],
    )


def _masked(document: dict[str, Any]) -> dict[str, Any]:
    if not document:
        return document
    private = {one["field"] for one in document["asked"] if one.get("clinicians_only")}
    return {
        **document,
        "asked": [_masked_answer(one) for one in document["asked"]],
        "answers": {name: value for name, value in document["answers"].items() if name not in private},
        "reasons": [
            {**reason, "words": REASON_FOR_CLINICIANS} if reason.get("clinicians_only") else reason
            for reason in document.get("reasons", [])
        ],
    }


def _masked_answer(asked: dict[str, Any]) -> dict[str, Any]:
    return {**asked, "answer": FOR_CLINICIANS} if asked.get("clinicians_only") else asked


def open_row(row: ConsultationRequest, *, strict: bool = False) -> OpenedRequest:
    """Decrypt one request whole, for the worker; staff get it from `open_for`. A row that can't be opened still comes
    back, with its `problem`.

    With `strict` a missing key raises KeyMissing: it may come back, so the caller tries again later.
    """
    if row.is_withdrawn:
        return OpenedRequest(row, problem=WITHDRAWN)
    try:
        original = _read(bytes(row.sealed), bound_to=row.reference)
        later = [(a, _read(bytes(a.sealed), bound_to=a.bound_to)) for a in row.amendments.all()]
    except sealing.KeyMissing:
        if strict:
            raise
        return OpenedRequest(row, problem=KEY_MISSING)
    except sealing.SealError:
        return OpenedRequest(row, problem=DAMAGED)
    latest = contact = original
    amendments = []
    for sent, document in later:
        if "added" in document:
            amendments.append(Amendment(sent.created_at, sent.number, added=document["added"]))
            continue
        changed, withdrawn = _difference(latest, document)
        asked = [{**one, "unconfirmed": _is_unconfirmed(one, sent.number, row)} for one in changed]
        amendments.append(Amendment(sent.created_at, sent.number, asked, withdrawn))
        latest = document
        contact = document if sent.number == row.contact_from else contact
    return OpenedRequest(row, latest=latest, original=original, contact=contact, amendments=amendments)


def open_note(note: SealedNote) -> Note:
    try:
        text = str(sealing.open_sealed(bytes(note.sealed), bound_to=note.bound_to)["text"])
    except sealing.SealError:
        text = "This note can’t be opened on this machine."
    return Note(note.created_at, note.written_by, text, note)


def _contact_of(document: dict[str, Any]) -> dict[str, Any]:
    return {"asked": [one for one in document.get("asked", []) if one["field"] in CONTACT]}


def _is_unconfirmed(asked: dict[str, Any], number: int, row: ConsultationRequest) -> bool:
    return asked["field"] in CONTACT and number > row.contact_from


def _difference(old: dict[str, Any], new: dict[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
    """The answers that are new or different, and the questions whose answers were taken back."""
    before = {row["field"]: row for row in old["asked"]}
    after = {row["field"]: row for row in new["asked"]}
    changed = [row for name, row in after.items() if before.get(name) != row]
    return changed, [row["words"] for name, row in before.items() if name not in after]


def _read(envelope: bytes, *, bound_to: str) -> dict[str, Any]:
    """The sealed document. What was sealed by an earlier version is cleaned as it would be today."""
    document: dict[str, Any] = _cleaned(sealing.open_sealed(envelope, bound_to=bound_to))
    return document


def _cleaned(value: Any) -> Any:
    """Words right where they are found: a document holds two hundred, and the queue reads fifty documents."""
    if isinstance(value, dict):
        return {name: clean_input(one) if isinstance(one, str) else _cleaned(one) for name, one in value.items()}
    if isinstance(value, list):
        return [clean_input(one) if isinstance(one, str) else _cleaned(one) for one in value]
    return value
