"""`manage.py prepare`: what a start needs first. `make run` calls it; in production a release does."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from education.health import actions, faults


class Command(BaseCommand):
    help = "Sets up or updates the database, keys (in trial), starter pages and static files. Safe to repeat."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            actions.prepare(self._say)
        except (OSError, DatabaseError) as error:
            sys.exit(faults.explain(error))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
