"""`manage.py reset_mfa USERNAME`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from education.staff import actions
from education.staff.models import User


class Command(BaseCommand):
    help = "Take away every second factor of an account, and end its sessions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account {username}.")
        actions.reset_mfa(user, by=None)
        self.stdout.write(f"{username} has no second factor any more, and is logged out.")
