"""What something asks the database."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries(action: Callable[[], Any]) -> list[str]:
    """The SQL of every query, in order."""
    with CaptureQueriesContext(connection) as captured:
        action()
    return [query["sql"] for query in captured]


def asked(action: Callable[[], Any]) -> int:
    """How many queries."""
    return len(queries(action))
