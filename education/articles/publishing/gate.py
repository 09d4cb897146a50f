"""The gate: the facts that must hold before an edition may be published. No opinions, those are advice.

Each line of the gate looks at the same `Facts` and says, in words for the editor, where it fails.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator

from education.articles.content import links
from education.articles.content.blocks import BLOCK_TYPES, Block
from education.articles.content.blocks.claim import ClaimBlock
from education.articles.content.canonical import Content, content_of, draft_blocks, sha256, texts
from education.articles.models import Article, SignOff
from education.clinic.models import ClinicProfile, Person
from education.references.actions import cited_keys
from education.references.models import Reference

KINDS_WITH_CARE = (Article.Kind.CONDITION, Article.Kind.TREATMENT)
WELL_SUPPORTED = (ClaimBlock.Grade.STRONG, ClaimBlock.Grade.MODERATE)


@dataclass(frozen=True)
class Failure:
    """What is wrong, and in which block of the content (counted from 0; None: in no single one)."""

    words: str
    block: int | None = None


@dataclass(frozen=True)
class Facts:
    """What the lines look at, asked for once."""

    article: Article
    blocks: list[Block]  # all of the draft's, also those without words
    content: Content
    sha256: str
    references: dict[str, Reference]
    clinic: ClinicProfile
    today: date

    @property
    def signature(self) -> SignOff | None:
        """The signature on exactly these words: the draft's, or what the published page stands on."""
        published = self.article.state == Article.State.PUBLISHED
        signature = self.article.sign_off if published else self.article.signature
        return signature if signature and signature.sha256 == self.sha256 else None

    def of_type(self, *types: str) -> Iterator[tuple[int, Content]]:
        for number, block in enumerate(self.content["blocks"]):
            if block["type"] in types:
                yield number, block


Check = Callable[[Facts], Iterable[Failure]]


@dataclass(frozen=True)
class Line:
    """One demand of the gate. Those of a clinician can't be met by writing."""

    name: str
    asks: str
    check: Check
    clinicians: bool = False


@dataclass(frozen=True)
class Result:
    line: Line
    failures: list[Failure]

    @property
    def holds(self) -> bool:
        return not self.failures


@dataclass(frozen=True)
class Gate:
    facts: Facts
    results: list[Result] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return all(result.holds for result in self.results)

    @property
    def words_hold(self) -> bool:
        """Whether all holds that writing can bring about: what is left is a clinician's."""
        return all(result.holds for result in self.results if not result.line.clinicians)

    def reasons(self, *, clinicians: bool = True) -> list[str]:
        """Every failure as a sentence; without the clinician's lines, if so wanted."""
        results = (result for result in self.results if clinicians or not result.line.clinicians)
        return [failure.words for result in results for failure in result.failures]


def check(article: Article, *, today: date | None = None) -> Gate:
    """Hold the draft against every line."""
    facts = facts_of(article, today=today or timezone.localdate())
    return Gate(facts, [Result(line, list(line.check(facts))) for line in LINES])


def facts_of(article: Article, *, today: date) -> Facts:
    blocks = draft_blocks(article)
    content = content_of(article, blocks)
    keys = {key for text in texts(content) for key in cited_keys(text)}
    references = {reference.key: reference for reference in Reference.objects.filter(key__in=keys)}
    return Facts(article, blocks, content, sha256(content), references, ClinicProfile.load(), today)


# What writing can bring about


def _words(facts: Facts) -> Iterator[Failure]:
    if not facts.content["blocks"]:
        yield Failure("The page has no words yet. Add a block and write something.")
    if not facts.content["summary"]:
        yield Failure("The summary is empty. Write one or two sentences: they are shown in lists and in search.")


def _author(facts: Facts) -> Iterator[Failure]:
    yield from _credited(facts.article.author, "author", "Choose one under “Where it lives”.")


def _credited(person: Person | None, who: str, remedy: str) -> Iterator[Failure]:
    if person is None:
        yield Failure(f"The page has no {who}. {remedy}")
    for lack in person.lacks if person else []:
        yield Failure(f"The {who}, {person.name}, has no {lack} yet. Add it under People.")  # type: ignore[union-attr]


def _key_points(facts: Facts) -> Iterator[Failure]:
    if not any(facts.of_type("key-points")):
        yield Failure("The page has no key points. Add a block with the three to five things to remember.")


def _urgent_help(facts: Facts) -> Iterator[Failure]:
    urgent = (block for _, block in facts.of_type("care") if block["level"] != "non-urgent")
    if facts.content["kind"] in KINDS_WITH_CARE and not any(urgent):
        yield Failure("The page does not say when to get help at once. Add an urgent or emergency care card.")


def _known(facts: Facts) -> Iterator[Failure]:
    if facts.content["kind"] == Article.Kind.TREATMENT and not any(facts.of_type("known")):
        yield Failure("The page does not say what is known and what is not. Add that block: every treatment needs it.")


