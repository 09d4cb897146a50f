"""`manage.py doctor`: what is wrong with this installation, and what to do."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from education.health import inspection


class Command(BaseCommand):
    help = "Say what is wrong with this installation, and what to do about it. Exit code 1 if anything is."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        findings = inspection.findings()
        for name, problem in findings.items():
            self.stdout.write(f"{'WRONG' if problem else 'ok':<6}{name}{': ' if problem else ''}{problem}")
        for name, words in inspection.notes().items():
            self.stdout.write(f"note  {name}: {words}")
        if any(findings.values()):
            sys.exit(1)
