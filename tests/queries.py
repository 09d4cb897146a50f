"""What something asks the database, on a site on which some page was shown before."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.database import keeping


def queries(action: Callable[[], Any]) -> list[str]:
    """The SQL of every query, in order."""
    keeping.read()
    with CaptureQueriesContext(connection) as captured:
        action()
    return [query["sql"] for query in captured]


def asked(action: Callable[[], Any]) -> int:
    """How many queries."""
    return len(queries(action))
