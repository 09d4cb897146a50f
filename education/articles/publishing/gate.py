"""The gate: facts that must hold before an edition may be published. Opinions are left to `education.advice`.

Each rule looks at the same `Facts` and says, in words for the editor, where the draft fails it.
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
from education.clinic.models import ClinicProfile
from education.core.text import full_stop
from education.people.models import Person
from education.references.actions import UnknownReference, cited_keys
from education.references.models import Reference

KINDS_NEEDING_CARE_CARD = (Article.Kind.CONDITION, Article.Kind.TREATMENT)
WELL_SUPPORTED = (ClaimBlock.Grade.STRONG, ClaimBlock.Grade.MODERATE)


@dataclass(frozen=True)
class Failure:
    """What is wrong, and the index of the block it is in (None: it concerns no single block)."""

    message: str
    block: int | None = None
    below_statement: str | None = None  # what is left to say below the rule’s statement; None: the whole message


@dataclass(frozen=True)
class Facts:
    """Everything the rules look at, fetched once."""

    article: Article
    blocks: list[Block]  # every block of the draft, empty ones included
    content: Content
    sha256: str
    references: dict[str, Reference]
    clinic: ClinicProfile
    today: date

    @property
    def signature(self) -> SignOff | None:
        """The sign-off of exactly this content: the draft's, or the live page's once it is published."""
        published = self.article.state == Article.State.PUBLISHED
        signature = self.article.sign_off if published else self.article.signature
        return signature if signature and signature.sha256 == self.sha256 else None

    def blocks_of_type(self, *types: str) -> Iterator[tuple[int, Content]]:
        """The content's blocks of these types, each with its index."""
        for index, block in enumerate(self.content["blocks"]):
            if block["type"] in types:
                yield index, block


Check = Callable[[Facts], Iterable[Failure]]


@dataclass(frozen=True)
class Rule:
    """One publication check. Editing can satisfy it, unless it needs a clinician."""

    name: str
    statement: str  # what is true of the page when it passes
    check: Check
    needs_clinician: bool = False
    asks: str = ""  # said instead of the statement while it fails, where “not yet” would not follow it well
    lacks: str = "not yet"


@dataclass(frozen=True)
class RuleResult:
    rule: Rule
    failures: list[Failure]

    @property
    def passed(self) -> bool:
        return not self.failures


@dataclass(frozen=True)
class GateResult:
    facts: Facts
    results: list[RuleResult] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether the draft may be published."""
        return all(result.passed for result in self.results)

    @property
    def ready_to_sign(self) -> bool:
        """Whether every rule passes that editing can satisfy: all that is left needs a clinician."""
        return all(result.passed for result in self.results if not result.rule.needs_clinician)

    def failure_messages(self, *, include_clinician: bool = True) -> list[str]:
        """Every failure as a sentence, with or without those that only a clinician can settle."""
        results = (result for result in self.results if include_clinician or not result.rule.needs_clinician)
        return [failure.message for result in results for failure in result.failures]


def check(article: Article, *, today: date | None = None) -> GateResult:
    """Check the draft against every rule."""
    facts = gather_facts(article, today=today or timezone.localdate())
    return GateResult(facts, [RuleResult(rule, list(rule.check(facts))) for rule in RULES])


def gather_facts(article: Article, *, today: date) -> Facts:
    blocks = draft_blocks(article)
    content = content_of(article, blocks)
    keys = {key for text in texts(content) for key in cited_keys(text)}
    found = Reference.objects.with_public_words().filter(key__in=keys)
    references = {reference.key: reference for reference in found}
    return Facts(article, blocks, content, sha256(content), references, ClinicProfile.load(), today)


def _denied(message: str, remedy: str = "") -> Failure:
    """A failure that says no more than that the rule's statement is not so, and perhaps a remedy."""
    return Failure(f"{message} {remedy}".strip(), below_statement=remedy)


# Rules that editing can satisfy


def _content(facts: Facts) -> Iterator[Failure]:
    if not facts.content["blocks"]:
        yield Failure("The page has no words yet. Add a block and write something.")
    if not facts.content["summary"]:
        yield Failure("The summary is empty. Write one or two sentences: they are shown in lists and in search.")


def _author_named(facts: Facts) -> Iterator[Failure]:
    if facts.article.written_by_clinic:
        if not facts.clinic.name:
            yield Failure("The clinic is the author, and has no name yet. Add it to the profile.")
        return
    yield from _person_problems(facts.article.author, "author", "Choose one under “Topic, address and author”.")


