"""The staff keys: which are needed and not here, sealing everything again to the newest, retiring one."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Model
from django.utils import timezone

from education.audit.actions import record
from education.consultations.models import ConsultationRequest
from education.consultations.public import hosts
from education.consultations.upkeep.lost_keys import SEALED, lost, set_aside
from education.core import sealing
from education.core.text import counted
from education.outbox.models import OutboxMessage

BATCH = 200


class KeyRefused(Exception):
    """Why a key can't be retired, or a new one made. The message may be shown to the operator."""


def in_use() -> dict[str, int]:
    """How many envelopes are sealed with each key, by key id."""
    found: dict[str, int] = {}
    for model in SEALED:
        rows = model._default_manager.exclude(key_id="").order_by().values_list("key_id").annotate(Count("pk"))
        for key_id, count in rows:
            found[key_id] = found.get(key_id, 0) + count
    for recipient in OutboxMessage.objects.values_list("recipient", flat=True).iterator():
        key_id = sealing.key_id_of(bytes(recipient))
        found[key_id] = found.get(key_id, 0) + 1
    return found


def not_here() -> str:
    """Says whose keys are not here, and what to do; empty when all are."""
    missing = lost()
    if not missing:
        return ""
    count = counted(set_aside(missing).count(), "request")
    return f"The keys of {count} are not here: {', '.join(missing)}. {bring_back()}"


def bring_back() -> str:
    folder = Path(settings.SEAL_KEY_DIR)
    if folder.exists() and not os.access(folder, os.R_OK | os.X_OK):
        return f"This user may not read {folder}. Give it back: chown -R USER-OF-THE-SITE {folder}"
    return (
        f"Bring the volume back that holds {folder}, or put the files back from another host or a backup, readable by "
        "this user; all goes on by itself then. Nothing is lost until keys are deleted."
    )


def reseal() -> int:
    """Seal to the newest key what an older one sealed. Returns how many envelopes. May be interrupted and repeated."""
    newest, count = sealing.current_key_id(), 0
    for model in SEALED:
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


def require_all_here(*, lost_for_good: set[str]) -> None:
    """Raises KeyRefused while requests need keys that are not here: with a new one, all would seem to be well."""
    missing = lost()
    if set(missing) <= lost_for_good:
        return
    problem = not_here()
    raise KeyRefused(f"{problem} Only if they are lost for good: manage.py seal_keys new {','.join(missing)}")


def retire(key_id: str) -> None:
    """Delete a key. Raises KeyRefused for the newest one, for an unknown one, while anything is sealed with it, and
    while a host may still seal with it.
    """
    if key_id not in sealing.key_ids():
        missing = f"There is no key {key_id} on this machine." if key_id else "Say which key."
        raise KeyRefused(f"{missing} To see them: manage.py seal_keys list")
    if key_id == sealing.current_key_id():
        raise KeyRefused("This is the newest key: it seals. Make another one first: manage.py seal_keys new")
    if count := in_use().get(key_id, 0):
        raise KeyRefused(f"{count} envelopes need this key. First run: manage.py seal_keys reseal")
    hosts.note_key()
    if seen := hosts.seen_with(key_id):
        raise KeyRefused(_still_sealing(seen))
    sealing.delete_key(key_id)
    record("key_retired", by=None, about=f"key:{key_id}")


def _still_sealing(seen: dict[str, datetime]) -> str:
    names = "; ".join(f"{host} (seen {timezone.localtime(at):%Y-%m-%d %H:%M})" for host, at in sorted(seen.items()))
    newest = f"seal_public_{sealing.current_key_id()}.pem"
    return (
        f"Hosts that may still seal with this key: {names}. What they seal could never be opened. Copy {newest} into "
        "the key folder of each, open its /health/ready, and try again. For a host that was taken away for good: "
        "manage.py seal_keys forget HOST"
    )


def starting_problem() -> str:
    """Why the staff side must not start; empty when it may. Answers that it can't open would seem to be lost.

    Older keys that are missing only set aside what they sealed.
    """
    if not sealing.key_ids():
        return not_here()
    problem = sealing.opening_problem()
    return f"{problem} {bring_back()}" if problem else ""
