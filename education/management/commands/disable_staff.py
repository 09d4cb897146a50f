"""`manage.py disable_staff USERNAME`: lock somebody out."""

from typing import Any

from education.accounts import actions
from education.health import inspection
from education.management.account_command import AccountCommand


class Command(AccountCommand):
    help = "Switch an account off at once."
    act = staticmethod(actions.disable_staff)
    done = "can’t log in any more, and is logged out."
    next = "What they did keeps their name. An administrator can switch the account on again under People."

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if problem := inspection.staff():
            self.stdout.write(problem)
