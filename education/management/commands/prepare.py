"""`manage.py prepare`: set up or update what the site needs. `make run` calls it; in production each release does."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from education.health import actions, faults


class Command(BaseCommand):
    help = "Set up or update the database, keys (in a trial), starter pages and static files. Safe to repeat."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--new-secret-key", action="store_true", help="SECRET_KEY was changed on purpose")

    def handle(self, *args: Any, new_secret_key: bool, **options: Any) -> None:
        try:
            actions.prepare(self._say, new_secret_key=new_secret_key)
        except (OSError, DatabaseError) as error:
            sys.exit(faults.explain(error))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
