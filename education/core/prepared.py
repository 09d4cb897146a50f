"""Questions to the database whose SQL is made once.

A page that is drawn from small tables costs more in making the SQL than in answering it. `prepared` keeps what Django
made and asks it again with other values; what comes back is what the queryset itself would give.
"""

from collections.abc import Callable, Iterable
from copy import copy
from datetime import UTC, date, datetime
from functools import wraps
from itertools import count
from typing import Any, Protocol, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

ROUND = 8  # lists are filled up to a multiple of this: few lengths, few statements

Value = int | str | date | datetime


class Question(Protocol):
    def __call__(self, *values: Value | Iterable[Value]) -> list[Any]: ...


def prepared(build: Callable[..., "QuerySet[Any, Any]"]) -> Question:
    """`build(*values)` as a list. The form of its queryset may depend on no value; lists, of words, are for `__in`.

    Other values are numbers, words, days and moments. TypeError for any other; ValueError when one reaches the database
    otherwise than it came, as that of `__contains` does.
    """
    made: dict[tuple[object, ...], _Made] = {}

    @wraps(build)
    def ask(*values: Value | Iterable[Value]) -> list[Any]:
        filled = [_filled(value) for value in values]
        shape = tuple(len(value) if isinstance(value, list) else type(value) for value in filled)
        if shape not in made:
            made[shape] = _Made(build, filled)
        return made[shape].ask(_flat(filled))

    return cast(Question, ask)


def _filled(value: Value | Iterable[Value]) -> Value | list[Value]:
    if not isinstance(value, list | tuple | set | frozenset):
        return cast(Value, value)
    found = list(value) or [""]
    return found + found[-1:] * (-len(found) % ROUND)


def _flat(filled: list[Value | list[Value]]) -> list[Value]:
    return [value for each in filled for value in (each if isinstance(each, list) else [each])]


class _Made:
    def __init__(self, build: Callable[..., "QuerySet[Any, Any]"], like: list[Value | list[Value]]) -> None:
        number = count(31_001)
        stand_ins = [
            [_stand_in(each, next(number)) for each in value]
            if isinstance(value, list)
            else _stand_in(value, next(number))
            for value in like
        ]
        self.queryset: Any = build(*stand_ins)
        if getattr(self.queryset, "_prefetch_related_lookups", ()):
            raise ValueError("What is fetched beside a question is asked anew each time: prepare it by itself.")
        self.compiler = self.queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, params = self.compiler.as_sql()
        places = {_bound(value): place for place, value in enumerate(_flat(stand_ins))}
        self.params = [(places.get(param), param) for param in params]
        lost = set(places.values()) - {place for place, _ in self.params}
        if lost:
            raise ValueError(f"{build.__qualname__}: the database is never told the value number {min(lost)}.")

    def ask(self, values: list[Value]) -> list[Any]:
        bound = [_bound(value) for value in values]
        params = tuple(param if place is None else bound[place] for place, param in self.params)
        compiler = copy(self.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]  # each thread has its own
        compiler.as_sql = lambda *_, **__: (self.sql, params)
        query = self.queryset.query.chain()
        query.get_compiler = lambda *_, **__: compiler
        rows = self.queryset._chain()
        rows._query = query  # set as `query` it would forget that tuples were asked for
        return list(rows)


def _stand_in(value: Value, number: int) -> Value:
    """A value of the same kind that is in no question by itself."""
    if isinstance(value, datetime):
        return datetime(number // 10, 1, 1, number % 10, tzinfo=UTC)
    if isinstance(value, date):
        return date.fromordinal(number)
    if isinstance(value, str):
        return f"value {number}"
    if isinstance(value, int):
        return number
    raise TypeError(f"{type(value).__name__} can't be a value of a prepared question.")


def _bound(value: Value) -> Any:
    """As the database is told it."""
    operations = connections[DEFAULT_DB_ALIAS].ops
    if isinstance(value, datetime):
        return operations.adapt_datetimefield_value(value)
    return operations.adapt_datefield_value(value) if isinstance(value, date) else value
