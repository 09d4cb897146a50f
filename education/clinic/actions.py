"""What can be done to the clinic's profile and its bulletins."""

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from education.audit.actions import record
from education.clinic import help_lines
from education.clinic.models import Bulletin, ClinicProfile
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


def bulletins_moved(old: str, new: str) -> None:
    """The page at `old` is now at `new`. Joins the caller's transaction, before that locks the audit trail: whoever
    writes a bulletin changes its row first, too.
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
