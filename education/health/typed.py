"""A secret that is typed without echo, or read from standard input."""

import sys
from getpass import getpass


def typed_secret(prompt: str) -> str:
    return getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline()
