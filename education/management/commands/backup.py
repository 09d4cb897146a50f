"""`manage.py backup FILE`: everything in one encrypted file, made while the site runs."""

import sqlite3
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from education.core.sealing import SealError
from education.health import backups, faults
from education.health.databases.base import BackupRefused


class Command(BaseCommand):
    help = "Write a backup that opens with the recovery key only. The worker makes one every night."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            manifest = backups.make(file.resolve())
        except (SealError, BackupRefused) as error:
            raise CommandError(str(error)) from None
        except (OSError, DatabaseError, sqlite3.Error) as error:
            raise CommandError(faults.explain(error)) from None
        self.stdout.write(f"{file}: {file.stat().st_size:,} bytes, checked. Copy it to another machine.")
        for table, count in manifest["counts"].items():
            self.stdout.write(f"  {count:>8,} {table}")
