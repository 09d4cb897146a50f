"""What can be done to a reference; which page cites which; loading references from data."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from education.audit.actions import record
from education.pages import actions as pages
from education.references.models import Citation, Reference

CITATION = re.compile(r"\[@([^\]\s<>]{1,80})\]")


class UnknownReference(ValueError):
    """A text cites keys that no reference has. The message names them."""

    def __init__(self, keys: Iterable[str]) -> None:
        super().__init__(f"No reference has the key {', '.join(keys)}. Add it to the references, or correct the key.")


def cited_keys(text: str) -> list[str]:
    """The keys cited in `text`, each once, in order of first use."""
    return list(dict.fromkeys(CITATION.findall(text)))


def resolve(keys: Iterable[str]) -> dict[str, Reference]:
    """The references with these keys, in their order. Raises UnknownReference naming the keys that are missing."""
    wanted = list(dict.fromkeys(keys))
    found = {reference.key: reference for reference in Reference.objects.filter(key__in=wanted)}
    missing = [key for key in wanted if key not in found]
    if missing:
        raise UnknownReference(missing)
    return {key: found[key] for key in wanted}


def replace_citations(path: str, *, title: str, references: Iterable[Reference]) -> None:
    """Record that the page at `path` cites exactly these. Joins the caller's transaction."""
    forget_citations(path)
    Citation.objects.bulk_create(Citation(reference=reference, path=path, title=title) for reference in references)


def forget_citations(path: str) -> None:
    Citation.objects.filter(path=path).delete()


def citations_moved(old: str, new: str) -> None:
    """The page at `old` is at `new` from now on. Joins the caller's transaction."""
    Citation.objects.filter(path=old).update(path=new)


@transaction.atomic
def saved(reference: Reference, *, before: str, by: AbstractBaseUser | None) -> None:
    """Save what staff wrote. `before` is the status until now: the pages that cite the study say when it changes."""
    reference.save()
    detail = {"status": reference.status}
    if before and before != reference.status:
        detail["before"] = before
        _tell_pages(reference)
    else:
        pages.touched([reference.get_absolute_url()])
    record("reference_saved", by=by, about=f"reference:{reference.key}", detail=detail)


@transaction.atomic
def set_status(
    reference: Reference, status: Reference.Status, *, notice: str = "", on: date, by: AbstractBaseUser | None
) -> None:
    """What a check found, on this day."""
    before = reference.status
    reference.status, reference.notice, reference.checked_on = status, notice, on
    reference.save(update_fields=["status", "notice", "checked_on"])
    _tell_pages(reference)
    detail = {"status": str(status), "before": before, "on": on.isoformat(), "notice": notice}
    record("reference_checked", by=by, about=f"reference:{reference.key}", detail=detail)


@transaction.atomic
def confirmed(keys: Iterable[str], *, on: date) -> None:
    """A check found these as they were: their pages say when."""
    found = Reference.objects.filter(key__in=keys)
    found.update(checked_on=on)
    pages.touched(reference.get_absolute_url() for reference in found)


def _tell_pages(reference: Reference) -> None:
    """The study's own page, and those that cite it."""
    pages.touched([reference.get_absolute_url(), *reference.citations.values_list("path", flat=True)])


def load(rows: list[dict[str, Any]]) -> int:
    """Add the references that are not there yet; those that staff may have edited stay as they are."""
    known = set(Reference.objects.values_list("key", flat=True))
    fresh = [Reference(**row) for row in rows if row["key"] not in known]
    with transaction.atomic():
        for reference in fresh:
            reference.full_clean(validate_unique=False)
            reference.save()
    return len(fresh)
