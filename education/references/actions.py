"""What can be done to a reference, which page cites which, and loading references from files."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet

from education.audit.actions import record
from education.pages import actions as pages
from education.references.models import Citation, Reference
from education.wording import actions as wording

CITATION = re.compile(r"\[@([^\]\s<>]{1,80})\]")


class UnknownReference(ValueError):
    """A text cites keys that no reference has. The message names them."""

    def __init__(self, keys: Iterable[str]) -> None:
        super().__init__(f"No reference has the key {', '.join(keys)}. Add it to the references, or correct the key.")


class CitedReference(ValueError):
    """Published pages cite the reference. The message says what to do instead."""


def cited_keys(text: str) -> list[str]:
    """The keys cited in `text`, each once, in order of first use."""
    return list(dict.fromkeys(CITATION.findall(text)))


def resolve(keys: Iterable[str]) -> dict[str, Reference]:
    """The references with these keys, in their order. Raises UnknownReference naming the keys that are missing."""
    wanted = list(dict.fromkeys(keys))
    found = known(wanted)
    if missing := [key for key in wanted if key not in found]:
        raise UnknownReference(missing)
    return found


def known(keys: Iterable[str]) -> dict[str, Reference]:
    """The references that exist among these keys, in their order."""
    wanted = list(dict.fromkeys(keys))
    found = {reference.key: reference for reference in Reference.objects.filter(key__in=wanted)}
    return {key: found[key] for key in wanted if key in found}


def replace_citations(path: str, *, title: str, references: Iterable[Reference]) -> None:
    """Record that the page at `path` cites exactly these references. Joins the caller's transaction."""
    delete_citations(path)
    Citation.objects.bulk_create(Citation(reference=reference, path=path, title=title) for reference in references)


def delete_citations(path: str) -> None:
    Citation.objects.filter(path=path).delete()


def citations_moved(old: str, new: str) -> None:
    """The page at `old` is now at `new`. Joins the caller's transaction."""
    Citation.objects.filter(path=old).update(path=new)


@transaction.atomic
def save_reference(reference: Reference, *, before: str, by: AbstractBaseUser | None) -> None:
    """Save what staff edited. `before` is the earlier status: a change of it is shown on every page that cites it."""
    reference.save()
    detail = {"status": reference.status}
    if before and before != reference.status:
        detail["before"] = before
        _mark_pages_stale(reference)
    else:
        pages.mark_stale([reference.get_absolute_url()])
    record("reference_saved", by=by, about=f"reference:{reference.key}", detail=detail)


@transaction.atomic
def delete_reference(reference: Reference, *, by: AbstractBaseUser | None) -> None:
    """Delete a study that no published page cites. Raises CitedReference for any other."""
    if reference.citations.exists():
        raise CitedReference(f"Published pages cite {reference.key}. Change its status, and leave it here.")
    path = reference.get_absolute_url()
    reference.delete()
    pages.mark_stale([path])
    record("reference_deleted", by=by, about=f"reference:{reference.key}")


@transaction.atomic
def set_status(
    reference: Reference, status: Reference.Status, *, notice: str = "", on: date, by: AbstractBaseUser | None
) -> None:
    """Record a new status that a check found on this day."""
    before, noticed = reference.status, reference.notice
    reference.status, reference.notice, reference.checked_on = status, notice, on
    reference.save(update_fields=["status", "notice", "checked_on"])
    if notice != noticed:
        wording.show_field(reference, "notice")
    _mark_pages_stale(reference)
    detail = {"status": str(status), "before": before, "on": on.isoformat(), "notice": notice}
    record("reference_checked", by=by, about=f"reference:{reference.key}", detail=detail)


def locked(references: "QuerySet[Reference]") -> list[Reference]:
    """These references, locked until the transaction ends: nobody else changes them. To be called before the audit
    trail is locked.
    """
    return list(references.select_for_update().order_by("pk"))


@transaction.atomic
def mark_checked(keys: Iterable[str], *, on: date) -> None:
    """Record that a check on this day found the status of these references unchanged."""
    found = Reference.objects.filter(key__in=keys)
    found.update(checked_on=on)
    pages.mark_stale(reference.get_absolute_url() for reference in found)


@transaction.atomic
def mark_not_checked(keys: Iterable[str], *, on: date) -> None:
    """Record that a check on this day could not tell how these references stand: no earlier day vouches for them."""
    for reference in locked(Reference.objects.filter(key__in=keys)):
        reference.checked_on = None
        reference.save(update_fields=["checked_on"])
        pages.mark_stale([reference.get_absolute_url()])
        record("reference_not_checked", by=None, about=f"reference:{reference.key}", detail={"on": on.isoformat()})


def _mark_pages_stale(reference: Reference) -> None:
    """The reference's own page, and the pages that cite it."""
    pages.mark_stale([reference.get_absolute_url(), *reference.citations.values_list("path", flat=True)])


def load(rows: list[dict[str, Any]]) -> int:
    """Add the references whose keys are new; the number added. Others are not changed: staff may have edited them."""
    keys = set(Reference.objects.values_list("key", flat=True))
    added = [Reference(**row) for row in rows if row["key"] not in keys]
    with transaction.atomic():
        for reference in added:
            reference.full_clean(validate_unique=False)
            reference.save()
    return len(added)
