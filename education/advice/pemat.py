"""AHRQ's Patient Education Materials Assessment Tool for printable materials (PEMAT-P): its 24 items in our own words.

The numbers are the tool's; 13 and 14 are for films. A machine judges what counting can tell, and says how it counted.
All else is for a person, who may also overrule what was counted. The tool itself: www.ahrq.gov/pemat
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from education.advice import counting
from education.advice.counting import Look, Page
from education.advice.models import Judgement

YES, NO, NOT_APPLICABLE = Judgement.Verdict
UNDERSTANDABILITY, ACTIONABILITY = "Understandability", "Actionability"
MEANING = {
    UNDERSTANDABILITY: "whether people of all backgrounds can follow the page",
    ACTIONABILITY: "whether they can tell what to do next",
}
VERY_SHORT, NO_PICTURES, NO_TABLES = "the page is very short", "it has no pictures", "it has no tables"


@dataclass(frozen=True)
class Item:
    number: int
    topic: str
    asks: str
    look: Callable[[Page], Look]
    spared: str = ""  # when it does not apply; empty: it always does

    @property
    def part(self) -> str:
        return UNDERSTANDABILITY if self.number < 20 else ACTIONABILITY


ITEMS = (
    Item(1, "Content", "It says at once what it is for.", counting.purpose),
    Item(2, "Content", "Nothing in it leads away from that.", counting.nothing),
    Item(3, "Words", "It uses everyday words.", counting.everyday_words),
    Item(4, "Words", "It uses a medical term only to teach it, and explains it.", counting.medical_terms),
    Item(5, "Words", "It says who does what: “we raise the dose”, not “the dose is raised”.", counting.active_voice),
    Item(6, "Numbers", "Its numbers are clear and easy.", counting.numbers, "it has no numbers"),
    Item(7, "Numbers", "Nobody has to work anything out.", counting.nothing),
    Item(8, "Order", "It comes in short pieces.", counting.short_pieces, VERY_SHORT),
    Item(9, "Order", "Each heading says what follows.", counting.headings, VERY_SHORT),
    Item(10, "Order", "One thing follows from another.", counting.nothing),
    Item(11, "Order", "It sums up what matters.", counting.summary, VERY_SHORT),
    Item(12, "Look", "What matters most stands out, and only that.", counting.cues),
    Item(15, "Pictures", "There is a picture wherever one would make it clearer.", counting.pictures),
    Item(16, "Pictures", "The pictures help, and don’t distract.", counting.if_pictures, NO_PICTURES),
    Item(17, "Pictures", "Each picture has a clear title or caption.", counting.captions, NO_PICTURES),
    Item(18, "Pictures", "Drawings and photographs are clear and uncluttered.", counting.if_pictures, NO_PICTURES),
    Item(19, "Pictures", "Tables are simple, with short and clear headings.", counting.tables, NO_TABLES),
    Item(20, "What to do", "It names at least one thing the reader can do.", counting.actions),
    Item(21, "What to do", "It speaks to the reader: “you can”, “take”, “ring”.", counting.speaks_to_you),
    Item(22, "What to do", "Whatever there is to do comes in small, plain steps.", counting.steps),
    Item(23, "What to do", "It offers something to use, such as a checklist, wherever that helps.", counting.tools),
    Item(24, "What to do", "It shows how to do any sum it asks for.", counting.nothing, "it asks for no sum"),
    Item(
        25, "What to do", "It says how to use its charts and tables.", counting.if_charts, "it has no charts or tables"
    ),
    Item(26, "What to do", "There is a picture wherever one would make it easier to act.", counting.pictures),
)


@dataclass(frozen=True)
class Judged:
    """One item, what was counted, and what somebody said of it."""

    item: Item
    look: Look
    said: Judgement | None
    sha256: str

    @property
    def current(self) -> Judgement | None:
        """What somebody said of exactly these words."""
        return self.said if self.said and self.said.sha256 == self.sha256 else None

    @property
    def earlier(self) -> Judgement | None:
        """What somebody said of other words: it counts no more."""
        return None if self.current else self.said

    @property
    def verdict(self) -> str:
        """Empty: still to be judged."""
        return self.current.verdict if self.current else self.look.verdict

    @property
    def is_open(self) -> bool:
        return not self.verdict

    @property
    def choices(self) -> list[tuple[str, str]]:
        undecided = f"As counted: {_label(self.look.verdict)}" if self.look.verdict else "Not judged yet"
        spared = [(NOT_APPLICABLE.value, f"Does not apply: {self.item.spared}")] if self.item.spared else []
        return [("", undecided), (YES.value, "Yes"), (NO.value, "No"), *spared]

    @property
    def verdict_words(self) -> str:
        return _label(self.verdict)


@dataclass(frozen=True)
class Part:
    """Half of the tool, with its score: how many in a hundred of the items that apply hold."""

    name: str
    items: list[Judged]

    @property
    def meaning(self) -> str:
        return MEANING[self.name]

    @cached_property
    def holding(self) -> int:
        return sum(judged.verdict == YES for judged in self.items)

    @cached_property
    def applicable(self) -> int:
        """Judged, and not said to be beside the point."""
        return sum(judged.verdict in (YES, NO) for judged in self.items)

    @cached_property
    def open(self) -> int:
        return sum(judged.is_open for judged in self.items)

    @property
    def percent(self) -> int | None:
        """The score; None as long as an item is open, or when none applies."""
        return None if self.open or not self.applicable else _percent(self.holding, self.applicable)

    @property
    def lowest(self) -> int:
        """What the score would be if each open item turned out a no."""
        return _percent(self.holding, self.applicable + self.open)

    @property
    def highest(self) -> int:
        return _percent(self.holding + self.open, self.applicable + self.open)


def assess(page: Page, judgements: Iterable[Judgement], sha256: str) -> list[Part]:
    """Both parts of the tool on the draft with this SHA-256."""
    said = {judgement.item: judgement for judgement in judgements}
    judged = [Judged(item, item.look(page), said.get(item.number), sha256) for item in ITEMS]
    return [Part(name, [one for one in judged if one.item.part == name]) for name in MEANING]


def every(parts: Iterable[Part]) -> Iterator[Judged]:
    for part in parts:
        yield from part.items


def _label(verdict: str) -> str:
    return Judgement.Verdict(verdict).label.lower() if verdict else ""


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole)
