"""The cache on Redis, which counts log-ins. While Redis does not answer, the table in the database counts instead."""

import logging
import time
from collections.abc import Callable, Collection
from typing import Any, ClassVar, cast

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from clinic_site.cache.table import Change, TableCache, Values

TABLE = "education_cache"
PATIENCE_SECONDS = 1
ASK_AGAIN_SECONDS = 10  # without an answer, nobody waits for Redis for so long
logger = logging.getLogger("education.cache")


def _by_redis_or_database(name: str) -> Callable[..., Any]:
    def method(self: "RedisOrDatabaseCache", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self.asked_again_at:
            try:
                return getattr(self.redis, name)(*args, **kwargs)
            except RedisError as error:
                logger.warning("Redis does not answer (%s): the database counts log-ins", type(error).__name__)
                type(self).asked_again_at = time.monotonic() + ASK_AGAIN_SECONDS
        return getattr(self.database, name)(*args, **kwargs)

    return method


class CountingRedisCache(RedisCache):
    def update_together(self, keys: Collection[str], change: Change, timeout: float) -> Values:
        """As TableCache does it. Redis refuses what is stored after somebody else changed one of the values, and then
        `change` gets the new ones.
        """
        places, server = {key: self.make_and_validate_key(key) for key in keys}, cast(Any, self._cache)

        def in_one(redis: Any) -> Values:
            found = dict(zip(keys, redis.mget(places.values()), strict=True))
            changed = change({key: server._serializer.loads(value) for key, value in found.items() if value})
            redis.multi()
            for key, value in changed.items():
                redis.set(places[key], server._serializer.dumps(value), ex=int(timeout))
            return changed

        changed: Values = server.get_client(write=True).transaction(in_one, *places.values(), value_from_callable=True)
        return changed


class RedisOrDatabaseCache(BaseCache):
    asked_again_at: ClassVar[float] = 0  # by all threads of the process

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        waits = {"socket_timeout": PATIENCE_SECONDS, "socket_connect_timeout": PATIENCE_SECONDS}
        again = {"retry": Retry(NoBackoff(), 1)}  # a connection may have been closed for being idle
        options = waits | again | params.get("OPTIONS", {})
        self.redis = CountingRedisCache(server, {**params, "OPTIONS": options})
        self.database = TableCache(TABLE, {**params, "OPTIONS": {}})

    def trouble(self) -> str:
        """What Redis itself says now; empty when it answers."""
        try:
            self.redis._cache.get_client().ping()
        except RedisError as error:
            return type(error).__name__
        return ""

    add, get, set, touch, delete, has_key, incr = map(
        _by_redis_or_database, ("add", "get", "set", "touch", "delete", "has_key", "incr")
    )
    get_many, set_many, delete_many, clear, update_together = map(
        _by_redis_or_database, ("get_many", "set_many", "delete_many", "clear", "update_together")
    )
