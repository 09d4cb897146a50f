"""Backups: made while the site runs, encrypted to the recovery key, and tested before they count."""

import hashlib
import io
import json
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.storage import Storage, default_storage
from django.utils import timezone

from education.audit.actions import record
from education.consultations import erasures
from education.consultations.upkeep import retention
from education.core import disk, sealing, vault
from education.core.text import day_and_time, full_stop
from education.health.databases import own_server
from education.health.databases.base import BackupRefused, Read

MANIFEST, KEYS, MEDIA = "manifest.json", "keys", "media"
PATTERN = "clinic-*.backup"
NIGHTLY_AT = time(2)
OVERDUE_AFTER = timedelta(hours=36)
LAST_SAMPLES = 3
DRILL = "last drill"  # the name of a fact
NO_RECOVERY_KEY = "There is no recovery key, so no backup is made. Run: manage.py seal_keys recovery"
NONE_IN_A_TRIAL = "This trial makes no backups. For real patients whoever looks after the server sets them up."
NEVER_TESTED = "The recovery key was never tested. Its holder runs: manage.py seal_keys test"
COUNTED = ("education_consultationrequest", "education_auditevent", "education_edition", "education_user")


def make(target: Path) -> dict[str, Any]:
    """Write a backup to `target`, whole or not at all. Returns its manifest; raises BackupRefused and SealError."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if target.parent != settings.BACKUP_DIR:
        return _make(target)
    with disk.locked(target.parent):  # one at a time: what lies around half made is nobody's
        _delete_leftovers()
        return _make(target)


def _make(target: Path) -> dict[str, Any]:
    draft = target.with_name(f".{target.name}.part")
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as staging:
            with own_server().copied(Path(staging)) as read:
                manifest = _checked(read)
            with draft.open("wb") as file, vault.SealedFile(file, Path(settings.SEAL_KEY_DIR)) as sealed:
                _pack(sealed, Path(staging) / own_server().FILE, manifest)
        draft.chmod(0o600)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    record("backup_made", by=None, detail={"name": target.name, "head": manifest["audit_head"]})
    return manifest


def _delete_leftovers() -> None:
    """Delete what processes left behind that were killed."""
    for folder in settings.BACKUP_DIR.glob(".backup-*"):
        shutil.rmtree(folder, ignore_errors=True)
    for draft in settings.BACKUP_DIR.glob(f".{PATTERN}.part"):
        draft.unlink()


def _checked(read: Read) -> dict[str, Any]:
    """The copy's manifest, once it is known that its samples open with the keys in the backup."""
    facts = inspect(read)
    lost = [key_id for key_id in facts["key_ids"] if not sealing.can_open(key_id)]  # doctor speaks of them
    if lost and lost == facts["key_ids"]:
        raise BackupRefused(f"None of the keys in use is on this machine: {', '.join(lost)}.")
    for envelope, reference in samples(read, without=lost):
        sealing.open_sealed(envelope, bound_to=reference)
    return {**facts, "server": own_server().SERVER, "lost_keys": lost, "made": timezone.now().isoformat()}


def inspect(read: Read) -> dict[str, Any]:
    """Row counts, the head of the audit trail and the keys in use."""
    counting = {table: f"SELECT count(*) FROM {table}" for table in COUNTED}  # noqa: S608  # nosec B608  our own names
    counts = {table: read(query)[0][0] for table, query in counting.items()}
    head = read("SELECT digest FROM education_auditevent ORDER BY id DESC LIMIT 1")
    keys = read("SELECT DISTINCT key_id FROM education_consultationrequest WHERE key_id <> ''")
    return {"counts": counts, "audit_head": head[0][0] if head else "", "key_ids": sorted(key for (key,) in keys)}


def samples(read: Read, *, without: Sequence[str] = ()) -> list[tuple[bytes, str]]:
    """The envelopes of the first and the last few requests, each with the reference that it is bound to. Those of the
    keys `without` are passed over.
    """
    closed = ["", *without]
    marks = ", ".join(["%s"] * len(closed))
    query = "SELECT sealed, reference FROM education_consultationrequest WHERE key_id NOT IN ({}) ORDER BY {} LIMIT {}"
    found = [
        *read(query.format(marks, "id", 1), *closed),
        *read(query.format(marks, "id DESC", LAST_SAMPLES), *closed),
    ]
    return list(dict.fromkeys((bytes(sealed), reference) for sealed, reference in found))


def _pack(sealed: vault.SealedFile, copy: Path, manifest: dict[str, Any]) -> None:
    """Write a tar stream. The manifest comes last and holds the SHA-256 of every file."""
    digests = {}
    with tarfile.open(fileobj=sealed, mode="w|", format=tarfile.PAX_FORMAT) as archive:  # type: ignore[call-overload]
        for name, path in _files(copy):
            with path.open("rb") as file:
                digests[name] = _add(archive, name, file, path.stat().st_size)
        for name in stored_media():
            with default_storage.open(name) as file:
                digests[f"{MEDIA}/{name}"] = _add(archive, f"{MEDIA}/{name}", file, file.size)
        content = json.dumps({**manifest, "files": digests}, sort_keys=True, indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))


