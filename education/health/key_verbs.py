"""What `manage.py seal_keys` does and says, verb by verb."""

from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings

from education.audit.actions import record
from education.core import sealing, vault
from education.health import keys

Lines = Iterator[str]


def new(folder: Path, _: str) -> Lines:
    key_id = sealing.make_keys(folder)
    record("key_made", by=None, about=f"key:{key_id}")
    yield f"Made key {key_id} in {folder}."
    yield from show(folder, "")
    if not settings.TRIAL and not vault.recovery_key_id(folder):
        yield from recovery(folder, "")


def show(folder: Path, _: str) -> Lines:
    used = keys.in_use()
    for key_id in sealing.key_ids():
        opens = "opens and seals" if (folder / f"seal_private_{key_id}.pem").is_file() else "seals only"
        yield f"{key_id}  {opens}, used by {used.get(key_id, 0)}"


def reseal(folder: Path, _: str) -> Lines:
    yield f"Sealed anew: {keys.reseal()} envelopes, to key {sealing.current_key_id()}."


def retire(folder: Path, key_id: str) -> Lines:
    keys.retire(key_id)
    yield f"Key {key_id} is deleted. Backups made before today carry their own copy."


def recovery(folder: Path, _: str) -> Lines:
    printed = vault.make_recovery_key(folder)
    record("recovery_key_made", by=None, about=f"key:{vault.recovery_key_id(folder)}")
    yield ""
    yield "RECOVERY KEY of this site. It is shown once and stored nowhere."
    yield "Whoever has it and a backup can read everything."
    yield ""
    yield f"    {printed}"
    yield ""
    yield "Write it on paper twice, and keep both in safe places that are not this machine. Its holder then runs:"
    yield "    manage.py seal_keys test"


def test(folder: Path, typed: str) -> Lines:
    key_id = vault.confirm(folder, typed)
    record("recovery_key_tested", by=None, about=f"key:{key_id}")
    yield f"This is the recovery key {key_id} of this site. Keep it safe."


VERBS: dict[str, Callable[[Path, str], Lines]] = {
    "new": new, "list": show, "reseal": reseal, "retire": retire, "recovery": recovery, "test": test,
}  # fmt: skip
