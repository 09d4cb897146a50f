"""The keys that answers are sealed with."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from education.core import sealing


class Command(BaseCommand):
    help = "Make a key pair (new), or show the keys of this machine (list). The newest public key seals."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["new", "list"])

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.SEAL_KEY_DIR)
        if options["verb"] == "new":
            self._new(folder)
        for key_id in sealing.key_ids():
            opens = "opens and seals" if (folder / f"seal_private_{key_id}.pem").is_file() else "seals only"
            self.stdout.write(f"{key_id}  {opens}")

    def _new(self, folder: Path) -> None:
        try:
            key_id = sealing.make_keys(folder)
        except OSError as error:
            raise CommandError(f"{folder} can't be written to ({type(error).__name__}).") from None
        self.stdout.write(f"Made key {key_id} in {folder}.")
        self.stdout.write("Copy seal_private_* and index_key to a safe place now. Without them no answer can be read.")
