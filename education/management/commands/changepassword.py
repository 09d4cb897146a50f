"""`manage.py changepassword USERNAME`: as Django's own, but it is recorded, and mailed to the account's owner."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from education.accounts import actions
from education.accounts.models import User
from education.health.typed import typed_secret
from education.management.account_command import AccountCommand

TRIES = 3


def _change(user: User, *, by: None) -> None:
    actions.change_password(user, _typed_for(user), by=by)


def _typed_for(user: User) -> str:
    """Typed twice, and good enough. Asked for before anything is written: nobody waits for a locked database."""
    problem = ""
    for _ in range(TRIES):
        password = typed_secret(f"{problem}New password for {user.username}: ").rstrip("\r\n")
        try:
            validate_password(password, user)
        except ValidationError as error:
            problem = f"{' '.join(error.messages)}\n"
            continue
        if typed_secret("The same again: ").rstrip("\r\n") == password:
            return password
        problem = "These two were not the same.\n"
    raise CommandError(f"{problem.strip()} The password was not changed.")


class Command(AccountCommand):
    help = "Choose a new password for an account, and end its sessions. It is recorded, and mailed to its owner."
    act = staticmethod(_change)
    done = "has a new password, and is logged out everywhere."
    next = "The second step stays as it is. If that is lost too: manage.py reset_mfa USERNAME"
