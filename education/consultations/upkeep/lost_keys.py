"""Keys that are not here, and the requests that they set aside: these wait for their key, and stop nothing."""

from collections.abc import Iterator

from django.db.models import Model, Q

from education.consultations.models import ConsultationRequest, RequestQuerySet, SealedAmendment, SealedNote
from education.core import sealing

SEALED: tuple[type[Model], ...] = (ConsultationRequest, SealedAmendment, SealedNote)


def lost() -> list[str]:
    """The keys that something stored needs and that can't be used here. Cheap enough for every second."""
    needed = {key_id for model in SEALED for key_id in _keys_of(model)}
    return sorted(key_id for key_id in needed if not sealing.can_open(key_id))


def _keys_of(model: type[Model]) -> Iterator[str]:
    """The keys in use. One index lookup finds each; DISTINCT would read the whole index."""
    key_id: str | None = ""
    while key_id is not None:
        after = model._default_manager.filter(key_id__gt=key_id).order_by("key_id")
        key_id = after.values_list("key_id", flat=True).first()
        if key_id:
            yield key_id


def set_aside(keys: list[str]) -> RequestQuerySet:
    """Requests of which something is sealed with one of these keys."""
    if not keys:
        return ConsultationRequest.objects.none()
    missing = Q(key_id__in=keys)
    parts = (SealedAmendment.objects.filter(missing), SealedNote.objects.filter(missing))
    found = missing | Q(pk__in=parts[0].values("request")) | Q(pk__in=parts[1].values("request"))
    return ConsultationRequest.objects.filter(found).order_by("id")
