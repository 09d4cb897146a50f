"""`manage.py reset_mfa USERNAME`."""

from education.accounts import actions
from education.management.account_command import AccountCommand


class Command(AccountCommand):
    help = "Take away every second factor of an account, and end its sessions."
    act = staticmethod(actions.reset_mfa)
    done = "has no second factor any more, and is logged out."
    next = "Let them log in at once, and add a new one under “Your account”."
