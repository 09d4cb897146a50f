"""The staff keys: sealing everything again to the newest one, and retiring a key that is no longer needed."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Count, Model

from education.audit.actions import record
from education.consultations.models import ConsultationRequest, SealedAmendment, SealedNote
from education.core import sealing
from education.outbox.models import OutboxMessage

BATCH = 200
Sealed = tuple[type[Model], str, Any]


class KeyInUse(Exception):
    """Why a key can't be retired. The message may be shown to the operator."""


def in_use() -> dict[str, int]:
    """How many envelopes are sealed with each key, by key id."""
    found: dict[str, int] = {}
    for model in (ConsultationRequest, SealedAmendment, SealedNote):
        counted = model._default_manager.exclude(key_id="").order_by().values_list("key_id").annotate(Count("pk"))
        for key_id, count in counted:
            found[key_id] = found.get(key_id, 0) + count
    for recipient in OutboxMessage.objects.values_list("recipient", flat=True).iterator():
        key_id = sealing.key_id_of(bytes(recipient))
        found[key_id] = found.get(key_id, 0) + 1
    return found


def needed() -> set[str]:
    """The keys that stored requests are sealed with. Cheap enough for every start."""
    keys: list[str] = []
    while following := _keys_after(keys[-1] if keys else ""):
        keys += following
    return set(keys)


def _keys_after(key_id: str) -> list[str]:
    """The next key id in use, if any: one index lookup for each key, where DISTINCT would read the whole index."""
    after = ConsultationRequest.objects.filter(key_id__gt=key_id).order_by("key_id")
    return list(after.values_list("key_id", flat=True)[:1])


def reseal() -> int:
    """Seal to the newest key what an older one sealed. Returns how many envelopes. May be interrupted and repeated."""
    newest, count = sealing.current_key_id(), 0
    for model in (ConsultationRequest, SealedAmendment, SealedNote):
        for keys in _batches(model, newest):
            with transaction.atomic():
                count += sum(_reseal_row(row, newest) for row in model._default_manager.filter(pk__in=keys))
    count += sum(_reseal_mail(message, newest) for message in OutboxMessage.objects.iterator())
    record("keys_resealed", by=None, about=f"key:{newest}", detail={"count": count})
    return count


def _batches(model: type[Model], newest: str) -> Iterator[list[int]]:
    older = model._default_manager.exclude(key_id__in=["", newest])
    while keys := list(older.values_list("pk", flat=True)[:BATCH]):
        yield keys


def _reseal_row(row: Any, newest: str) -> int:
    bound_to = row.reference if isinstance(row, ConsultationRequest) else row.bound_to
    row.sealed = sealing.reseal(bytes(row.sealed), bound_to=bound_to)
    row.key_id = newest
    row.save(update_fields=["sealed", "key_id"])
    return 1


def _reseal_mail(message: OutboxMessage, newest: str) -> int:
    if sealing.key_id_of(bytes(message.recipient)) == newest:
        return 0
    message.recipient = sealing.reseal(bytes(message.recipient), bound_to=message.key)
    message.save(update_fields=["recipient"])
    return 1


def retire(key_id: str) -> None:
    """Delete a key. Raises KeyInUse for the newest one, for an unknown one, and while anything is sealed with it."""
    if key_id not in sealing.key_ids():
        missing = f"There is no key {key_id} on this machine." if key_id else "Say which key."
        raise KeyInUse(f"{missing} To see them: manage.py seal_keys list")
    if key_id == sealing.current_key_id():
        raise KeyInUse("This is the newest key: it seals. Make another one first: manage.py seal_keys new")
    if count := in_use().get(key_id, 0):
        raise KeyInUse(f"{count} envelopes need this key. First run: manage.py seal_keys reseal")
    sealing.delete_key(key_id)
    record("key_retired", by=None, about=f"key:{key_id}")


def starting_problem() -> str:
    """Why the staff side must not start; empty when it may. Answers that it can't open would seem to be lost."""
    return sealing.opening_problem(needed()) if sealing.key_ids() or needed() else ""
