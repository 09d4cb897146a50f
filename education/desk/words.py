"""Words beside the articles that wait for a signature: what was, what would be, and what a signature sets off."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst

from education.accounts.models import User
from education.articles import workflow
from education.articles.content.compare import Comparison, compare
from education.articles.models import Topic
from education.articles.publishing import moves
from education.clinic import help_lines
from education.clinic.models import Bulletin, ClinicProfile
from education.consultations.models import ScreeningQuestion
from education.desk.sections import Link, Section
from education.glossary import actions as glossary
from education.glossary.models import Term
from education.references.models import Reference
from education.wording import actions as wording
from education.wording.models import SignedWords, SitePlace


@dataclass(frozen=True)
class Kind:
    """Rows of one model: where patients read their words, and what has to follow when they are signed."""

    model: type[SignedWords]
    where: str
    then: Callable[[list[Any]], None] = lambda rows: None

    @property
    def name(self) -> str:
        return self.model.words_kind()


KINDS = (
    Kind(ClinicProfile, "In every emergency card, on the request form and at the foot of each page"),
    Kind(Bulletin, "At the top of a page"),
    Kind(ScreeningQuestion, "On the request form"),
    Kind(Topic, "In the navigation, on the home page and at the head of the topic", moves.topics_signed),
    Kind(Term, "In the glossary, and explained in signed pages", glossary.words_signed),
    Kind(SitePlace, "On the page named above each"),
    Kind(Reference, "On the study’s own page, and below pages that cite it"),
)


@dataclass(frozen=True)
class Change:
    """One field of one row, as patients read it and as staff wrote it."""

    name: str
    comparison: Comparison
    is_new: bool = False  # patients have read nothing in its place so far


@dataclass(frozen=True)
class WaitingWords:
    row: Any
    changes: list[Change]
    edit: str  # the address of its form
    page: str  # of the page that shows it, if it is one
    is_read: bool = False  # patients read exactly these words, though nobody signed them
    needs_second_person: bool = False  # whoever reads this wrote some of it, and the clinic asks somebody else to sign

    @property
    def title(self) -> str:
        """A bulletin is named by its words, which are shown below anyway."""
        return f"For {self.row.path}" if isinstance(self.row, Bulletin) else str(self.row)

    @property
    def anchor(self) -> str:
        return f"{self.row.words_kind()}-{self.row.pk}"

    @property
    def token(self) -> str:
        """A name for the row with exactly the words that are on the screen."""
        return f"{self.row.words_kind()} {self.row.pk} {self.row.words_sha256()}"


@dataclass(frozen=True)
class Group:
    kind: Kind
    waiting: list[WaitingWords] = field(default_factory=list)
    unreviewed: list[WaitingWords] = field(default_factory=list)

    @property
    def title(self) -> str:
        return capfirst(str(self.kind.model._meta.verbose_name_plural))


def groups(reader: User | None = None) -> list[Group]:
    """What patients don’t read yet, and what they read though nobody signed it, by kind."""
    own = wording.written_by(reader) if reader and ClinicProfile.load().second_person_signs else set()
    found = [_group(kind, own) for kind in KINDS]
    return [group for group in found if group.waiting or group.unreviewed]


def count_waiting() -> int:
    rows = (row for kind in KINDS for row in kind.model._default_manager.raw(*_statement(kind.model)))
    return sum(row.words_wait for row in rows)


@cache
def _statement(model: type[SignedWords]) -> tuple[str, tuple[Any, ...]]:
    """The query for all rows of a kind. In SQL, as the desk asks for each: Django takes longer to write it than the
    database to answer it.
    """
    rows: Any = model._default_manager
    return rows.with_public_words().query.sql_with_params()  # type: ignore[no-any-return]


def section_for(user: User) -> list[Section]:
    """The section of the desk for everybody who sees articles: it leads those who sign to the words, and tells others
    that they wait.
    """
    count = count_waiting()
    if not count:
        return []
    words = "Read and sign them" if user.has_perm(workflow.MAY_SIGN) else "See what waits for a clinician"
    link = Link(words, reverse("words_waiting"), "Patients read the words from before, or none.")
    return [Section("Words waiting for a signature", count, [link])]


def kind_named(name: str) -> Kind | None:
    return next((kind for kind in KINDS if kind.name == name), None)


def _group(kind: Kind, own: set[tuple[str, int]]) -> Group:
    rows: Any = kind.model._default_manager
    return Group(kind, [_shown(row, own) for row in rows.waiting()], [_shown(row, own) for row in rows.unreviewed()])


def _shown(row: SignedWords, own: set[tuple[str, int]]) -> WaitingWords:
    edit = reverse(f"admin:education_{row.words_kind()}_change", args=[row.pk])
    page, is_own = row.path if isinstance(row, Bulletin | SitePlace) else "", (row.words_kind(), row.pk) in own
    return WaitingWords(row, list(_changes(row)), edit, page, not row.words_wait, is_own)


def _changes(row: SignedWords) -> Iterator[Change]:
    """The fields whose words differ; all that are filled in of a row that patients read as it is."""
    public = row.public_words()
    for name, words in row.written_words().items():
        before = public.get(name, "")
        if before != words if row.words_wait else words:
            field: Any = row._meta.get_field(name)
            comparison = compare(_content(field, before), _content(field, words))
            yield Change(capfirst(field.verbose_name), comparison, is_new=not before)


def _content(field: Any, words: Any) -> dict[str, Any]:
    """These words as a page's content, which is what can be compared. Each help line is compared by itself; a choice
    is shown as staff know it.
    """
    if isinstance(words, list):
        words = [line.said for line in help_lines.read(words)]
    elif field.choices:
        words = str(dict(field.flatchoices).get(words, words))
    return {"title": "", "summary": "", "blocks": [{"type": "words", "words": words}]}
