"""`manage.py end_sessions USERNAME`: log somebody out everywhere."""

from education.accounts import actions
from education.management.account_command import AccountCommand


class Command(AccountCommand):
    help = "Log an account out everywhere."
    act = staticmethod(actions.end_sessions)
    done = "is logged out everywhere."
    next = "With the password they can log in again; to keep them out: manage.py disable_staff USERNAME"
