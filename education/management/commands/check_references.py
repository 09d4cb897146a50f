"""`manage.py check_references [--retractions FILE.csv] [--online]`: find retracted and corrected studies."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from education.references import upkeep
from education.references.models import Reference


class Command(BaseCommand):
    help = "Mark references that were retracted or corrected, or whose DOI does not resolve. Uses no network by itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--retractions", type=Path, metavar="FILE.csv", help="an export of Retraction Watch")
        parser.add_argument("--fewer-rows", action="store_true", help="than the file before had: that is right")
        parser.add_argument("--online", action="store_true", help="look up every DOI at a resolver")
        parser.add_argument("--resolver", default=upkeep.RESOLVER, help="default: %(default)s")
        parser.add_argument("--seconds", type=float, default=upkeep.TIME_LIMIT, help="how long to wait for each answer")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if file := options["retractions"]:
                self._say("Retractions", upkeep.check_retractions(file, fewer_rows=options["fewer_rows"]))
            if options["online"]:
                self._say("DOIs", upkeep.check_online(resolver=options["resolver"], limit=options["seconds"]))
        except ValueError as error:
            raise CommandError(str(error)) from error
        for reference in Reference.objects.in_trouble():
            self.stdout.write(f"{reference.key}: {reference.get_status_display()}. {reference.notice}".rstrip())
        self.stdout.write(f"References in trouble: {Reference.objects.in_trouble().count()}")

    def _say(self, what: str, result: upkeep.CheckResult) -> None:
        counts = (len(result.changed), len(result.confirmed), len(result.unanswered))
        self.stdout.write("{}: {} changed, {} as before, {} without an answer".format(what, *counts))
        for sentence in result.not_understood:
            self.stdout.write(f"Not understood: {sentence}")
