"""A question that is asked of many values at once names each that falls short, and why."""

import re

import pytest

from tests.each import of_each


@of_each([1, 2, 3, 4])
def asked(number: int) -> None:
    assert number != 2, "it is two"
    with pytest.raises(ValueError, match="invalid"):
        int("three" if number != 3 else "3")


def test_each_that_falls_short_is_named_whatever_it_lacks() -> None:
    with pytest.raises(AssertionError) as short:
        asked()
    assert re.fullmatch(r"2 of 4 fall short\.\n\n2: it is two\n[^\0]*\n\n3: DID NOT RAISE[^\n]*", str(short.value))
