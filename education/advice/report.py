"""Advice in the words of the screen: made for an editor who is no linguist."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from education.advice.reading import LONGEST_PARAGRAPH, LONGEST_SENTENCE, Advice, Finding, Grade

WANTED = 8  # school grade: what most adults read with ease
LAST_AT_SCHOOL = 12
SHOWN = 5  # findings before the rest is folded away
FORMULAS = (("By syllables", "Flesch-Kincaid"), ("By letters", "Coleman-Liau"))


Place = Callable[[int], str]


@dataclass(frozen=True)
class Kind:
    """A kind of finding: what the screen calls it, and why it matters."""

    name: str
    title: str
    why: str
    of: Callable[[Advice], list[Finding]]


HARDEST = Kind(
    "hardest",
    "The hardest sentences",
    "They ask most of a reader. The terms that the page can’t do without are left out of these grades too.",
    attrgetter("hardest"),
)
KINDS = (
    Kind(
        "long-sentences",
        "Long sentences",
        f"More than {LONGEST_SENTENCE} words: by the end a tired reader has lost the start.",
        attrgetter("long_sentences"),
    ),
    Kind(
        "long-paragraphs",
        "Long paragraphs",
        f"More than {LONGEST_PARAGRAPH} words: on a phone that is a whole screen without a break.",
        attrgetter("long_paragraphs"),
    ),
    Kind(
        "jargon",
        "Words with a plainer one",
        "From your list of plain words. A swap is an offer: keep the word where it is the right one.",
        attrgetter("jargon"),
    ),
    Kind(
        "passive",
        "Sentences that hide who acts",
        "They are in the passive voice. Say who acts, where it matters to the reader. This is a guess by the shape of "
        "the words: some will be right as they are.",
        attrgetter("passive"),
    ),
    Kind(
        "shares",
        "Shares told in more than one way",
        "1 in 10 beside 3 in 100 is hard to compare. These stand out: choose one way for the whole page.",
        attrgetter("denominators"),
    ),
)


@dataclass(frozen=True)
class GradeRow:
    name: str
    formula: str
    grade: Grade

    @property
    def without_terms(self) -> str:
        return ages(whole_grade(self.grade.without_terms))

    @property
    def whole(self) -> str:
        return ages(whole_grade(self.grade.whole))


@dataclass(frozen=True)
class Shown:
    """A sentence, what there is to say of it, and where it is edited."""

    text: str
    notes: list[str]
    href: str


@dataclass(frozen=True)
class Section:
    kind: Kind
    findings: list[Shown]

    @property
    def first(self) -> list[Shown]:
        return self.findings[:SHOWN]

    @property
    def rest(self) -> list[Shown]:
        return self.findings[SHOWN:]


@dataclass(frozen=True)
class Report:
    advice: Advice
    hardest: Section
    found: list[Section]  # where there is something to look at
    fine: list[str]  # what there is nothing to say of

    @property
    def grades(self) -> list[GradeRow]:
        both = (self.advice.flesch_kincaid, self.advice.coleman_liau)
        return [GradeRow(*facts, grade) for facts, grade in zip(FORMULAS, both, strict=True) if grade]

    @property
    def level(self) -> int | None:
        """The harder of the two grades, unavoidable terms left out; None: too few words to tell."""
        return max((whole_grade(row.grade.without_terms) for row in self.grades), default=None)

    @property
    def level_with_terms(self) -> int | None:
        return max((whole_grade(row.grade.whole) for row in self.grades), default=None)

    @property
    def age(self) -> str:
        return ages(self.level) if self.level else ""

    @property
    def reads_easily(self) -> bool:
        return self.level is not None and self.level <= WANTED

    @property
    def is_fine(self) -> bool:
        return self.reads_easily and not self.found

    @property
    def wanted(self) -> int:
        return WANTED


def report(advice: Advice, place: Place) -> Report:
    """`place` says where the block with this number is edited."""
    sections = [_section(kind, advice, place) for kind in KINDS]
    return Report(
        advice,
        hardest=_section(HARDEST, advice, place),
        found=[section for section in sections if section.findings],
        fine=[section.kind.title.lower() for section in sections if not section.findings],
    )


def _section(kind: Kind, advice: Advice, place: Place) -> Section:
    """A sentence is quoted once, with all there is to say of it."""
    notes: dict[tuple[int, str], list[str]] = {}
    for finding in kind.of(advice):
        notes.setdefault((finding.block, finding.text), []).append(finding.note)
    return Section(kind, [Shown(text, said, place(block)) for (block, text), said in notes.items()])


def whole_grade(grade: float) -> int:
    """As people say it: the first year of school at least."""
    return max(1, round(grade))


def ages(grade: int) -> str:
    return f"age {grade + 5} to {grade + 6}" if grade <= LAST_AT_SCHOOL else "beyond school"
