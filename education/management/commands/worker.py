"""`manage.py worker`: the background jobs."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from education.health import inspection, restoring
from education.worker import jobs, run_forever, run_once


class Command(BaseCommand):
    help = "Run the background jobs: ingest requests, deliver mail, delete what is due. Runs until it is stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="run every job once, then end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        restoring.finish_interrupted()
        if not once:
            return run_forever(jobs(), start_problem=inspection.staff_keys)
        if problem := inspection.staff_keys():
            raise CommandError(problem)
        if failed := run_once(jobs()):
            sys.exit(f"These jobs failed: {', '.join(failed)}. The log says why.")
        return None
