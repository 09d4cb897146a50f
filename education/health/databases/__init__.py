"""What backups, restores and a move do in another way on each kind of database server."""

from django.db import connection

from education.health.databases import postgresql, sqlite
from education.health.databases.base import Server


def own_server() -> Server:
    """The module for the server that this site keeps its data in."""
    return sqlite if connection.vendor == "sqlite" else postgresql
