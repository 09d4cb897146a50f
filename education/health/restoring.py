"""Restoring a backup: into an empty data folder, or a temporary one as a drill. Nothing is installed unchecked."""

import hashlib
import json
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from education.audit.actions import record
from education.consultations.disclosure import actions as disclosure
from education.consultations.disclosure.actions import ERASURE_LOG, logged_erasures
from education.core import sealing, vault
from education.core.sealing import SealError
from education.health.backups import DATABASE, KEYS, MANIFEST, MEDIA, BackupRefused, inspect, samples

BLOCK_BYTES = 1 << 20


def drill(backup: Path, typed_key: str) -> dict[str, Any]:
    """Unpack and check a backup in a temporary folder. Returns its manifest; this installation stays as it is."""
    parent = settings.DATA_DIR
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".drill-", dir=parent) as folder:
        return _unpacked(backup, typed_key, Path(folder))


def restore(backup: Path, typed_key: str) -> dict[str, Any]:
    """Install a backup, then erase again what was erased since it was made. Raises BackupRefused and SealError."""
    data = Path(settings.DATA_DIR)
    if (data / DATABASE).exists() and _holds_requests(data / DATABASE):
        raise BackupRefused(
            f"{data} already holds a site with requests. Move that folder away, or set CLINIC_DATA_DIR to a new one."
        )
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=data) as staging:
        manifest = _unpacked(backup, typed_key, Path(staging))
        connection.close()
        _install(Path(staging), data)
    sealing.forget_keys()
    call_command("migrate", interactive=False, verbosity=0)
    manifest["erased"] = _erase_again(_erasure_logs(backup))
    record("backup_restored", by=None, detail={"name": backup.name, "erased": manifest["erased"]})
    return manifest


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
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        facts = inspect(database)
        found = samples(database)
    if any(facts[name] != manifest[name] for name in facts):
        raise BackupRefused("The database in this backup is not the one of its manifest.")
    with sealing.keys_in(folder / KEYS):
        for envelope, reference in found:
            sealing.open_sealed(envelope, bound_to=reference)
    return {**manifest, "opened": len(found)}


def _install(staging: Path, data: Path) -> None:
    for leftover in (f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (data / leftover).unlink(missing_ok=True)
    for name in (KEYS, MEDIA, ERASURE_LOG, DATABASE):
        source, target = staging / name, (settings.BACKUP_DIR if name == ERASURE_LOG else data) / name
        if not source.exists():
            continue
        if target.is_dir():
            shutil.rmtree(target)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        source.replace(target)


def _holds_requests(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            (count,) = database.execute("SELECT count(*) FROM education_consultationrequest").fetchone()
    except sqlite3.Error:
        return False
    return bool(count)


def _erasure_logs(backup: Path) -> Iterable[Path]:
    """The one in the backup, and the newer one beside it."""
    return [path for path in (settings.BACKUP_DIR / ERASURE_LOG, backup.parent / ERASURE_LOG) if path.is_file()]


def _erase_again(logs: Iterable[Path]) -> int:
    references = {reference for log in logs for reference in logged_erasures(log.read_text())}
    with transaction.atomic():
        return disclosure.erase(references)
