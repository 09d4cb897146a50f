"""The staff keys: which are needed and not here, sealing everything again to the newest, retiring one."""

import os
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Model, QuerySet
from django.utils import timezone

from education.audit.actions import record
from education.consultations.models import ConsultationRequest
from education.consultations.public import hosts
from education.consultations.upkeep import retention
from education.consultations.upkeep.lost_keys import SEALED, lost, set_aside
from education.core import sealing, vault
from education.core.text import counted, day_and_time
from education.outbox.models import OutboxMessage

BATCH = 200
KEPT_FOR = timedelta(days=90)  # a retired key: longer than any host goes unseen, or a backup is kept
NO_RECOVERY_KEY = (
    "A retired key is kept under the recovery key, and there is none. First make it: manage.py seal_keys recovery"
)
RETIRED_NAME = re.compile(r"retired_([0-9a-f]{16})_(\d{8})\.sealed")


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
    return f"The keys of {count} are not here: {', '.join(missing)}. {bring_back(*missing)}"


def bring_back(*missing: str) -> str:
    """What to do about keys that are not here: `missing` are their ids, as far as they are known."""
    if kept := sorted(set(missing) & set(retired())):
        return (
            "It was retired, and is kept under the recovery key. Its holder runs: "
            + " and ".join(f"manage.py seal_keys recall {key_id}" for key_id in kept)
            + "; then: manage.py seal_keys reseal"
        )
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
                # Locked and asked again: what a patient withdrew since the batch was read must stay destroyed.
                rows = _older_than(model, newest).filter(pk__in=keys).select_for_update()
                count += sum(_reseal_row(row, newest) for row in rows)
    count += sum(_reseal_mail(message, newest) for message in OutboxMessage.objects.iterator())
    record("keys_resealed", by=None, about=f"key:{newest}", detail={"count": count})
    return count


def _older_than(model: type[Model], newest: str) -> QuerySet[Any]:
    return model._default_manager.exclude(key_id__in=["", newest])


def _batches(model: type[Model], newest: str) -> Iterator[list[int]]:
    while keys := list(_older_than(model, newest).values_list("pk", flat=True)[:BATCH]):
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
    resealed = sealing.reseal(bytes(message.recipient), bound_to=message.key)
    return OutboxMessage.objects.filter(pk=message.pk).update(recipient=resealed)  # 0: deleted since it was read


def require_all_here(*, lost_for_good: set[str]) -> None:
    """Raises KeyRefused while requests need keys that are not here: a new key would hide that."""
    missing = lost()
    if set(missing) <= lost_for_good:
        return
    problem = not_here()
    raise KeyRefused(f"{problem} Only if they are lost for good: manage.py seal_keys new {','.join(missing)}")


def retire(key_id: str) -> None:
    """Take a key out of use: it is kept under the recovery key only, and deleted after KEPT_FOR.

    Raises KeyRefused for the newest one, for an unknown one, while anything is sealed with it, while a host may still
    seal with it, and without a recovery key.
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
    if not vault.recovery_key_id(Path(settings.SEAL_KEY_DIR)):
        raise KeyRefused(NO_RECOVERY_KEY)
    name = f"retired_{key_id}_{timezone.localdate():%Y%m%d}.sealed"
    vault.keep(Path(settings.SEAL_KEY_DIR), name, sealing.private_pem(key_id))
    sealing.delete_key(key_id)
    record("key_retired", by=None, about=f"key:{key_id}")


def retired() -> dict[str, tuple[Path, date]]:
    """The keys that are kept under the recovery key, each with its file and the day of its deletion."""
    found = {}
    for path in sorted(Path(settings.SEAL_KEY_DIR).glob("retired_*.sealed")):
        if name := RETIRED_NAME.fullmatch(path.name):
            found[name[1]] = path, datetime.strptime(name[2], "%Y%m%d").date() + KEPT_FOR  # noqa: DTZ007  only a day
    return found


def recall(key_id: str, typed: str) -> None:
    """Put a retired key back, with the recovery key: something that was sealed with it has turned up."""
    if key_id not in retired():
        raise KeyRefused(f"There is no retired key {key_id}. To see them: manage.py seal_keys list")
    path, _ = retired()[key_id]
    sealing.put_back_key(key_id, vault.read_kept(path, typed))
    path.unlink()
    record("key_recalled", by=None, about=f"key:{key_id}")


def delete_retired(*, now: datetime | None = None) -> int:
    """Delete retired keys that were kept long enough and that nothing needs. Returns how many."""
    today = timezone.localdate(retention.horizon(now or timezone.now()))
    due = {key_id: path for key_id, (path, until) in retired().items() if until < today}
    deleted = 0
    for key_id in sorted(set(due) - set(lost())):
        due[key_id].unlink()
        record("retired_key_deleted", by=None, about=f"key:{key_id}")
        deleted += 1
    return deleted


def _still_sealing(seen: dict[str, datetime]) -> str:
    names = "; ".join(f"{host} (seen {day_and_time(at)})" for host, at in sorted(seen.items()))
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
