"""What a valid form says, ready to be sealed."""

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from education.consultations.form import screening
from education.consultations.models import Flag

VERSION = 2
WEB, TELEPHONE = "web", "telephone"


@dataclass(frozen=True)
class Answer:
    """One question as it was asked, and the answer as a person would say it."""

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
    """`answers` are the cleaned fields; `parts` the same in words. `marked` says why it may be spam.

    A marked request keeps its flags: a password manager may fill the trap of somebody who needs help.
    """

    answers: dict[str, str]
    parts: list[AnsweredPart]
    reasons: list[screening.Reason] = field(default_factory=list)
    marked: str = ""
    example: bool = False
    source: str = WEB
    taken_by: str = ""

    @property
    def flag(self) -> Flag:
        return screening.gravest(self.reasons)

    def also_marked(self, why: str) -> "Submission":
        return replace(self, marked=f"{self.marked} {why}".strip())

    def document(self, received: datetime, *, receipt: str = "") -> dict[str, Any]:
        """The one document that is sealed. The words asked go with the answers: questions change, answers stay.

        `receipt` is the address of the receipt, for those who want it by mail: only the staff side can read it.
        """
        return {
            "version": VERSION,
            "received": received.isoformat(),
            "answers": self.answers,
            "asked": [{"part": part.title, **asdict(answer)} for part in self.parts for answer in part.answers],
            "reasons": [{**asdict(reason), "flag": int(reason.flag)} for reason in self.reasons],
            "marked": self.marked,
            "example": self.example,
            "source": self.source,
            "taken_by": self.taken_by,
            "receipt": receipt,
        }
