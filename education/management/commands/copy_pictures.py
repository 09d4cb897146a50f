"""`manage.py copy_pictures`: pictures and logo from the media folder into the bucket, or back."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from education.health.copies import pictures


class Command(BaseCommand):
    help = "Copy all pictures from the media folder into the bucket of MEDIA_STORAGE_URL. May be run again at any time."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--back", action="store_true", help="from the bucket into the media folder")

    def handle(self, *args: Any, back: bool, verbosity: int, **options: Any) -> None:
        try:
            copied = pictures.copy(back=back, note=self.stdout.write if verbosity > 1 else str)
        except pictures.PicturesRefused as error:
            raise CommandError(str(error)) from None
        except OSError as error:  # the bucket is away, or a disk is full
            raise CommandError(f"Not all were copied ({error}). Run this again: it goes on where it was.") from None
        place = "the media folder" if back else "the bucket"
        self.stdout.write(f"{copied.brought} copied to {place}, {copied.there} were there already. All were compared.")
