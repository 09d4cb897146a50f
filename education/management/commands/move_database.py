"""`manage.py move_database ADDRESS`: from the SQLite file in the data folder to PostgreSQL."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from clinic_site import env, supervisor
from education.core.sealing import SealError
from education.health import faults
from education.health.databases import moving
from education.health.databases.base import BackupRefused
from education.health.typed import typed_secret


class Command(BaseCommand):
    help = "Move everything to an empty PostgreSQL database. The site must be stopped meanwhile."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", nargs="?", default="-", help="as DATABASE_URL; without it, it is typed unseen")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        if connection.vendor == "sqlite":  # from here on a process of the site on PostgreSQL
            address = typed_secret("Address: ").strip() if address == "-" else address
            if not address.startswith(("postgres://", "postgresql://")):
                raise CommandError("The address looks like postgres://user:password@host:5432/name")
            env.start_again("move_database", DATABASE_URL=address)
        try:
            with supervisor.single_instance(settings.DATA_DIR / supervisor.PID_FILE, "a move to PostgreSQL"):
                moving.move(self.stdout.write)
        except (BackupRefused, SealError) as error:
            raise CommandError(str(error)) from None
        except (OSError, DatabaseError) as error:
            raise CommandError(faults.explain(error)) from None
