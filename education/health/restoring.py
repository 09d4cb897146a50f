"""Restoring a backup: into an empty data folder, or a temporary one as a drill. Nothing is installed unchecked.

Everything is done to a copy in a folder of its own: unpacked, checked, migrated, and what was erased since is erased.
Then that folder gets the name READY. Killed before that, a restore has changed nothing; killed after it, the next start
or restore finishes it (`finish_interrupted`). Either way nothing that was unpacked stays behind.
"""

import fcntl
import hashlib
import json
import logging
import os
import shutil
import signal
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from education.audit import facts
from education.audit.actions import record
from education.audit.models import InstallationFact
from education.consultations import erasures
from education.consultations.disclosure import actions as disclosure
from education.consultations.models import ConsultationRequest
from education.consultations.workflow import Status
from education.core import sealing, vault
from education.core.disk import locked
from education.core.sealing import SealError
from education.health import backups
from education.health.backups import KEYS, MANIFEST, MEDIA, inspect, samples
from education.health.databases import own_server, roles
from education.health.databases.base import BackupRefused

log = logging.getLogger(__name__)
BLOCK_BYTES = 1 << 20
END_SIGNALS = (signal.SIGTERM, signal.SIGHUP)
RESTORING, DRILL, READY = ".restore-", ".drill-", ".restored"
SET_ASIDE = "before-restore"  # what a key is renamed to whose name the backup needs
OTHER_SERVER = {
    "SQLite": "This backup is one of SQLite. Restore it without DATABASE_URL, then use manage.py move_database.",
    "PostgreSQL": "This backup is one of PostgreSQL. Set DATABASE_URL to an empty database there.",
}


def drill(backup: Path, typed_key: str) -> dict[str, Any]:
    """Unpack and check a backup in a temporary folder. Returns its manifest. What stays here is a note of the day."""
    settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _working_folder(DRILL) as folder:
        manifest = _unpacked(backup, typed_key, folder)
    if _site_is_here():  # else this is another machine, where nobody asks for it
        facts.note(backups.DRILL, backup.name)
    return manifest


def _site_is_here() -> bool:
    if connection.vendor == "sqlite" and not (settings.DATA_DIR / own_server().FILE).exists():
        return False  # and asking would make it
    return InstallationFact._meta.db_table in connection.introspection.table_names()


def restore(backup: Path, typed_key: str) -> dict[str, Any]:
    """Install a backup without what was erased since it was made. Raises BackupRefused and SealError."""
    data = Path(settings.DATA_DIR)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    connection.close()
    finish_interrupted()
    own_server().require_unused()
    with _working_folder(RESTORING) as folder:
        manifest = _unpacked(backup, typed_key, folder)
        manifest["erased"] = _bring_up_to_date(folder, backup)
        folder.rename(data / READY)
        _install(data / READY)
    return manifest


def lines(manifest: dict[str, Any]) -> Iterator[str]:
    """What to tell the operator."""
    done = f"is restored; erased again: {manifest['erased']}" if "erased" in manifest else "could be restored"
    yield f"The backup of {manifest['made'][:16].replace('T', ' ')} UTC {done}."
    yield f"  {manifest['opened']:>8,} requests opened as a check"
    yield from (f"  {count:>8,} {table}" for table, count in manifest["counts"].items())


def finish_interrupted() -> None:
    """Clean up after a restore or a drill that was killed: finish what was ready, and delete what was not."""
    data = Path(settings.DATA_DIR)
    for folder in (*data.glob(f"{RESTORING}*"), *data.glob(f"{DRILL}*")):
        if not _is_in_use(folder):
            _delete(folder)
    if (data / READY).is_dir():
        with locked(data / READY):
            if (data / READY).is_dir():  # or somebody else has finished it meanwhile
                _install(data / READY)


