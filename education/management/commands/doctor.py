"""`manage.py doctor`: what is wrong with this installation, and what to do."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from education.health import inspection
from education.health.watching.canary import send as send_canary


class Command(BaseCommand):
    help = "Say what is wrong with this installation, and what to do about it. Exit code 1 if anything is."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        words = "also send a request through the whole site and remove it again; nobody gets a mail"
        parser.add_argument("--canary", action="store_true", help=words)

    def handle(self, *args: Any, canary: bool, **options: Any) -> None:
        findings = inspection.findings()
        if canary:
            findings |= inspection.asked({"canary": send_canary})
        notes, absent = inspection.notes(), inspection.absent()
        for name, problem in findings.items():
            if problem or name not in notes:
                verdict = "WRONG" if problem else "none" if name in absent else "ok"
                self.stdout.write(f"{verdict:<6}{name}{': ' if problem else ''}{problem}")
        for name, words in notes.items():
            self.stdout.write(f"note  {name}: {words}")
        if any(findings.values()):
            sys.exit(1)
