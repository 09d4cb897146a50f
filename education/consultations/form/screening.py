"""What the answers to the screening questions mean to staff: a triage aid whose result patients never see.

Of every question Yes or No is the harmless answer, and no question has to be answered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from education.clinic.help_lines import Help, HelpKind
from education.consultations.models import ONLY_CLINICIANS, QuestionKind, ScreeningQuestion
from education.consultations.workflow import Flag
from education.wording.models import read_since

ADULT_AGE, OLDER_AGE = 18, 65  # no source; a clinician decides
PREFIX = "screening_"
PROMISE_HOLDS = timedelta(days=7)  # at least, once other words are signed: a form may lie open for days
UNSURE, TALK = ("unsure", "I am not sure"), ("talk", "I would rather talk about it")
YES, NO = ("yes", "Yes"), ("no", "No")
# Whom somebody with an urgent answer needs, by the question, the first to call first. After a question that the clinic
# added, anybody may be meant.
NEEDS = {
    "urgent_symptoms": (HelpKind.EMERGENCY,),
    "self_harm": (HelpKind.CRISIS, HelpKind.EMERGENCY),
}


@dataclass(frozen=True)
class Reason:
    """Why a request carries a flag, in words for staff."""

    flag: Flag
    words: str
    clinicians_only: bool = False


@dataclass(frozen=True)
class Question:
    """One question of the form. `flags` says which flag each answer raises."""

    key: str
    words: str
    help: str
    flags: dict[str, Flag] = field(hash=False)
    clinicians_only: bool = False

    @property
    def field(self) -> str:
        return f"{PREFIX}{self.key}"

    @property
    def choices(self) -> list[tuple[str, str]]:
        """As they are shown: Yes and No side by side, the longer ones below."""
        return [YES, NO, UNSURE, TALK]

    @property
    def urgent_answers(self) -> list[str]:
        """The answers after which the patient is shown at once whom to call."""
        return [answer for answer, flag in self.flags.items() if flag >= Flag.URGENT]

    @property
    def doubtful_answers(self) -> list[str]:
        """Every answer but the harmless one."""
        doubts = (UNSURE[0], TALK[0])
        return [answer for answer, _ in self.choices if answer in doubts or self.flags.get(answer)]

    @property
    def is_urgent(self) -> bool:
        return bool(self.urgent_answers)

    def reason(self, answer: str) -> Reason | None:
        flag = self.flags.get(answer, Flag.NONE)
        words = f"{self.words} {dict(self.choices).get(answer, '')}."
        return Reason(flag, words, self.clinicians_only) if flag else None


def questions(typed: Mapping[str, str]) -> list[Question]:
    """What the form asks now, and any question since switched off that was already answered in `typed`."""
    rows = ScreeningQuestion.objects.asked(answered=_answered(typed)).read_by_patients()
    promised = _promised_to_patients()
    return [_question(row, private=row.clinicians_only or row.pk in promised) for row in rows]


def questions_for(typed: Mapping[str, str], *, empty_form: list[Question]) -> list[Question]:
    """The same. Mostly they are those on the empty form, and then the database is not asked."""
    return empty_form if _answered(typed) <= {question.key for question in empty_form} else questions(typed)


def _answered(typed: Mapping[str, str]) -> set[str]:
    return {name.removeprefix(PREFIX) for name in typed if name.startswith(PREFIX) and typed[name]}


def _promised_to_patients() -> set[int]:
    """The questions of which somebody may have read that only clinicians see the answer, whatever the box says now."""
    read = read_since(ScreeningQuestion, timezone.now() - PROMISE_HOLDS)
    return {pk for pk, wordings in read.items() if any(ONLY_CLINICIANS in words.get("help", "") for words in wordings)}


def _question(row: ScreeningQuestion, *, private: bool) -> Question:
    noticed, harmless = (NO, YES) if row.kind == QuestionKind.NO else (YES, NO)
    flags = {
        noticed[0]: Flag(row.flag_noticed),
        UNSURE[0]: Flag(row.flag_unsure),
        TALK[0]: Flag(row.flag_talk),
        harmless[0]: Flag.NONE,
    }
    return Question(row.key, row.words, row.help, flags, private)


def urgent_keys(asked: Iterable[Question], typed: Mapping[str, str]) -> list[str]:
    """The questions to which the answer is urgent, whatever else is on the form."""
    return [question.key for question in asked if typed.get(question.field) in question.urgent_answers]


def help_after(keys: Iterable[str], lines: Iterable[Help]) -> list[Help]:
    """Of these lines, whom to call after urgent answers to the questions `keys`; all of them if none is known."""
    by_kind = {need.kind: need for need in lines}
    wanted = dict.fromkeys(kind for key in keys for kind in NEEDS.get(key, tuple(HelpKind))) or by_kind
    return [by_kind[kind] for kind in wanted if kind in by_kind]


def reasons(asked: Iterable[Question], answers: Mapping[str, str], *, age: int | None) -> list[Reason]:
    """Why this request should be flagged, gravest first. `age` in years; None when it is unknown."""
    found = [question.reason(answers.get(question.field, "")) for question in asked]
    return sorted(filter(None, [_from_age(age), *found]), key=lambda reason: -reason.flag)


def gravest(found: Iterable[Reason]) -> Flag:
    return max((reason.flag for reason in found), default=Flag.NONE)


def _from_age(age: int | None) -> Reason | None:
    if age is None or ADULT_AGE <= age <= OLDER_AGE:
        return None
    if age < ADULT_AGE:
        return Reason(Flag.RED, f"Under {ADULT_AGE}: a parent or guardian has to take part.")
    return Reason(Flag.AMBER, f"Over {OLDER_AGE}.")
