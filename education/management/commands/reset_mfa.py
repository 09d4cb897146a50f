"""`manage.py reset_mfa USERNAME`: remove somebody's second factors."""

from education.accounts import actions
from education.management.account_command import AccountCommand


class Command(AccountCommand):
    help = "Remove all second factors of an account, and end its sessions."
    act = staticmethod(actions.reset_mfa)
    done = "has no second factor any more, and is logged out."
    next = "Let them log in at once, and add a new one under “Your account”."
