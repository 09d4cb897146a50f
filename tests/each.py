"""One test that asks the same of many things, where asking costs less than setting up a test for each."""

import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from itertools import product
from typing import Any

import pytest
from django.db import connection, transaction

from tests.database import keeping

Test = Callable[..., None]


def of_each(*values: Iterable[Any]) -> Callable[[Test], Test]:
    """`@of_each(NAMES)`: the test is asked of every value, and fails once, with all that fall short and why.

    With several lists it takes one argument for each, and is asked of every combination. Fixtures come after them; they
    are set up once. What a case does to the database is undone before the next; a test that changes anything else that
    its fixtures made has to be parametrized instead.
    """
    cases = list(product(*values))

    def asked_at_once(test: Test) -> Test:
        @wraps(test)
        def of_all(**fixtures: Any) -> None:
            assert cases, "There is nothing to ask."
            short = [f"{_name(case)}: {why}" for case in cases if (why := _shortcoming(test, case, fixtures))]
            assert not short, "\n\n".join([f"{len(short)} of {len(cases)} fall short.", *short])

        signature = inspect.signature(test)
        fixtures = list(signature.parameters.values())[len(values) :]
        of_all.__signature__ = signature.replace(parameters=fixtures)
        return of_all

    return asked_at_once


def _name(case: tuple[Any, ...]) -> str:
    return ", ".join(
        str(value.get("id", value) if isinstance(value, dict) else getattr(value, "__name__", value)) for value in case
    )


def _shortcoming(test: Test, case: tuple[Any, ...], fixtures: dict[str, Any]) -> str:
    try:
        with _undone():
            test(*case, **fixtures)
    except (AssertionError, pytest.fail.Exception) as why:  # of `pytest.raises` too, when nothing is raised
        return str(why) or "an assertion without words"
    except Exception as error:
        error.add_note(f"Asked of {_name(case)}")
        raise
    return ""


@contextmanager
def _undone() -> Iterator[None]:
    """Of a test without a database there is nothing to undo."""
    if not connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        keeping.begin()
        try:
            yield
        finally:
            transaction.set_rollback(True)
