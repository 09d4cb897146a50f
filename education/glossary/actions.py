"""What can be done to the glossary. Any page may use any term, so each change makes every page stale."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from education.audit.actions import record
from education.audit.models import AuditEvent
from education.core.text import lines
from education.glossary.models import Term
from education.pages import actions as pages

PATH = "/glossary/"
TITLE = "Words explained"
SAVED = "term_saved"


@transaction.atomic
def save(term: Term, *, by: AbstractBaseUser | None) -> None:
    term.save()
    record(SAVED, by=by, about=term.get_absolute_url())
    _mark_pages_stale()


def words_signed(term: Term) -> None:
    """Show on every page what a clinician has just signed. Joins the caller's transaction."""
    _mark_pages_stale()


@transaction.atomic
def delete(term: Term, *, by: AbstractBaseUser | None) -> None:
    record("term_deleted", by=by, about=term.get_absolute_url())
    term.delete()
    _mark_pages_stale()


def load_row(row: dict[str, Any]) -> bool:
    """Whether a row of a file said anything new: a term, or other words for one that staff never saved.

    Patients read them once they are signed, and until then those from before. Call `rows_loaded` when all are in.
    """
    read = Term(**{**row, "aliases": "\n".join(row.get("aliases") or [])})
    term = Term.objects.filter(slug=read.slug).first() or read
    if term.pk and (term.written_words() == read.written_words() or _saved_by_staff(term)):
        return False
    for name, words in read.written_words().items():
        setattr(term, name, words)
    term.full_clean()
    term.save()
    return True


def rows_loaded(new: int) -> None:
    """After all rows of a file are loaded, of which so many said anything new."""
    if new:
        _mark_pages_stale()


def _saved_by_staff(term: Term) -> bool:
    return AuditEvent.objects.filter(about=term.get_absolute_url(), verb=SAVED).exists()


def rows() -> list[dict[str, Any]]:
    """Every term as a row of the library file."""
    return [
        {"slug": term.slug, "term": term.term}
        | ({"aliases": lines(term.aliases)} if term.aliases else {})
        | {"definition": term.definition}
        for term in Term.objects.order_by("slug")
    ]


def _mark_pages_stale() -> None:
    pages.changed(PATH, title=TITLE)
    pages.mark_stale()
