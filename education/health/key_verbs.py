"""The verbs of `manage.py seal_keys`: what each does, and the lines that it prints."""

from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings

from education.audit.actions import record
from education.consultations.public import hosts
from education.core import sealing, vault
from education.health import keys

Lines = Iterator[str]
NEWEST = {True: "opens and seals", False: "seals only"}
OLDER = {True: "older, opens only", False: "older, can’t open here"}


def new(folder: Path, lost: str) -> Lines:
    """`lost`: the keys that are known to be lost for good, with commas."""
    keys.require_all_here(lost_for_good=set(lost.split(",")))
    key_id = sealing.make_keys(folder)
    record("key_made", by=None, about=f"key:{key_id}")
    yield f"Made key {key_id} in {folder}."
    yield from _keys(folder)
    if not settings.TRIAL and not vault.recovery_key_id(folder):
        yield from recovery(folder, "")


def show(folder: Path, _: str) -> Lines:
    yield from _keys(folder)
    yield f"Recovery key: {_recovery_key(folder)}"


def _keys(folder: Path) -> Lines:
    used = keys.in_use()
    if not sealing.key_ids():
        yield "There are no keys yet. Run: manage.py seal_keys new"
    for key_id in sealing.key_ids():
        opens = (folder / f"seal_private_{key_id}.pem").is_file()
        does = (NEWEST if key_id == sealing.current_key_id() else OLDER)[opens]
        yield f"{key_id}  {does}, used by {used.get(key_id, 0)}"
        yield from (f"    {host} seals with it" for host in hosts.seen_with(key_id))


def _recovery_key(folder: Path) -> str:
    key_id = vault.recovery_key_id(folder)
    if not key_id:
        return "none, so there are no backups. Run: manage.py seal_keys recovery"
    return f"{key_id}, {'tested' if vault.is_confirmed(folder) else 'never tested. Run: manage.py seal_keys test'}"


def reseal(folder: Path, _: str) -> Lines:
    yield f"Sealed again: {keys.reseal()} envelopes, to key {sealing.current_key_id()}."


def retire(folder: Path, key_id: str) -> Lines:
    keys.retire(key_id)
    yield f"Key {key_id} is deleted. Backups made before today carry their own copy."


def forget(folder: Path, host: str) -> Lines:
    yield f"{host} no longer counts." if hosts.forget(host) else f"No host {host!r} is known to seal."


def recovery(folder: Path, _: str) -> Lines:
    older = vault.recovery_key_id(folder)
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
    if older:
        yield ""
        yield f"The recovery key before it ({older}) opens the backups made until now: keep it as long as those."


def test(folder: Path, typed: str) -> Lines:
    key_id = vault.confirm(folder, typed)
    record("recovery_key_tested", by=None, about=f"key:{key_id}")
    yield f"This is the recovery key {key_id} of this site. Keep it safe."


VERBS: dict[str, Callable[[Path, str], Lines]] = {
    "new": new, "list": show, "reseal": reseal, "retire": retire, "forget": forget, "recovery": recovery, "test": test,
}  # fmt: skip
