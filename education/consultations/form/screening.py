"""What the answers to the screening questions mean to staff. A triage aid: it never tells a patient a verdict.

The last answer of every question is the harmless one, and every question may be left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import DatabaseError
from django.db.models import QuerySet

from education.consultations.models import Flag, QuestionKind, ScreeningQuestion
from education.core.prepared import prepared

CHILD, OLDER = 18, 65
PREFIX = "screening_"
UNSURE, TALK = ("unsure", "I am not sure"), ("talk", "I would rather talk about it")
YES, NO = ("yes", "Yes"), ("no", "No")


@dataclass(frozen=True)
class Reason:
    """Why a request carries a flag, in words for staff."""

    flag: Flag
    words: str
    clinicians_only: bool = False


@dataclass(frozen=True)
class Question:
    """One question of the form, with what each answer raises."""

    key: str
    words: str
    help: str
    flags: dict[str, Flag]
    clinicians_only: bool = False

    @property
    def field(self) -> str:
        return f"{PREFIX}{self.key}"

    @property
    def choices(self) -> list[tuple[str, str]]:
        words = dict([YES, UNSURE, TALK, NO])
        return [(value, words[value]) for value in self.flags]

    def reason(self, answer: str) -> Reason | None:
        flag = self.flags.get(answer, Flag.NONE)
        words = f"{self.words} {dict(self.choices).get(answer, '')}."
        return Reason(flag, words, self.clinicians_only) if flag else None


def questions(typed: Mapping[str, str]) -> list[Question]:
    """What the form asks now. With the database away it asks nothing more, and what was answered is carried on."""
    answered = {name.removeprefix(PREFIX) for name in typed if name.startswith(PREFIX) and typed[name]}
    try:
        return [_question(row) for row in _asked(sorted(answered))]
    except DatabaseError:
        return []


@prepared
def _asked(answered: list[str]) -> QuerySet[ScreeningQuestion]:
    return ScreeningQuestion.objects.asked(answered=answered)


def _question(row: ScreeningQuestion) -> Question:
    noticed, harmless = (NO, YES) if row.kind == QuestionKind.NO else (YES, NO)
    flags = {
        noticed[0]: Flag(row.flag_noticed),
        UNSURE[0]: Flag(row.flag_unsure),
        TALK[0]: Flag(row.flag_talk),
        harmless[0]: Flag.NONE,
    }
    return Question(row.key, row.words, row.help, flags, row.clinicians_only)


def reasons(asked: Iterable[Question], answers: Mapping[str, str], *, age: int | None) -> list[Reason]:
    """What staff should notice, gravest first."""
    found = [question.reason(answers.get(question.field, "")) for question in asked]
    return sorted(filter(None, [_from_age(age), *found]), key=lambda reason: -reason.flag)


def gravest(found: Iterable[Reason]) -> Flag:
    return max((reason.flag for reason in found), default=Flag.NONE)


def _from_age(age: int | None) -> Reason | None:
    if age is None or CHILD <= age <= OLDER:
        return None
    if age < CHILD:
        return Reason(Flag.RED, f"Under {CHILD}: a parent or guardian has to take part.")
    return Reason(Flag.AMBER, f"Over {OLDER}.")
