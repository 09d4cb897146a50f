"""What is done to the clinic's profile."""

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from education.audit.actions import record
from education.clinic.models import ClinicProfile
from education.images.pictures import Picture


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
