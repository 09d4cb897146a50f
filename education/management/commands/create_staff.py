"""`manage.py create_staff NAME --role ROLE …`: a staff account."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from education.accounts import actions
from education.accounts.models import User
from education.accounts.roles import ROLES


class Command(BaseCommand):
    help = "Make a staff account and print the one-time link with which its owner chooses a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--role", action="append", required=True, choices=[*ROLES], help="may be given more than once: roles add up"
        )
        parser.add_argument("--email", default="")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    def handle(
        self, *args: Any, username: str, role: list[str], email: str, password_stdin: bool, **options: Any
    ) -> None:
        password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
        account = User(username=username, email=email)
        try:
            account.full_clean(exclude=["password"])
            if password is not None:
                validate_password(password, account)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        link = actions.create_staff(username=username, roles=role, email=email, password=password, by=None)
        self.stdout.write(f"Account {username} is ready." if password else f"Hand this link to {username}: {link}")
