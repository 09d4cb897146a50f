"""Fill what the clinic has not filled in with an invented one, and take that away again."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import ProtectedError

from education.clinic.actions import save_profile
from education.clinic.examples import invented
from education.clinic.models import ClinicProfile
from education.images import actions as images
from education.images.models import Picture
from education.images.pictures import versions
from education.pages import actions as pages
from education.people.actions import delete_person, save_person
from education.people.models import Person


@transaction.atomic
def load(*, by: AbstractBaseUser) -> bool:
    """Whether anything was empty that the invented clinic now fills. What staff wrote stands."""
    if not settings.TRIAL:
        raise ImproperlyConfigured("Examples are for trials only.")
    profile = ClinicProfile.as_written()
    words = {name: value for name, value in invented.clinic()["profile"].items() if not getattr(profile, name)}
    for name, value in words.items():
        setattr(profile, name, value)
    if not profile.map_picture and words:
        profile.map_picture = _picture("map", by=by, **invented.clinic()["map"])
        words["map_picture"] = ""
    if words:
        save_profile(profile, changed=words, by=by)
    people = [] if Person.objects.team().exists() else [_person(by=by, **one) for one in invented.clinic()["people"]]
    return bool(words or people)


@transaction.atomic
def remove(*, by: AbstractBaseUser) -> None:
    """Empty each field that still holds the invented words, and delete the invented people."""
    profile = ClinicProfile.as_written()
    pictures = list(Picture.objects.filter(credit=invented.CREDIT))
    emptied = [*profile.example_fields, *(["map_picture"] if profile.map_picture in pictures else [])]
    for name in emptied:
        field: Any = profile._meta.get_field(name)
        setattr(profile, name, field.get_default())
    if emptied:
        save_profile(profile, changed=emptied, by=by)
    for person in Person.objects.filter(is_example=True):
        _delete_unused_person(person, by=by)
    for picture in pictures:
        _delete_unused(picture, by=by)
    pages.mark_stale()


def _person(*, art: str, by: AbstractBaseUser, **fields: str) -> Person:
    photo = _picture(art, by=by, alt=f"A drawing of {fields['name']}, who is invented.")
    person = Person(photo=photo, on_team=True, **fields)
    save_person(person, changed=["name"], by=by)
    Person.objects.filter(pk=person.pk).update(is_example=True)
    return person


def _picture(name: str, *, by: AbstractBaseUser, **words: str) -> Picture:
    upload = SimpleUploadedFile(f"{name}.png", invented.art(name))
    return images.add_picture(Picture(credit=invented.CREDIT, **words), versions(upload), by=by)


def _delete_unused_person(person: Person, *, by: AbstractBaseUser) -> None:
    """Unless staff have made use of this person on a page."""
    with suppress(ProtectedError):
        delete_person(person, by=by)


def _delete_unused(picture: Picture, *, by: AbstractBaseUser) -> None:
    try:
        with transaction.atomic():
            images.delete_picture(picture, by=by)
    except images.PictureInUse:
        return
