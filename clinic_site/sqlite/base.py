"""Django's SQLite, for connections that are kept open."""

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Called after an error. Never: a connection that was opened while the disk was read-only stays read-only."""
        return False