@contextmanager
def _working_folder(prefix: str) -> Iterator[Path]:
    """A temporary folder. Its lock ends with this process, and tells others whether it is still at work."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=settings.DATA_DIR))
    try:
        with locked(folder), _ended_by_signals():
            yield folder
    finally:
        if folder.exists():  # under this name
            _delete(folder)


def _delete(folder: Path) -> None:
    try:
        own_server().discard(folder)
    except DatabaseError as error:  # what is in the folder goes all the same
        log.warning("a database that a restore has made is left over (%s)", type(error).__name__)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """In this block, what asks the process to end is an exception like any other: the folder is still deleted."""
    own = {number: signal.signal(number, lambda number, _: sys.exit(128 + number)) for number in END_SIGNALS}
    try:
        yield
    finally:
        for number, handler in own.items():
            signal.signal(number, handler)


def _is_in_use(folder: Path) -> bool:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _unpacked(backup: Path, typed_key: str, folder: Path) -> dict[str, Any]:
    key = vault.read_printed(typed_key)
    digests = {}
    try:
        with backup.open("rb") as file:
            stream: Any = vault.OpenedFile(file, key)
            with tarfile.open(fileobj=stream, mode="r|") as archive:
                for member in archive:
                    digests[member.name] = _extract(archive, member, folder)
            stream.read()  # to the end: only the last chunk shows that the file is whole
    except tarfile.TarError:
        raise SealError(vault.CHANGED) from None
    return _checked(folder, digests)


def _extract(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> str:
    """Unpack one plain file below the folder, readable by this user only. Returns its SHA-256."""
    target = (folder / member.name).resolve()
    source = archive.extractfile(member)
    if source is None or not target.is_relative_to(folder.resolve()):
        raise SealError(vault.CHANGED)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("wb") as file:
        target.chmod(0o600)
        while block := source.read(BLOCK_BYTES):
            digest.update(block)
            file.write(block)
    return digest.hexdigest()


def _checked(folder: Path, digests: dict[str, str]) -> dict[str, Any]:
    """Check that files and database are what the manifest says, and that samples open with the keys in the backup."""
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    if manifest["files"] != {name: digest for name, digest in digests.items() if name != MANIFEST}:
        raise BackupRefused("The files in this backup are not those of its manifest.")
    if (made_by := manifest.get("server", "SQLite")) != own_server().SERVER:
        raise BackupRefused(OTHER_SERVER[made_by])
    with own_server().opened(folder) as read:
        facts = inspect(read)
        found = samples(read, without=manifest.get("lost_keys", []))
    if any(facts[name] != manifest[name] for name in facts):
        raise BackupRefused("The database in this backup is not the one of its manifest.")
    with sealing.keys_in(folder / KEYS):
        for envelope, reference in found:
            sealing.open_sealed(envelope, bound_to=reference)
    return {**manifest, "opened": len(found)}


def _bring_up_to_date(folder: Path, backup: Path) -> int:
    """Migrate what was unpacked, and erase again what any list says was erased; how many requests that were."""
    listed = _listed_erasures(folder, backup)
    with own_server().working_on(folder), sealing.keys_in(folder / KEYS):
        roles.without_views(partial(call_command, "migrate", interactive=False, verbosity=0))
        with transaction.atomic():
            erasures.merge(listed)
            erased = disclosure.erase(listed.keys() - _withdrawn())
            record("backup_restored", by=None, detail={"name": backup.name, "erased": erased})
    return erased


def erase_again() -> int:
    """Erase what is there again although the list beside the backups names it, because the database was brought back by
    other means than `restore`; how many requests that were.
    """
    listed = erasures.in_file(Path(settings.BACKUP_DIR) / erasures.FILE)
    known = ConsultationRequest.objects.values_list("reference", flat=True)
    if there := sorted({*known} & listed.keys() - _withdrawn()):
        with transaction.atomic():
            erasures.merge(listed)
            disclosure.erase(there)
            record("erased_again", by=None, detail={"references": " ".join(there)})
    return len(there)


def _withdrawn() -> set[str]:
    """The withdrawn requests. They are listed too, and hold no answer: what is left tells patient and staff of the
    withdrawal.
    """
    return set(ConsultationRequest.objects.filter(status=Status.WITHDRAWN).values_list("reference", flat=True))


def _listed_erasures(folder: Path, backup: Path) -> dict[str, date]:
    """The erasures listed in the backup, beside it, beside this site's backups, and in the database to be replaced."""
    listed: dict[str, date] = {}
    for place in (folder, backup.parent, settings.BACKUP_DIR):
        listed |= erasures.in_file(place / erasures.FILE)
    return listed | own_server().erased()


def _install(ready: Path) -> None:
    """Move everything to its place, the database last. Interrupted and called again, it goes on where it was."""
    _install_keys(ready / KEYS, Path(settings.SEAL_KEY_DIR))
    for path in _files_in(ready / MEDIA):
        _put_picture(path, str(path.relative_to(ready / MEDIA)))
    own_server().install(ready)
    sealing.forget_keys()
    erasures.update_file()
    shutil.rmtree(ready)


def _put_picture(source: Path, name: str) -> None:
    if isinstance(default_storage, FileSystemStorage):
        _put(source, Path(default_storage.path(name)))
        return
    default_storage.delete(name)
    with source.open("rb") as file:
        default_storage.save(name, File(file))
    source.unlink()


def _install_keys(source: Path, target: Path) -> None:
    """Add the keys of the backup. None is ever deleted: one that is in the way gets another name."""
    recovery = {path.name for path in source.glob(f"{vault.PUBLIC_PREFIX}*")}
    for old in target.glob(f"{vault.PUBLIC_PREFIX}*") if recovery else ():
        if old.name not in recovery:  # there is one recovery key at a time: the one that was typed
            _set_aside(old)
    for path in _files_in(source):
        place = target / path.relative_to(source)
        if place.exists() and place.read_bytes() != path.read_bytes():
            _set_aside(place)
        _put(path, place)


def _set_aside(path: Path) -> None:
    names = (path.with_name(f"{SET_ASIDE}-{number}.{path.name}") for number in range(1, 1000))
    path.rename(next(name for name in names if not name.exists()))


def _put(source: Path, target: Path) -> None:
    """Move a file, perhaps to another disk: whole or not at all."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.part")
    shutil.copy2(source, draft)
    draft.replace(target)
    source.unlink()


def _files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
