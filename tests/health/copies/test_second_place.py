"""Backups are copied to a second place. Whatever is wrong there, the backup here stays good and doctor says it."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from education.consultations import erasures
from education.core import vault
from education.health import backups, inspection
from education.health.copies import actions, places
from tests.health.planted import Site, ago

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # as tests.health.conftest.site
NAME = "clinic-x.backup"


@pytest.fixture
def place(site: Site, tmp_path: Path) -> Path:
    """A folder as from another machine; the site has one backup."""
    folder = tmp_path / "second"
    folder.mkdir()
    (folder / places.MARK).touch()
    site.settings.BACKUP_SECOND_PLACE = str(folder)
    return folder


def kept(folder: Path, name: str, days: float, content: bytes = b"") -> Path:
    path = folder / name
    path.write_bytes(vault.FORMAT + content)
    os.utime(path, (ago(days=days).timestamp(),) * 2)
    return path


def held(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != places.MARK)


def said() -> str:
    return inspection.findings()["second place for backups"]


def test_what_is_kept_here_is_kept_there(site: Site, place: Path) -> None:
    here = site.settings.BACKUP_DIR
    for name, days in (("clinic-1.backup", 29), ("clinic-2.backup", 40)):
        kept(here, name, days, b"sealed" * 300_000)
    kept(place, "clinic-3.backup", 31)
    (here / "clinic-4.backup").touch()  # an empty one is none
    (here / erasures.FILE).write_text("AAAA2222 2026-01-31\n")
    actions.bring_up_to_date()
    assert held(place) == ["clinic-1.backup", NAME, erasures.FILE]
    for name in held(place):
        assert (place / name).read_bytes() == (here / name).read_bytes()
        assert (place / name).stat().st_mode & 0o077 == 0
    assert said() == ""

    (here / erasures.FILE).write_text("AAAA2222 2026-01-31\nBBBB3333 2026-02-01\n")
    (here / NAME).unlink()
    actions.bring_up_to_date()
    assert "BBBB3333" in (place / erasures.FILE).read_text()
    assert NAME in held(place), "a disk that has lost its backups takes none away there"


def not_mounted(place: Path, _: pytest.MonkeyPatch) -> None:
    (place / places.MARK).unlink()


def full(place: Path, _: pytest.MonkeyPatch) -> None:
    (place / f".{NAME}.part").symlink_to("/dev/full")


def read_only(place: Path, _: pytest.MonkeyPatch) -> None:
    (place / f".{NAME}.part").symlink_to("/sys/kernel/uevent_seqnum")  # not even root may write into it


def forgetful(place: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(places.os, "fsync", lambda file: os.truncate(file, 10))


@pytest.mark.parametrize(
    ("plant", "words"),
    [
        (not_mounted, "If nothing is mounted there, mount it."),
        (full, "is full. Free some space there."),
        (read_only, "can't be written to. Give this user the right to"),
        (forgetful, "gave clinic-x.backup back with other bytes"),
    ],
)
def test_what_is_wrong_there_is_said_and_harms_nothing_here(
    site: Site, place: Path, plant: Callable[..., None], words: str
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        plant(place, patch)
        actions.bring_up_to_date()
    assert held(place) == []
    assert words in said()
    assert "There is no backup there yet." in said()
    assert backups.problem() == ""
    assert (site.settings.BACKUP_DIR / NAME).read_bytes() == vault.FORMAT
    (place / places.MARK).touch()
    actions.bring_up_to_date()
    assert (said(), held(place)) == ("", [NAME])


def test_a_place_that_hangs_is_named_by_whoever_does_not_touch_it(site: Site, place: Path) -> None:
    actions.bring_up_to_date()
    site.settings.BACKUP_SECOND_PLACE = "/mnt/away"
    kept(site.settings.BACKUP_DIR, "clinic-y.backup", -0.1)
    assert said() == ""
    late = timezone.now() + actions.BEHIND_AFTER + timedelta(hours=3)
    words = actions.problem(now=late)
    assert "clinic-y.backup is not in /mnt/away yet" in words
    assert f"The last backup there is {NAME}." in words
