"""`manage.py restore FILE`: a backup into an empty data folder; with `--drill`, only check that this would work."""

from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from clinic_site import supervisor
from education.core.sealing import SealError
from education.health import faults, restoring
from education.health.databases.base import BackupRefused
from education.health.typed import typed_secret


class Command(BaseCommand):
    help = "Ask for the recovery key (or read it from standard input), check the backup, and install it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--drill", action="store_true", help="only check it in a temporary folder; change nothing")

    def handle(self, *args: Any, file: Path, drill: bool, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file {file}. The nightly backups are in {settings.BACKUP_DIR}.")
        typed, pid_file = typed_secret("Recovery key: "), settings.DATA_DIR / supervisor.PID_FILE
        try:
            settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
            with nullcontext() if drill else supervisor.single_instance(pid_file, "a restore"):
                done = (restoring.drill if drill else restoring.restore)(file.resolve(), typed)
        except (SealError, BackupRefused) as error:
            raise CommandError(str(error)) from None
        except (OSError, DatabaseError) as error:
            raise CommandError(faults.explain(error)) from None
        self.stdout.write("\n".join(restoring.lines(done)))
