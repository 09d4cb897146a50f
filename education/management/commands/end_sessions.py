"""`manage.py end_sessions USERNAME`."""

from education.staff import actions
from education.staff.commands import AccountCommand


class Command(AccountCommand):
    help = "Log an account out everywhere."
    act = staticmethod(actions.end_sessions)
    done = "is logged out everywhere."
