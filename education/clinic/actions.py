"""What can be done to the clinic's profile, its people and its bulletins."""

from collections.abc import Iterable
from datetime import date
from itertools import chain, count

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from education.audit.actions import record
from education.clinic import help_lines
from education.clinic.models import Bulletin, ClinicProfile, Credit, Person
from education.images import actions as images
from education.images.pictures import ReencodedImage
from education.pages import actions as pages


@transaction.atomic
def save_profile(
    profile: ClinicProfile,
    *,
    changed: Iterable[str],
    new_logo: ReencodedImage | None = None,
    remove_logo: bool = False,
    by: AbstractBaseUser | None,
) -> None:
    """Save the profile; a new logo replaces the old one. The audit event holds the names of changed fields only."""
    if new_logo or remove_logo:
        _replace_logo(profile, new_logo)
    _follow_country(profile)
    profile.save()
    pages.mark_stale()
    record("profile_changed", by=by, about="clinic", detail={"fields": " ".join(sorted(changed))})


def _follow_country(profile: ClinicProfile) -> None:
    """Lines that are still those of the country before become those of the new one. So do no lines and no words."""
    before = ClinicProfile.as_written()
    untouched = before.country != profile.country and profile.help_lines == help_lines.of_country(before.country)
    if untouched or not (profile.help_lines or profile.emergency_words):
        profile.help_lines = help_lines.of_country(profile.country)


def _replace_logo(profile: ClinicProfile, picture: ReencodedImage | None) -> None:
    if profile.logo.name:
        images.delete_files(profile.logo.name)
    profile.logo = ""
    profile.logo_width = profile.logo_height = 0
    if picture:
        profile.logo = f"logo/{picture.file.name}"
        images.store({profile.logo.name: picture.file.read()})
        profile.logo_width, profile.logo_height = picture.width, picture.height


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


def bulletins_moved(old: str, new: str) -> None:
    """As `credits_moved`, but to be called before the audit trail is locked: whoever writes a bulletin changes its row
    first, too.
    """
    Bulletin.objects.filter(path=old).update(path=new)


@transaction.atomic
def save_bulletin(bulletin: Bulletin, *, by: AbstractBaseUser | None) -> None:
    """Save the bulletin. Patients read its words once a clinician has signed them."""
    bulletin.was_shown = bulletin.is_shown_on(timezone.localdate())
    bulletin.save()
    pages.mark_stale([bulletin.path])
    until = bulletin.until.isoformat() if bulletin.until else ""
    detail = {"bulletin": bulletin.pk, "begins": bulletin.begins.isoformat(), "until": until}
    record("bulletin_saved", by=by, about=bulletin.path, detail=detail)


def refresh_bulletins(*, today: date | None = None) -> int:
    """Mark pages stale whose bulletin began or ended with the passing of a day. The number of such bulletins."""
    today = today or timezone.localdate()
    bulletins = list(Bulletin.objects.with_stale_pages(today))
    with transaction.atomic():
        for bulletin in bulletins:
            bulletin.was_shown = not bulletin.was_shown
            bulletin.save(update_fields=["was_shown"])
        if bulletins:
            pages.mark_stale({bulletin.path for bulletin in bulletins})
    return len(bulletins)