def _claims(facts: Facts) -> Iterator[Failure]:
    for number, claim in facts.of_type("claim"):
        words = Truncator(claim["text"]).chars(60)
        for problem in _claim(claim, facts.references):
            yield Failure(f"The claim “{words}” {problem}", number)


def _claim(claim: Content, references: dict[str, Reference]) -> Iterator[str]:
    if not (claim["grade"] and claim["direction"]):
        yield "is not graded. Choose its evidence and its direction."
    if not (claim["graded_by"] and claim["graded_on"]):
        yield "does not say who graded it and when."
    behind = [references[key] for key in claim["references_for"] if key in references]
    nothing_to_find = claim["grade"] == ClaimBlock.Grade.NONE and claim["nothing_against"] and not behind
    if not (nothing_to_find or any(reference.can_carry_alone for reference in behind)):
        yield _no_support(behind)
    if claim["grade"] in WELL_SUPPORTED and not (claim["references_against"] or claim["nothing_against"]):
        yield "names no study against it. Name one, or tick that none was found."


def _no_support(behind: list[Reference]) -> str:
    if not behind:
        return "names no study behind it. Name one that is current."
    studies = ", ".join(f"{reference.key} ({reference.get_status_display().lower()})" for reference in behind)
    return f"rests on nothing current: {studies}. Name a study that stands, or mend its status under References."


def _pictures_and_tables(facts: Facts) -> Iterator[Failure]:
    for number, block in enumerate(facts.content["blocks"]):
        for problem in BLOCK_TYPES[block["type"]].publication_problems(block):
            yield Failure(problem, number)


def _headings(facts: Facts) -> Iterator[Failure]:
    """A block with a heading of its own counts as a heading of the second level, as it is drawn."""
    level = 1
    for number, block in enumerate(facts.content["blocks"]):
        model = BLOCK_TYPES[block["type"]]
        level = 2 if model.own_heading else level
        for found in (heading for rich in model.rich_texts(block) for heading in links.headings(rich)):
            if found.level > level + 1:
                yield Failure(f"The heading “{found.words}” skips a level. Make it a larger one.", number)
            level = found.level


def _links(facts: Facts) -> Iterator[Failure]:
    for number, problem in links.dead(facts.content["blocks"], own=facts.article.get_absolute_url()):
        yield Failure(problem, number)


def _citations(facts: Facts) -> Iterator[Failure]:
    for number, block in enumerate(facts.content["blocks"]):
        cited = cited_keys(" ".join(BLOCK_TYPES[block["type"]].texts(block)))
        unknown = [key for key in cited if key not in facts.references]
        if unknown:
            words = f"No reference has the key {', '.join(unknown)}. Add it to the references, or mend it."
            yield Failure(words, number)


# What only a clinician can bring about


def _signed(facts: Facts) -> Iterator[Failure]:
    if facts.signature:
        return
    if facts.article.signature:
        yield Failure("The words were changed after a clinician signed them. They have to be signed again.")
    else:
        yield Failure("No clinician has signed exactly these words.")


def _second_person(facts: Facts) -> Iterator[Failure]:
    if facts.clinic.second_person_signs and facts.signature and facts.signature.wrote_too:
        yield Failure("It is signed by somebody who wrote it. Your clinic asks a second person to sign.")


def _reviewer(facts: Facts) -> Iterator[Failure]:
    if facts.signature:
        yield from _credited(facts.signature.full_review.person, "reviewer", "")


def _review_dates(facts: Facts) -> Iterator[Failure]:
    if not facts.signature:
        return
    review, months = facts.signature.full_review, facts.clinic.review_months
    due = review.next_review or facts.today  # a full review has a date: the database sees to it
    if due < facts.today:
        yield Failure(f"Its full review was due on {_day(due)}. It needs another: a signature on a change won’t do.")
    if due > months_after(timezone.localdate(review.signed_at), months):
        yield Failure(f"Its next review is set for {_day(due)}, beyond your policy of {months} months.")


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or that month's last."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _day(day: date) -> str:
    return date_format(day, "j F Y")


LINES = (
    Line("words", "It has words and a summary", _words),
    Line("author", "Its author is named, with credentials and interests", _author),
    Line("key-points", "It has key points", _key_points),
    Line("urgent-help", "A condition or treatment says when to get help at once", _urgent_help),
    Line("known", "A treatment says what is known and what is not", _known),
    Line("claims", "Each claim is graded and rests on a study that stands", _claims),
    Line("pictures", "Figures and tables have their words", _pictures_and_tables),
    Line("headings", "Headings are in order", _headings),
    Line("links", "Links within the site lead somewhere", _links),
    Line("citations", "Each cited study is in the references", _citations),
    Line("signed", "A clinician signed exactly these words", _signed, clinicians=True),
    Line("second-person", "A second person signed, where the clinic asks for it", _second_person, clinicians=True),
    Line("reviewer", "Its reviewer is named, with credentials and interests", _reviewer, clinicians=True),
    Line("review-dates", "Its full review is no older than the clinic’s policy", _review_dates, clinicians=True),
)
