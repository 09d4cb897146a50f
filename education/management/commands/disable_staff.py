"""`manage.py disable_staff USERNAME`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from education.staff import actions
from education.staff.models import User


class Command(BaseCommand):
    help = "Switch an account off at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account {username}.")
        actions.disable_staff(user, by=None)
        self.stdout.write(f"{username} can’t log in any more, and is logged out.")
