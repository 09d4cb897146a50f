"""The base class of the commands about one staff account."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from education.accounts.models import User

MAX_NAMES = 20  # that an error message lists


class AccountCommand(BaseCommand):
    """Calls `act` with the account, then prints what is `done` and what to do `next`."""

    act: Callable[..., object]
    done: str
    next: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account {username}. {_existing_accounts()}")
        self.act(user, by=None)
        self.stdout.write(f"{username} {self.done} {self.next}")


def _existing_accounts() -> str:
    names = list(User.objects.order_by("username").values_list("username", flat=True)[: MAX_NAMES + 1])
    if not names:
        return "There are none at all yet: manage.py create_staff NAME --role administrator"
    return f"There are: {', '.join(names[:MAX_NAMES])}{' and more' if len(names) > MAX_NAMES else ''}."
