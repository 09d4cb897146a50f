"""What a valid form says, ready to be sealed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from education.consultations import screening
from education.consultations.models import Flag

VERSION = 1


@dataclass(frozen=True)
class Answer:
    """One question as it was asked, and the answer as a person would say it."""

    field: str
    words: str
    answer: str


@dataclass(frozen=True)
class AnsweredPart:
    key: str
    title: str
    answers: list[Answer]


@dataclass(frozen=True)
class Submission:
    """`answers` are the cleaned fields; `parts` the same in words. `marked` says why it may be spam."""

    answers: dict[str, str]
    parts: list[AnsweredPart]
    age: int | None = None
    marked: str = ""
    example: bool = False
    reasons: list[screening.Reason] = field(init=False)

    def __post_init__(self) -> None:
        found = [] if self.marked else screening.reasons(self.answers, age=self.age)
        object.__setattr__(self, "reasons", found)

    @property
    def flag(self) -> Flag:
        return screening.gravest(self.reasons)

    def document(self, received: datetime) -> dict[str, Any]:
        """The one document that is sealed. The words asked go with the answers: questions change, answers stay."""
        return {
            "version": VERSION,
            "received": received.isoformat(),
            "answers": self.answers,
            "asked": [
                {"part": part.title, "field": answer.field, "words": answer.words, "answer": answer.answer}
                for part in self.parts
                for answer in part.answers
            ],
            "reasons": [{"flag": int(reason.flag), "words": reason.words} for reason in self.reasons],
            "marked": self.marked,
            "example": self.example,
        }
