"""A secret typed at the keyboard, unseen, or handed over on standard input."""

import sys
from getpass import getpass


def typed_secret(asked: str) -> str:
    return getpass(asked) if sys.stdin.isatty() else sys.stdin.readline()
