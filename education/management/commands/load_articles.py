"""`manage.py load_articles [DIR]`: articles from Markdown files, one after the other.

After a fault, what was loaded before it stays, and the next run completes it.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from education.advice.actions import PLAIN_WORDS
from education.articles.content.blocks.markdown import BrokenSource
from education.articles.library import loading
from education.site.actions import SITE_WORDS

STOPPED = "What was loaded before this stays. Correct the file and run the command again: it loads the rest."


class Command(BaseCommand):
    help = "Load articles from Markdown files. Articles that staff have edited, signed or withdrawn stay as they are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", nargs="?", type=Path, default=loading.STARTER, help="default: the starter library"
        )
        parser.add_argument("--drafts", action="store_true", help="do not publish (in production this is always so)")

    def handle(self, *args: Any, **options: Any) -> None:
        publish = settings.TRIAL and not options["drafts"]
        try:
            result = loading.load(options["folder"], by=None, publish=publish, extra_files=[PLAIN_WORDS, SITE_WORDS])
        except BrokenSource as error:
            raise CommandError(f"{error} {STOPPED}") from error
        beside = f"Topics: {result.topics} new or changed. Words explained: {result.terms} new or changed."
        self.stdout.write(f"Articles: {result}. {beside}")
