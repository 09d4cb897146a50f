"""Advice as the screen presents it, to an editor who is no linguist."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from education.advice.reading import MAX_PARAGRAPH_WORDS, MAX_SENTENCE_WORDS, Advice, Finding, Grade

TARGET_GRADE = 8  # most adults read this school grade with ease
LAST_SCHOOL_GRADE = 12
FINDINGS_SHOWN = 5  # the others are folded away
FORMULAS = (("By syllables", "Flesch-Kincaid"), ("By letters", "Coleman-Liau"))
EditLink = Callable[[int], str]  # from a block's index to where it is edited


@dataclass(frozen=True)
class FindingKind:
    """A kind of finding: what the screen calls it, and why it matters."""

    name: str
    title: str
    why: str
    findings: Callable[[Advice], list[Finding]]


HARDEST = FindingKind(
    "hardest",
    "The hardest sentences",
    "They ask most of a reader. The terms that the page can’t do without are left out of these grades too.",
    attrgetter("hardest"),
)
KINDS = (
    FindingKind(
        "long-sentences",
        "Long sentences",
        f"More than {MAX_SENTENCE_WORDS} words: by the end a tired reader has lost the start.",
        attrgetter("long_sentences"),
    ),
    FindingKind(
        "long-paragraphs",
        "Long paragraphs",
        f"More than {MAX_PARAGRAPH_WORDS} words: on a phone that is a whole screen without a break.",
        attrgetter("long_paragraphs"),
    ),
    FindingKind(
        "jargon",
        "Words with a plainer one",
        "From your list of plain words. A swap is an offer: keep the word where it is the right one.",
        attrgetter("jargon"),
    ),
    FindingKind(
        "passive",
        "Sentences that hide who acts",
        "They are in the passive voice. Say who acts, where it matters to the reader. This is a guess by the shape of "
        "the words: some will be right as they are.",
        attrgetter("passive"),
    ),
    FindingKind(
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
    def age_without_terms(self) -> str:
        return ages(rounded(self.grade.without_terms))

    @property
    def age_all_words(self) -> str:
        return ages(rounded(self.grade.all_words))


@dataclass(frozen=True)
class Quote:
    """A quoted sentence, every note on it, and where it is edited."""

    text: str
    notes: list[str]
    href: str


@dataclass(frozen=True)
class FindingSection:
    kind: FindingKind
    quotes: list[Quote]

    @property
    def first(self) -> list[Quote]:
        return self.quotes[:FINDINGS_SHOWN]

    @property
    def rest(self) -> list[Quote]:
        return self.quotes[FINDINGS_SHOWN:]


@dataclass(frozen=True)
class AdviceSummary:
    advice: Advice
    hardest: FindingSection
    found: list[FindingSection]  # kinds with at least one finding
    fine: list[str]  # titles of the kinds without one

    @property
    def grades(self) -> list[GradeRow]:
        both = (self.advice.flesch_kincaid, self.advice.coleman_liau)
        return [GradeRow(*facts, grade) for facts, grade in zip(FORMULAS, both, strict=True) if grade]

    @property
    def level(self) -> int | None:
        """The harder of the two grades, without unavoidable terms; None: the text is too short."""
        return max((rounded(row.grade.without_terms) for row in self.grades), default=None)

    @property
    def level_with_terms(self) -> int | None:
        return max((rounded(row.grade.all_words) for row in self.grades), default=None)

    @property
    def age(self) -> str:
        return ages(self.level) if self.level else ""

    @property
    def reads_easily(self) -> bool:
        return self.level is not None and self.level <= TARGET_GRADE

    @property
    def is_fine(self) -> bool:
        return self.reads_easily and not self.found

    @property
    def target(self) -> int:
        return TARGET_GRADE


def summarise(advice: Advice, edit_link: EditLink) -> AdviceSummary:
    sections = [_section(kind, advice, edit_link) for kind in KINDS]
    return AdviceSummary(
        advice,
        hardest=_section(HARDEST, advice, edit_link),
        found=[section for section in sections if section.quotes],
        fine=[section.kind.title.lower() for section in sections if not section.quotes],
    )


def _section(kind: FindingKind, advice: Advice, edit_link: EditLink) -> FindingSection:
    """Quotes each sentence once, with every note on it."""
    notes: dict[tuple[int, str], list[str]] = {}
    for finding in kind.findings(advice):
        notes.setdefault((finding.block, finding.text), []).append(finding.note)
    return FindingSection(kind, [Quote(text, found, edit_link(block)) for (block, text), found in notes.items()])


def rounded(grade: float) -> int:
    """The grade as a whole number, at least 1: the first year of school."""
    return max(1, round(grade))


def ages(grade: int) -> str:
    """The age of US pupils in this grade, in words."""
    return f"age {grade + 5} to {grade + 6}" if grade <= LAST_SCHOOL_GRADE else "beyond school"
