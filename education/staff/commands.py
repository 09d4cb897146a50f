"""What the commands about one account share."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from education.staff.models import User


class AccountCommand(BaseCommand):
    """Does `act` to the account that is named, and says `done`."""

    act: Callable[..., object]
    done: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account {username}.")
        self.act(user, by=None)
        self.stdout.write(f"{username} {self.done}")
