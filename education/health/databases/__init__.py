"""What backups, restores and a move do in another way on each kind of database server."""

from types import ModuleType

from django.db import connection

from education.health.databases import postgresql, sqlite


def own_server() -> ModuleType:
    """The module for the server that this site keeps its data in. Both have the same functions."""
    return {"sqlite": sqlite, "postgresql": postgresql}[connection.vendor]
