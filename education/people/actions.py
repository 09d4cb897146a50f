"""What can be done to the people whom pages name, and to the record of which pages those are."""

from collections.abc import Iterable
from itertools import chain, count

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import slugify

from education.audit.actions import record
from education.pages import actions as pages
from education.people.models import Credit, Person


@transaction.atomic
def save_person(person: Person, *, changed: Iterable[str], by: AbstractBaseUser | None) -> None:
    """Save the person; a new one without a slug gets one made from the name. An invented one is staff's from now on.

    Raises PermissionDenied where `by` may not give the person this account, or take it away.
    """
    before = Person.objects.filter(pk=person.pk).values_list("account", flat=True).first()
    if before != person.account_id and not all(may_link(key, by=by) for key in (before, person.account_id)):
        raise PermissionDenied
    person.slug = person.slug or _free_slug(person.name)
    person.is_example = False
    person.save()
    pages.mark_stale([person.get_absolute_url(), *person.credits.values_list("path", flat=True)])
    record("person_saved", by=by, about=f"person:{person.pk}", detail={"fields": " ".join(sorted(changed))})


def may_link(account: int | None, *, by: AbstractBaseUser | None) -> bool:
    """Whether `by` may say whose this account is. It signs pages in that person's name, so nobody says that of a
    colleague but whoever manages the accounts. None stands for no account, and in `by` for the server.
    """
    return account is None or by is None or account == by.pk or by.manages_accounts  # type: ignore[attr-defined]


@transaction.atomic
def delete_person(person: Person, *, by: AbstractBaseUser | None) -> None:
    """Raises ProtectedError for somebody whom a page names."""
    key, address = person.pk, person.get_absolute_url()
    person.delete()
    pages.mark_stale([address])
    record("person_deleted", by=by, about=f"person:{key}")


def _free_slug(name: str) -> str:
    base = slugify(name)[:40] or "person"
    taken = set(Person.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in count(2))
    return next(slug for slug in chain([base], numbered) if slug not in taken)


def replace_credits(path: str, *, title: str, wrote: Person | None, reviewed: Person | None = None) -> None:
    """Record who wrote and who reviewed the page at `path`. Joins the caller's transaction."""
    Credit.objects.filter(path=path).delete()
    parts = ((wrote, Credit.Part.WROTE), (reviewed, Credit.Part.REVIEWED))
    Credit.objects.bulk_create(
        Credit(person=person, path=path, title=title, part=part) for person, part in parts if person
    )


def credits_moved(old: str, new: str) -> None:
    """The page at `old` is now at `new`. Joins the caller's transaction."""
    Credit.objects.filter(path=old).update(path=new)
