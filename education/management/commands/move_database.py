"""`manage.py move_database ADDRESS`: from the SQLite file in the data folder to PostgreSQL."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from clinic_site import supervisor
from clinic_site.env import environment_with
from education.core.sealing import SealError
from education.health import faults
from education.health.databases import moving
from education.health.databases.base import BackupRefused
from education.health.typed import typed_secret

USAGE = "Say where to: manage.py move_database postgres://user:password@host:5432/name (or - to type it unseen)."


class Command(BaseCommand):
    help = "Move everything to a PostgreSQL database, which must be empty. The site must be stopped meanwhile."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "address", nargs="?", default="", help="as DATABASE_URL; - reads it from the keyboard or standard input"
        )

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        if connection.vendor == "sqlite":
            self._again_with(typed_secret("Address: ").strip() if address == "-" else address)
        if address:
            raise CommandError("DATABASE_URL is set already: run this without an address to move there.")
        try:
            with supervisor.single_instance(settings.DATA_DIR / "serve.pid", "a move to PostgreSQL"):
                moving.move(self.stdout.write)
        except (BackupRefused, SealError) as error:
            raise CommandError(str(error)) from None
        except (OSError, DatabaseError) as error:
            raise CommandError(faults.explain(error)) from None

    def _again_with(self, address: str) -> None:
        """This process starts anew as one of the site on PostgreSQL. What it moves is in the data folder."""
        if not address.startswith(("postgres://", "postgresql://")):
            raise CommandError(USAGE)
        os.execve(  # noqa: S606  # nosec B606
            sys.executable,
            [sys.executable, sys.argv[0], "move_database"],
            environment_with(DATABASE_URL=address),
        )
