"""What is done to the clinic's profile, its people and its bulletins."""

from collections.abc import Iterable
from datetime import date
from itertools import chain, count

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from education.audit.actions import record
from education.clinic.models import Bulletin, ClinicProfile, Credit, Person
from education.images.pictures import Picture
from education.pages import actions as pages


@transaction.atomic
def update_profile(
    profile: ClinicProfile,
    *,
    changed: Iterable[str],
    new_logo: Picture | None = None,
    remove_logo: bool = False,
    by: AbstractBaseUser | None,
) -> None:
    """Save the profile; a new logo takes the old one's place. The audit trail keeps the fields' names only."""
    if new_logo or remove_logo:
        _replace_logo(profile, new_logo)
    profile.save()
    record("profile_changed", by=by, about="clinic", detail={"fields": " ".join(sorted(changed))})


def _replace_logo(profile: ClinicProfile, picture: Picture | None) -> None:
    storage, old = profile.logo.storage, profile.logo.name
    if old:
        transaction.on_commit(lambda: storage.delete(old))
    profile.logo = ""
    profile.logo_width = profile.logo_height = 0
    if picture:
        profile.logo.save(picture.file.name or "", picture.file, save=False)
        profile.logo_width, profile.logo_height = picture.width, picture.height


@transaction.atomic
def save_person(person: Person, *, changed: Iterable[str], by: AbstractBaseUser | None) -> None:
    """Save the person; a new one without an address gets one made of the name."""
    person.slug = person.slug or _free_slug(person.name)
    person.save()
    record("person_saved", by=by, about=f"person:{person.pk}", detail={"fields": " ".join(sorted(changed))})


def _free_slug(name: str) -> str:
    base = slugify(name)[:40] or "person"
    taken = set(Person.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in count(2))
    return next(slug for slug in chain([base], numbered) if slug not in taken)


def replace_credits(path: str, *, title: str, wrote: Person | None, reviewed: Person | None = None) -> None:
    """Record who stands behind the page at `path` now. Joins the caller's transaction."""
    Credit.objects.filter(path=path).delete()
    parts = ((wrote, Credit.Part.WROTE), (reviewed, Credit.Part.REVIEWED))
    Credit.objects.bulk_create(
        Credit(person=person, path=path, title=title, part=part) for person, part in parts if person
    )


def page_moved(old: str, new: str) -> None:
    """The page at `old` is at `new` from now on. Joins the caller's transaction."""
    for model in (Credit, Bulletin):
        model._default_manager.filter(path=old).update(path=new)


@transaction.atomic
def save_bulletin(bulletin: Bulletin, *, before: str = "", by: AbstractBaseUser | None) -> None:
    """`before` is the page it stood on until now."""
    bulletin.seen = bulletin.is_shown_on(timezone.localdate())
    bulletin.save()
    pages.touched({bulletin.path, before or bulletin.path})
    until = bulletin.until.isoformat() if bulletin.until else ""
    detail = {"bulletin": bulletin.pk, "begins": bulletin.begins.isoformat(), "until": until}
    record("bulletin_saved", by=by, about=bulletin.path, detail=detail)


def turn_bulletins(*, today: date | None = None) -> int:
    """Tell the pages whose bulletin begins or has ended: a day goes by without anybody saving anything."""
    today = today or timezone.localdate()
    turned = list(Bulletin.objects.turning(today))
    with transaction.atomic():
        for bulletin in turned:
            bulletin.seen = not bulletin.seen
            bulletin.save(update_fields=["seen"])
        if turned:
            pages.touched({bulletin.path for bulletin in turned})
    return len(turned)
