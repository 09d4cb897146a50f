"""`manage.py prepare`: set up or update what the site needs. `make run` calls it; in production each release does."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from clinic_site import supervisor
from education.health import actions, faults


class Command(BaseCommand):
    help = "Set up or update the database, keys (in a trial), starter pages and static files. Safe to repeat."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--new-secret-key", action="store_true", help="SECRET_KEY was changed on purpose")
        running = "change nothing while `manage.py serve` runs on this data folder, and say so"
        parser.add_argument("--unless-running", action="store_true", help=running)

    def handle(self, *args: Any, new_secret_key: bool, unless_running: bool, **options: Any) -> None:
        try:
            if unless_running:
                supervisor.require_not_running(settings.DATA_DIR / supervisor.PID_FILE)
            actions.prepare(self._say, new_secret_key=new_secret_key)
        except (OSError, DatabaseError) as error:
            sys.exit(faults.explain(error))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
