"""Django's cache in a table of the database, with one statement for each thing it does. Django's own takes up to six.

Django's own also drops a third of all values when there are more than 300, counts of log-ins among them. Here a value
lasts until its time is over.
"""

import base64
import pickle
from collections.abc import Callable, Collection
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import DatabaseError, connection, transaction

Values = dict[str, Any]  # by key
Change = Callable[[Values], Values]
STORE = (
    "INSERT INTO {table} (cache_key, value, expires) VALUES {rows} "
    "ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires"
)
FOR_EVER = datetime(9999, 12, 31)  # noqa: DTZ001  without a zone, in which it would be past the last year
PATIENCE = "1s"  # while others change the same values, on PostgreSQL. On SQLite it is that of every writer.


class TableCache(DatabaseCache):
    _table: str

    def update_together(self, keys: Collection[str], change: Change, timeout: float) -> Values:
        """`change` gets what is stored under these keys and returns what to store there; nobody else changes it
        meanwhile. Returns what was stored: nothing, when the database refused.
        """
        try:
            with transaction.atomic():
                self._hold(keys)
                changed = change(self.get_many(keys))
                self._store({self.make_and_validate_key(key): value for key, value in changed.items()}, timeout)
        except DatabaseError:
            return {}
        return changed

    def _hold(self, keys: Collection[str]) -> None:
        """Lock these keys until the transaction ends. On SQLite, deleting what has expired takes its only lock, and so
        holds all keys; on PostgreSQL each key has a lock of its own.
        """
        if connection.vendor == "postgresql":
            locks = ", ".join("pg_advisory_xact_lock(hashtextextended(%s, 0))" for _ in keys)
            self._run(f"SELECT set_config('lock_timeout', '{PATIENCE}', true), {locks}", sorted(keys))
        self._run("DELETE FROM {table} WHERE expires < %s", [_as_stored(datetime.now(UTC))])

    def _base_set(self, mode: str, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        """Whether it was stored: not by `add` where something is, nor by `touch` where nothing is."""
        try:
            with transaction.atomic() if connection.in_atomic_block else nullcontext():
                if mode == "touch":
                    found = self._run("UPDATE {table} SET expires = %s WHERE cache_key = %s", [self._end(timeout), key])
                else:
                    found = self._store({key: value}, timeout, over_expired_only=mode == "add")
        except DatabaseError:
            return False
        return bool(found)

    def _store(self, values: Values, timeout: Any, *, over_expired_only: bool = False) -> int:
        """How many were stored. The keys are those of the table."""
        if not values:
            return 0
        expires = self._end(timeout)
        sql = STORE.replace("{rows}", ", ".join(["(%s, %s, %s)"] * len(values)))
        given = [part for key, value in values.items() for part in (key, _packed(value), expires)]
        if over_expired_only:
            sql, given = f"{sql} WHERE {{table}}.expires < %s", [*given, _as_stored(datetime.now(UTC))]
        return self._run(sql, given)

    def _end(self, timeout: Any) -> Any:
        seconds = self.get_backend_timeout(timeout)
        return _as_stored(FOR_EVER if seconds is None else datetime.fromtimestamp(seconds, UTC))

    def _run(self, sql: str, given: list[Any]) -> int:
        """How many rows it changed."""
        with connection.cursor() as cursor:
            cursor.execute(sql.replace("{table}", connection.ops.quote_name(self._table)), given)
            return int(cursor.rowcount)


def _packed(value: Any) -> str:
    """Pickled and in Base64: the form that Django's own DatabaseCache unpacks."""
    return base64.b64encode(pickle.dumps(value, DatabaseCache.pickle_protocol)).decode("ascii")


def _as_stored(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment.replace(microsecond=0))
