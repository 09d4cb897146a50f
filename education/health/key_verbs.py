"""The verbs of `manage.py seal_keys`: what each does, and the lines that it prints."""

import hashlib
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.utils.formats import date_format

from education.audit.actions import record
from education.consultations.public import hosts
from education.core import sealing, vault
from education.health import keys
from education.health.typed import typed_secret
from education.health.watching import beats

Lines = Iterator[str]
PEM = re.compile(r"-----BEGIN PUBLIC KEY-----\n.*?\n-----END PUBLIC KEY-----", re.DOTALL)
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
    for key_id, (_file, until) in keys.retired().items():
        yield f"{key_id}  retired, kept under the recovery key until {date_format(until, 'DATE_FORMAT')}"
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
    _, until = keys.retired()[key_id]
    last = date_format(until, "DATE_FORMAT")
    yield f"Key {key_id} is retired. It is kept under the recovery key until {last}, and then deleted."
    yield f"If something sealed with it turns up until then: manage.py seal_keys recall {key_id}"


def recall(folder: Path, key_id: str) -> Lines:
    keys.recall(key_id, typed_secret("Recovery key: "))
    yield f"Key {key_id} opens again. Now: manage.py seal_keys reseal, then retire it again."


def public(folder: Path, key_id: str) -> Lines:
    """The newest public key, to be read by `add` on another host."""
    key_id = key_id or sealing.current_key_id()
    pem = sealing.public_pem(key_id)
    yield f"seal_public_{key_id}.pem"
    yield pem.strip()
    yield f"SHA-256 {hashlib.sha256(pem.encode()).hexdigest()}"


def add(folder: Path, _: str) -> Lines:
    """Reads what `public` printed on the staff side."""
    if settings.SEAL_CAN_OPEN:
        raise keys.KeyRefused("This is for hosts with CLINIC_ROLE=public. Here, a key that can't open would be a loss.")
    typed = sys.stdin.read()
    name, block = sealing.PUBLIC_NAME.search(typed), PEM.search(typed)
    if not name or not block:
        raise sealing.KeyMissing("This is not a public key. On the staff side: manage.py seal_keys public")
    pem = f"{block[0]}\n"
    sealing.add_public_key(folder, name[1], pem)
    hosts.note_key()
    yield f"This host seals with key {sealing.current_key_id()} from now on. Compare with the staff side:"
    yield f"SHA-256 {hashlib.sha256(pem.encode()).hexdigest()}"


def forget(folder: Path, host: str) -> Lines:
    yield f"{host} no longer counts." if beats.forget_host(host) else f"No host {host!r} is known."


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


def test(folder: Path, _: str) -> Lines:
    key_id = vault.confirm(folder, typed_secret("Recovery key: "))
    record("recovery_key_tested", by=None, about=f"key:{key_id}")
    yield f"This is the recovery key {key_id} of this site. Keep it safe."


VERBS: dict[str, Callable[[Path, str], Lines]] = {
    "new": new, "list": show, "public": public, "add": add, "reseal": reseal, "retire": retire, "recall": recall,
    "forget": forget, "recovery": recovery, "test": test,
}  # fmt: skip