def _person_problems(person: Person | None, role: str, remedy: str) -> Iterator[Failure]:
    if person is None:
        yield Failure(f"The page has no {role}. {remedy}")
    for lack in person.missing_details if person else []:
        yield Failure(f"The {role}, {person.name}, has no {lack} yet. Add it under People.")  # type: ignore[union-attr]


def _key_points(facts: Facts) -> Iterator[Failure]:
    if not any(facts.blocks_of_type("key-points")):
        yield _denied("The page has no key points.", "Add a block with the three to five things to remember.")


def _urgent_help(facts: Facts) -> Iterator[Failure]:
    urgent = (block for _, block in facts.blocks_of_type("care") if block["level"] != "non-urgent")
    if facts.content["kind"] in KINDS_NEEDING_CARE_CARD and not any(urgent):
        yield _denied("The page does not say when to get help at once.", "Add an urgent or emergency care card.")


def _known(facts: Facts) -> Iterator[Failure]:
    if facts.content["kind"] == Article.Kind.TREATMENT and not any(facts.blocks_of_type("known")):
        yield _denied(
            "The page does not say what is known and what is not.", "Add that block: every treatment needs it."
        )


def _claims(facts: Facts) -> Iterator[Failure]:
    for index, claim in facts.blocks_of_type("claim"):
        words = Truncator(claim["text"]).chars(60)
        for problem in _claim_problems(claim, facts.references):
            yield Failure(f"The claim “{words}” {problem}", index)


def _claim_problems(claim: Content, references: dict[str, Reference]) -> Iterator[str]:
    if not (claim["grade"] and claim["direction"]):
        yield "is not graded. Choose its evidence and its direction."
    if not (claim["graded_by"] and claim["graded_on"]):
        yield "does not say who graded it and when."
    supporting = [references[key] for key in claim["references_for"] if key in references]
    no_evidence_expected = claim["grade"] == ClaimBlock.Grade.NONE and claim["nothing_against"] and not supporting
    if not (no_evidence_expected or any(reference.can_support_claim for reference in supporting)):
        yield _unsupported(supporting)
    if claim["grade"] in WELL_SUPPORTED and not (claim["references_against"] or claim["nothing_against"]):
        yield "names no study against it. Name one, or confirm that none was found."


def _unsupported(supporting: list[Reference]) -> str:
    if not supporting:
        return "names no study behind it. Name one that is current."
    studies = ", ".join(f"{study.short_name} ({study.get_status_display().lower()})" for study in supporting)
    return (
        f"rests on nothing current: {studies}. Name a study that still stands, or update its status under References."
    )


def _pictures_and_tables(facts: Facts) -> Iterator[Failure]:
    for index, block in enumerate(facts.content["blocks"]):
        for problem in BLOCK_TYPES[block["type"]].publication_problems(block):
            yield Failure(problem, index)


def _headings(facts: Facts) -> Iterator[Failure]:
    """A block that has its own heading counts as a second-level heading, because it is rendered as one."""
    level = 1
    for index, block in enumerate(facts.content["blocks"]):
        model = BLOCK_TYPES[block["type"]]
        level = 2 if model.own_heading else level
        for found in (heading for rich in model.rich_texts(block) for heading in links.headings(rich)):
            if found.level > level + 1:
                yield Failure(f"The heading “{found.words}” skips a level. Make it a larger one.", index)
            level = found.level


def _links(facts: Facts) -> Iterator[Failure]:
    for index, problem in links.dead(facts.content["blocks"], own=facts.article.get_absolute_url()):
        yield Failure(problem, index)


def _citations(facts: Facts) -> Iterator[Failure]:
    for index, block in enumerate(facts.content["blocks"]):
        cited = cited_keys(" ".join(BLOCK_TYPES[block["type"]].texts(block)))
        unknown = [key for key in cited if key not in facts.references]
        if unknown:
            yield Failure(str(UnknownReference(unknown)), index)


# Rules that only a clinician can satisfy. The first four: what a signature takes over, see `taking_over`


def has_library_author(article: Article) -> bool:
    return bool(article.author and article.author.is_starter_library)


def foreign_grades(facts: Facts) -> list[tuple[int, Content]]:
    """The claims whose grade is by nobody whom the site presents to patients, each with its index."""
    claims = [(index, claim) for index, claim in facts.blocks_of_type("claim") if claim["graded_by"]]
    known = [person for person in Person.objects.all() if not person.missing_details] if claims else []
    names = {name for person in known if not person.is_starter_library for name in (person.name, str(person))}
    return [(index, claim) for index, claim in claims if claim["graded_by"] not in names]


def unchecked_studies(facts: Facts) -> list[Reference]:
    return [study for _, study in sorted(facts.references.items()) if study.status == Reference.Status.UNVERIFIED]


