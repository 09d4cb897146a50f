"""AHRQ's Patient Education Materials Assessment Tool for printable materials (PEMAT-P): its 24 items in our own words.

Source: www.ahrq.gov/pemat. The numbers are the tool's; 13 and 14 are for audiovisual material only. `counting` judges
the items that can be counted and says how; a person judges the others, and may overrule what was counted.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from education.advice import counting
from education.advice.counting import Observation, PageMetrics
from education.advice.models import Judgement

YES, NO, NOT_APPLICABLE = Judgement.Verdict
UNDERSTANDABILITY, ACTIONABILITY = "Understandability", "Actionability"
DOMAINS = {  # of the tool, each with what it means
    UNDERSTANDABILITY: "whether people of all backgrounds can follow the page",
    ACTIONABILITY: "whether they can tell what to do next",
}
VERY_SHORT, NO_PICTURES, NO_TABLES = "the page is very short", "it has no pictures", "it has no tables"


@dataclass(frozen=True)
class Item:
    number: int
    topic: str
    statement: str  # what is true of the page when the verdict is yes
    observe: Callable[[PageMetrics], Observation]
    not_applicable_when: str = ""  # empty: it always applies

    @property
    def domain(self) -> str:
        return UNDERSTANDABILITY if self.number < 20 else ACTIONABILITY


ITEMS = (
    Item(1, "Content", "It says at once what it is for.", counting.purpose),
    Item(2, "Content", "Nothing in it leads away from that.", counting.not_countable),
    Item(3, "Words", "It uses everyday words.", counting.everyday_words),
    Item(4, "Words", "It uses a medical term only to teach it, and explains it.", counting.medical_terms),
    Item(5, "Words", "It says who does what: “we raise the dose”, not “the dose is raised”.", counting.active_voice),
    Item(6, "Numbers", "Its numbers are clear and easy.", counting.numbers, "it has no numbers"),
    Item(7, "Numbers", "Nobody has to work anything out.", counting.not_countable),
    Item(8, "Order", "It comes in short pieces.", counting.short_pieces, VERY_SHORT),
    Item(9, "Order", "Each heading says what follows.", counting.headings, VERY_SHORT),
    Item(10, "Order", "One thing follows from another.", counting.not_countable),
    Item(11, "Order", "It sums up what matters.", counting.summary, VERY_SHORT),
    Item(12, "Look", "What matters most stands out, and only that.", counting.visual_cues),
    Item(15, "Pictures", "There is a picture wherever one would make it clearer.", counting.pictures),
    Item(16, "Pictures", "The pictures help, and don’t distract.", counting.pictures_apply, NO_PICTURES),
    Item(17, "Pictures", "Each picture has a clear title or caption.", counting.captions, NO_PICTURES),
    Item(18, "Pictures", "Drawings and photographs are clear and uncluttered.", counting.pictures_apply, NO_PICTURES),
    Item(19, "Pictures", "Tables are simple, with short and clear headings.", counting.tables, NO_TABLES),
    Item(20, "What to do", "It names at least one thing the reader can do.", counting.actions),
    Item(21, "What to do", "It speaks to the reader: “you can”, “take”, “ring”.", counting.addresses_the_reader),
    Item(22, "What to do", "Whatever there is to do comes in small, plain steps.", counting.steps),
    Item(23, "What to do", "It offers something to use, such as a checklist, wherever that helps.", counting.tools),
    Item(24, "What to do", "It shows how to do any sum it asks for.", counting.not_countable, "it asks for no sum"),
    Item(
        25,
        "What to do",
        "It says how to use its charts and tables.",
        counting.charts_apply,
        "it has no charts or tables",
    ),
    Item(26, "What to do", "There is a picture wherever one would make it easier to act.", counting.pictures),
)


@dataclass(frozen=True)
class JudgedItem:
    """One item, what was counted, and what a person said about the draft with this SHA-256."""

    item: Item
    observation: Observation
    judgement: Judgement | None
    sha256: str

    @property
    def current(self) -> Judgement | None:
        """A person's judgement of exactly this content."""
        return self.judgement if self.judgement and self.judgement.sha256 == self.sha256 else None

    @property
    def outdated(self) -> Judgement | None:
        """A person's judgement of earlier content, which no longer counts."""
        return None if self.current else self.judgement

    @property
    def verdict(self) -> str:
        """The person's, or else the counted one; empty while it is still to be judged."""
        return self.current.verdict if self.current else self.observation.verdict

    @property
    def is_open(self) -> bool:
        return not self.verdict

    @property
    def choices(self) -> list[tuple[str, str]]:
        counted, condition = self.observation.verdict, self.item.not_applicable_when
        undecided = f"As counted: {_label(counted)}" if counted else "Not judged yet"
        not_applicable = [(NOT_APPLICABLE.value, f"Does not apply: {condition}")] if condition else []
        return [("", undecided), (YES.value, "Yes"), (NO.value, "No"), *not_applicable]

    @property
    def verdict_label(self) -> str:
        return _label(self.verdict)


@dataclass(frozen=True)
class DomainScore:
    """One domain of the tool with its score: the percentage of yes among the items that apply."""

    name: str
    items: list[JudgedItem]

    @property
    def meaning(self) -> str:
        return DOMAINS[self.name]

    @cached_property
    def yes_count(self) -> int:
        return sum(judged.verdict == YES for judged in self.items)

    @cached_property
    def applicable(self) -> int:
        """How many are judged and do apply."""
        return sum(judged.verdict in (YES, NO) for judged in self.items)

    @cached_property
    def open(self) -> int:
        return sum(judged.is_open for judged in self.items)

    @property
    def percent(self) -> int | None:
        """The score; None while an item is open, or when no item applies."""
        return None if self.open or not self.applicable else _percent(self.yes_count, self.applicable)

    @property
    def lowest(self) -> int:
        """The score if every open item turned out a no."""
        return _percent(self.yes_count, self.applicable + self.open)

    @property
    def highest(self) -> int:
        """The score if every open item turned out a yes."""
        return _percent(self.yes_count + self.open, self.applicable + self.open)


def assess(page: PageMetrics, judgements: Iterable[Judgement], sha256: str) -> list[DomainScore]:
    """The page's score in each domain. Only judgements of the draft with this SHA-256 count."""
    by_item = {judgement.item: judgement for judgement in judgements}
    judged = [JudgedItem(item, item.observe(page), by_item.get(item.number), sha256) for item in ITEMS]
    return [DomainScore(name, [one for one in judged if one.item.domain == name]) for name in DOMAINS]


def all_items(domains: Iterable[DomainScore]) -> Iterator[JudgedItem]:
    for domain in domains:
        yield from domain.items


def _label(verdict: str) -> str:
    return Judgement.Verdict(verdict).label.lower() if verdict else ""


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole)
