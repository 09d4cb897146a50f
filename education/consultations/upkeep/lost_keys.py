"""Keys that are not here, and the requests that they set aside: these wait for their key, and stop nothing."""

from django.db import connection
from django.db.models import Model, Q

from education.consultations.models import ConsultationRequest, RequestQuerySet, SealedAmendment, SealedNote
from education.core import sealing

SEALED: tuple[type[Model], ...] = (ConsultationRequest, SealedAmendment, SealedNote)
# One index lookup finds each key: DISTINCT would read the whole index. In SQL, as the worker asks every second.
KEYS_IN_USE = """
WITH RECURSIVE used(key_id) AS (
  SELECT min(key_id) FROM {table} WHERE key_id > ''
  UNION ALL
  SELECT (SELECT min(key_id) FROM {table} WHERE key_id > used.key_id) FROM used WHERE used.key_id IS NOT NULL
)
SELECT key_id FROM used WHERE key_id IS NOT NULL
"""


def lost() -> list[str]:
    """The keys that something stored needs and that can't be used here. Cheap enough for every second."""
    needed = {key_id for model in SEALED for key_id in _keys_of(model)}
    return sorted(key_id for key_id in needed if not sealing.can_open(key_id))


def _keys_of(model: type[Model]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(KEYS_IN_USE.format(table=model._meta.db_table))
        return [key_id for (key_id,) in cursor.fetchall()]


def set_aside(keys: list[str]) -> RequestQuerySet:
    """Requests of which something is sealed with one of these keys."""
    if not keys:
        return ConsultationRequest.objects.none()
    missing = Q(key_id__in=keys)
    parts = (SealedAmendment.objects.filter(missing), SealedNote.objects.filter(missing))
    found = missing | Q(pk__in=parts[0].values("request")) | Q(pk__in=parts[1].values("request"))
    return ConsultationRequest.objects.filter(found).order_by("id")