def unsigned_studies(facts: Facts) -> list[Reference]:
    """The studies of which the page would show details that no clinician has signed."""
    return [study for _, study in sorted(facts.references.items()) if not study.signed_as_it_is]


def _author_taken_over(facts: Facts) -> Iterator[Failure]:
    if has_library_author(facts.article):
        yield Failure(f"Patients would read “Written by {facts.article.author}”. Whoever signs chooses who wrote it.")


def _grades_taken_over(facts: Facts) -> Iterator[Failure]:
    for index, claim in foreign_grades(facts):
        words = Truncator(claim["text"]).chars(60)
        yield Failure(f"The claim “{words}” is graded by {claim['graded_by']}. Whoever signs stands by it.", index)


def _studies_checked(facts: Facts) -> Iterator[Failure]:
    if names := names_of(unchecked_studies(facts)):
        rest = f"{full_stop(names)} Check them, and set their status."
        said = f"Nobody has checked these against the original: {rest}"
        yield Failure(said, below_statement=f"Still to check: {rest}")


def _studies_signed(facts: Facts) -> Iterator[Failure]:
    if names := names_of(unsigned_studies(facts)):
        said = f"No clinician has signed the details of these studies as they are now: {full_stop(names)}"
        yield Failure(said, below_statement=f"Still to sign, as they are now: {full_stop(names)}")


def named(studies: list[Reference]) -> list[tuple[str, Reference]]:
    """Each with its name, which is no other's: with its title where two would have one, as pages of one author
    without a year.
    """
    names = [study.short_name for study in studies]
    return [
        (study.author_year_title if names.count(name) > 1 else name, study)
        for study, name in zip(studies, names, strict=True)
    ]


def names_of(studies: list[Reference]) -> str:
    return "; ".join(name for name, _ in named(studies))


def _signed(facts: Facts) -> Iterator[Failure]:
    if facts.signature:
        return
    if facts.article.signature:
        yield Failure("The words were changed after a clinician signed them. They have to be signed again.")
    else:
        yield _denied("No clinician has signed exactly these words.")


def _second_person(facts: Facts) -> Iterator[Failure]:
    if facts.clinic.second_person_signs and facts.signature and facts.signature.self_reviewed:
        yield Failure("It is signed by somebody who wrote it. Your clinic asks a second person to sign.")


def _reviewer(facts: Facts) -> Iterator[Failure]:
    if facts.signature:
        yield from _person_problems(facts.signature.full_review.person, "reviewer", "")


def _review_dates(facts: Facts) -> Iterator[Failure]:
    if not facts.signature:
        return
    review, months = facts.signature.full_review, facts.clinic.review_months
    due = review.next_review or facts.today  # never empty: a database constraint gives each full review a date
    if due < facts.today:
        yield Failure(f"Its full review was due on {_date(due)}. It needs another: a signature on a change won’t do.")
    if due > add_months(timezone.localdate(review.signed_at), months):
        yield Failure(f"Its next review is set for {_date(due)}, beyond your policy of {months} months.")


def add_months(day: date, months: int) -> date:
    """The same day of the month that many months later, or that month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _date(day: date) -> str:
    return date_format(day)


RULES = (
    Rule("words", "It has words and a summary", _content),
    Rule("author", "Its author is named, with credentials and interests", _author_named),
    Rule("key-points", "It has key points", _key_points),
    Rule("urgent-help", "A condition or treatment says when to get help at once", _urgent_help),
    Rule("known", "A treatment says what is known and what is not", _known),
    Rule("claims", "Each claim is graded and rests on a study that stands", _claims),
    Rule("pictures", "Each block is filled in; figures and tables are described and captioned", _pictures_and_tables),
    Rule("headings", "Headings are in order", _headings),
    Rule("links", "Links within the site work", _links),
    Rule("citations", "Every study it cites is in the references", _citations),
    Rule(
        "author-here",
        "Somebody here is named as its author",
        _author_taken_over,
        needs_clinician=True,
        asks="Who wrote it",
        lacks="not chosen yet",
    ),
    Rule("grades-here", "Somebody here stands by each grade", _grades_taken_over, needs_clinician=True),
    Rule("checked", "Each study was checked against the original", _studies_checked, needs_clinician=True),
    Rule("studies", "A clinician signed the details of each study", _studies_signed, needs_clinician=True),
    Rule("signed", "A clinician signed exactly these words", _signed, needs_clinician=True),
    Rule("second-person", "A second person signed, where the clinic asks for it", _second_person, needs_clinician=True),
    Rule("reviewer", "Its reviewer is named, with credentials and interests", _reviewer, needs_clinician=True),
    Rule("review-dates", "Its full review is no older than the clinic’s policy", _review_dates, needs_clinician=True),
)
