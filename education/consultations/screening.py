"""The screening questions and what their answers mean to staff. A triage aid: it never tells a patient a verdict.

The last answer of every question is the harmless one, and every question may be left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from education.consultations.models import Flag

CHILD, OLDER = 18, 65
PREFIX = "screening_"


@dataclass(frozen=True)
class Choice:
    value: str
    words: str
    flag: Flag = Flag.NONE


@dataclass(frozen=True)
class Question:
    key: str
    words: str
    help: str
    choices: tuple[Choice, ...]

    @property
    def field(self) -> str:
        return f"{PREFIX}{self.key}"


@dataclass(frozen=True)
class Reason:
    """Why a request carries a flag, in words for staff."""

    flag: Flag
    words: str


def _answers(unsure: Flag) -> tuple[Choice, ...]:
    return (
        Choice("yes", "Yes", Flag.RED),
        Choice("unsure", "I am not sure", unsure),
        Choice("talk", "I would rather talk about it", Flag.AMBER),
        Choice("no", "No"),
    )


QUESTIONS = (
    Question(
        "opioids",
        "In the last 14 days, have you taken an opioid medicine?",
        "Opioids are strong painkillers such as codeine, tramadol, oxycodone, hydrocodone, morphine or fentanyl. Count "
        "tablets, patches and liquids. Methadone and buprenorphine count too, and so do some cough and diarrhoea "
        "medicines and kratom.",
        # Many people don't know that their painkiller is an opioid, so doubt counts as yes.
        _answers(unsure=Flag.RED),
    ),
    Question(
        "opioid_treatment",
        "Have you had treatment for opioid or alcohol use, now or in the past?",
        "You can leave this out. We ask because naltrexone is itself used in that treatment. It also blocks methadone "
        "and buprenorphine, which can cause sudden withdrawal.",
        _answers(unsure=Flag.AMBER),
    ),
    Question(
        "pregnancy",
        "Are you pregnant, trying for a baby, or breast-feeding?",
        "",
        _answers(unsure=Flag.AMBER),
    ),
    Question(
        "liver_kidney",
        "Have you ever been told that you have a liver or kidney problem?",
        "For example hepatitis, cirrhosis, abnormal liver tests, kidney disease or dialysis.",
        _answers(unsure=Flag.AMBER),
    ),
    Question(
        "operation",
        "Is an operation planned in the next three months?",
        "Count a tooth extraction, an endoscopy and giving birth as well. They often involve opioid pain relief.",
        _answers(unsure=Flag.AMBER),
    ),
    Question(
        "stopping_medicine",
        "Are you planning to stop or reduce another medicine?",
        "For example a steroid, a thyroid tablet, or a medicine that calms the immune system.",
        _answers(unsure=Flag.AMBER),
    ),
)


def reasons(answers: Mapping[str, str], *, age: int | None) -> list[Reason]:
    """What staff should notice, gravest first."""
    found = [_from_age(age)] if age is not None else []
    found += [
        Reason(choice.flag, f"{question.words} {choice.words}.")
        for question in QUESTIONS
        for choice in question.choices
        if answers.get(question.field) == choice.value
    ]
    return sorted((r for r in found if r.flag), key=lambda reason: -reason.flag)


def gravest(found: list[Reason]) -> Flag:
    return max((reason.flag for reason in found), default=Flag.NONE)


def _from_age(age: int) -> Reason:
    if age < CHILD:
        return Reason(Flag.RED, f"Under {CHILD}: a parent or guardian has to take part.")
    return Reason(Flag.AMBER, f"Over {OLDER}.") if age > OLDER else Reason(Flag.NONE, "")
