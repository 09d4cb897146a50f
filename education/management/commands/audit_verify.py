"""`manage.py audit_verify`: check that nobody changed the audit trail."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from education.audit.actions import verify
from education.core.sealing import KeyMissing


class Command(BaseCommand):
    help = "Check every event of the audit trail, and name the first that was changed. Exit code 1 if any was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--head", default="", help="a head from a mail or a backup, which must still be in the trail"
        )

    def handle(self, *args: Any, head: str, **options: Any) -> None:
        try:
            verdict = verify(known_head=head)
        except KeyMissing as error:
            raise CommandError(str(error)) from None
        if verdict.broken:
            self.stdout.write(f"BROKEN at event {verdict.broken.pk}, after {verdict.count} that hold: {verdict.broken}")
        elif verdict.missing_head:
            self.stdout.write(f"CUT OFF: {verdict.count} events hold, but the head {head} is not among them.")
        else:
            self.stdout.write(f"Whole: {verdict.count} events. Head: {verdict.head}")
        if not verdict.is_intact:
            sys.exit(1)
