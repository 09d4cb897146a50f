"""`manage.py seal_keys VERB`: the keys that patients' answers are sealed with."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from education.core import sealing
from education.health import key_verbs
from education.health.keys import KeyRefused


class Command(BaseCommand):
    help = (
        "Make a key pair (new), show the keys (list), print the newest public key for other hosts (public), take it in "
        "there (add, reads it from standard input), seal everything to the newest key (reseal), take a key out of use "
        "(retire KEY), put it back with the recovery key (recall KEY), no longer count a host that was taken away "
        "(forget HOST); make the recovery key (recovery), and check that its holder has it (test)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=key_verbs.VERBS)
        parser.add_argument("key", nargs="?", default="", help="the key to retire or to recall, or the host to forget")

    def handle(self, *args: Any, verb: str, key: str, **options: Any) -> None:
        try:
            for line in key_verbs.VERBS[verb](Path(settings.SEAL_KEY_DIR), key):
                self.stdout.write(line)
        except (sealing.SealError, KeyRefused) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{settings.SEAL_KEY_DIR} can't be written to ({type(error).__name__}).") from None
