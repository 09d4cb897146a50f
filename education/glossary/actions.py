"""What can be done to the glossary. Every page may use a term, so every page is told."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from education.audit.actions import record
from education.core.text import lines
from education.glossary.models import Term
from education.pages import actions as pages

PATH = "/glossary/"
TITLE = "Words explained"


@transaction.atomic
def save(term: Term, *, by: AbstractBaseUser | None) -> None:
    term.save()
    record("term_saved", by=by, about=term.get_absolute_url())
    _tell_pages()


@transaction.atomic
def delete(term: Term, *, by: AbstractBaseUser | None) -> None:
    record("term_deleted", by=by, about=term.get_absolute_url())
    term.delete()
    _tell_pages()


def load_row(row: dict[str, Any]) -> None:
    """Add a term of a file, unless there is one at its address: staff may have edited that. `loaded` comes after."""
    if Term.objects.filter(slug=row["slug"]).exists():
        return
    term = Term(**{**row, "aliases": "\n".join(row.get("aliases") or [])})
    term.full_clean()
    term.save()


def loaded(before: int) -> None:
    """Once all rows of a file are in; `before` is how many terms there were."""
    if count() != before:
        _tell_pages()


def count() -> int:
    return Term.objects.count()


def rows() -> list[dict[str, Any]]:
    """Every term as a file holds it."""
    return [
        {"slug": term.slug, "term": term.term}
        | ({"aliases": lines(term.aliases)} if term.aliases else {})
        | {"definition": term.definition}
        for term in Term.objects.order_by("slug")
    ]


def _tell_pages() -> None:
    pages.changed(PATH, title=TITLE)
    pages.touched()
