"""What the commands about one account share."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from education.accounts.models import User

MOST_NAMES = 20


class AccountCommand(BaseCommand):
    """Does `act` to the account that is named, says that it is `done`, and what comes `next`."""

    act: Callable[..., object]
    done: str
    next: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account {username}. {_those_there_are()}")
        self.act(user, by=None)
        self.stdout.write(f"{username} {self.done} {self.next}")


def _those_there_are() -> str:
    names = list(User.objects.order_by("username").values_list("username", flat=True)[: MOST_NAMES + 1])
    if not names:
        return "There are none at all yet: manage.py create_staff NAME --role administrator"
    return f"There are: {', '.join(names[:MOST_NAMES])}{' and more' if len(names) > MOST_NAMES else ''}."
