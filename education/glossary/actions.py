"""What can be done to the glossary. Any page may use any term, so each change makes every page stale."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from education.audit.actions import record
from education.core.text import lines
from education.glossary.models import Term
from education.pages import actions as pages
from education.wording import actions as wording

PATH = "/glossary/"
TITLE = "Words explained"
SAVED = "term_saved"


@transaction.atomic
def save_term(term: Term, *, by: AbstractBaseUser | None) -> None:
    term.save()
    record(SAVED, by=by, about=term.get_absolute_url())
    _mark_pages_stale()


def words_signed(terms: Iterable[Term]) -> None:
    """Show on every page what a clinician has just signed. Joins the caller's transaction."""
    _mark_pages_stale()


@transaction.atomic
def delete_term(term: Term, *, by: AbstractBaseUser | None) -> None:
    term.delete()
    record("term_deleted", by=by, about=term.get_absolute_url())
    _mark_pages_stale()


def load_row(row: dict[str, Any]) -> bool:
    """Whether a row of a file said anything new. Call `rows_loaded` when all are in."""
    read = Term(**{**row, "aliases": "\n".join(row.get("aliases") or [])})
    return wording.load(read, Term.objects.filter(slug=read.slug).first(), saved=SAVED)


def rows_loaded(new: int) -> None:
    """Mark pages stale after a file was loaded, if any of its rows were new."""
    if new:
        _mark_pages_stale()


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
