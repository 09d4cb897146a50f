"""`manage.py export_articles DIR`: every draft as a Markdown file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from education.advice.actions import PLAIN_WORDS
from education.articles.library import loading
from education.site.actions import SITE_WORDS


class Command(BaseCommand):
    help = "Write every draft as a Markdown file into a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        count = loading.export(options["folder"], extra_files=[PLAIN_WORDS, SITE_WORDS])
        self.stdout.write(f"{count} articles written to {options['folder']}.")