def _files(copy: Path) -> Iterator[tuple[str, Path]]:
    yield copy.name, copy
    folder = Path(settings.SEAL_KEY_DIR)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield f"{KEYS}/{path.relative_to(folder)}", path
    listed = settings.BACKUP_DIR / erasures.FILE
    if listed.is_file():
        yield erasures.FILE, listed


def stored_media(storage: Storage = default_storage, folder: str = "") -> Iterator[str]:
    """The names of all pictures, wherever they are stored."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:  # nobody has added any yet
        return
    yield from (f"{folder}{name}" for name in sorted(files) if name and not name.startswith("."))
    for name in sorted(folders):
        yield from stored_media(storage, f"{folder}{name}/")


def _add(archive: tarfile.TarFile, name: str, file: IO[bytes], size: int) -> str:
    digest = hashlib.sha256()
    info = tarfile.TarInfo(name)
    info.size = size
    archive.addfile(info, _Observed(file, digest.update))
    return digest.hexdigest()


class _Observed(io.RawIOBase):
    """A file whose blocks are passed to `observer` as they are read."""

    def __init__(self, file: IO[bytes], observer: Callable[[bytes], None]) -> None:
        self.file, self.observer = file, observer

    def read(self, size: int = -1) -> bytes:
        block = self.file.read(size)
        self.observer(block)
        return block


def nightly(*, now: datetime | None = None) -> str:
    """Make tonight's backup, if it is due and there is a recovery key, and delete old ones. Returns its name."""
    now = now or timezone.now()
    if not vault.recovery_key_id(Path(settings.SEAL_KEY_DIR)):
        return ""
    last = newest()
    if last and last >= _last_night(now):
        return ""
    target = settings.BACKUP_DIR / f"clinic-{timezone.localtime(now):%Y%m%d-%H%M}.backup"
    make(target)
    _delete_old(retention.horizon(now))
    return target.name


def _last_night(now: datetime) -> datetime:
    today = timezone.localtime(now).date()
    at = timezone.make_aware(datetime.combine(today, NIGHTLY_AT))
    return at if at <= now else at - timedelta(days=1)


def newest() -> datetime | None:
    found = whole()
    return made_at(found[0]) if found else None


def whole() -> list[Path]:
    """The backups, the newest first. A file that is empty is none."""
    found = [path for path in settings.BACKUP_DIR.glob(PATTERN) if _begins_well(path)]
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)


def made_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, tz=timezone.get_current_timezone())


def _begins_well(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(vault.FORMAT)) == vault.FORMAT


def _useless() -> list[str]:
    return sorted(path.name for path in settings.BACKUP_DIR.glob(PATTERN) if not _begins_well(path))


def _delete_old(now: datetime) -> None:
    for name in past_their_time({path.name: path.stat().st_mtime for path in settings.BACKUP_DIR.glob(PATTERN)}, now):
        (settings.BACKUP_DIR / name).unlink()


def past_their_time(made: Mapping[str, float], now: datetime) -> set[str]:
    """Which of these backups are kept no longer, by the time when each was made. The newest always is."""
    newest_of_all = max(made, key=lambda name: made[name], default="")
    before = (now - timedelta(days=settings.BACKUP_DAYS)).timestamp()
    return {name for name, at in made.items() if at < before} - {newest_of_all}


def problem(*, now: datetime | None = None) -> str:
    """What is wrong with the backups, for the desk and `doctor`; empty when nothing is. A trial needs none: see
    `none_in_a_trial`.
    """
    if cause := _why_none():
        return "" if settings.TRIAL else cause
    last = newest()
    if last is None or (now or timezone.now()) - last > OVERDUE_AFTER:
        since = f" since {day_and_time(last)}" if last else ""
        return f"No backup was made{since}. Check that the worker runs and the disk has free space."
    if useless := _useless():
        return f"{', '.join(useless)} is empty or damaged. Delete it, and see that the disk has free space."
    if not vault.is_confirmed(Path(settings.SEAL_KEY_DIR)):
        return "" if settings.TRIAL else NEVER_TESTED
    return ""


def last_in_words() -> str:
    """For the desk of whoever keeps the site."""
    if none_in_a_trial():
        return NONE_IN_A_TRIAL
    last = newest()
    return f"Last backup: {full_stop(day_and_time(last))}" if last else "No backup was made yet."


def none_in_a_trial() -> str:
    """Why a trial makes no backup, so that nobody takes its silence for one; empty where they are made or must be."""
    return _why_none() if settings.TRIAL else ""


def _why_none() -> str:
    if not vault.recovery_key_id(Path(settings.SEAL_KEY_DIR)):
        return NO_RECOVERY_KEY
    return own_server().missing_programs()
