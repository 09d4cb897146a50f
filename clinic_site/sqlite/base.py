"""Django's SQLite, for connections that are kept open."""

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Asked after an error. Django always says yes, but a connection made while the disk was read-only stays so."""
        return False
