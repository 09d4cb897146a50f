"""What a valid form says, ready to be sealed."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from education.consultations.form import screening
from education.consultations.workflow import Flag

VERSION = 2  # of the sealed document


@dataclass(frozen=True)
class Answer:
    """One question as it was asked (`words`), and the answer as a person would say it."""

    field: str
    words: str
    answer: str
    clinicians_only: bool = False


@dataclass(frozen=True)
class AnsweredPart:
    key: str
    title: str
    answers: list[Answer]


@dataclass(frozen=True)
class Submission:
    """`answers` are the cleaned fields by name; `parts` the same as question and answer.

    `spam_reason` says why it may be spam. Such a request keeps its flags: a password manager may fill in the hidden
    field of somebody who needs help. `taken_by` is the member of staff who entered it for a caller.
    """

    answers: dict[str, str]
    parts: list[AnsweredPart]
    reasons: list[screening.Reason] = field(default_factory=list)
    spam_reason: str = ""
    example: bool = False
    taken_by: str = ""
    for_child: bool = False

    @property
    def flag(self) -> Flag:
        return screening.gravest(self.reasons)

    def with_spam_reason(self, why: str) -> "Submission":
        return replace(self, spam_reason=f"{self.spam_reason} {why}".strip())

    def document(self, received: datetime, *, receipt: str = "") -> dict[str, Any]:
        """The document that is sealed. The questions go with the answers, because staff may change them later.

        `receipt` is the address of the receipt, for those who want it by mail: only the staff side can read it.
        """
        return {
            "version": VERSION,
            "received": received.isoformat(),
            "answers": self.answers,
            "asked": [{"part": part.title, **vars(answer)} for part in self.parts for answer in part.answers],
            "reasons": [{**vars(reason), "flag": int(reason.flag)} for reason in self.reasons],
            "marked": self.spam_reason,
            "example": self.example,
            "taken_by": self.taken_by,
            "receipt": receipt,
        }
