"""A question that is asked of many values at once names each that falls short, and why."""

import re

import pytest

from education.articles.models import Topic
from education.clinic.context import kept_rows
from tests import cast
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


@pytest.mark.django_db
@of_each(["Ash Clinic", "Beech Clinic"])
def test_what_a_case_does_to_the_database_is_undone_before_the_next(name: str) -> None:
    assert not Topic.objects.exists()
    assert kept_rows.get().clinic.name == ""
    cast.topic()
    cast.clinic(name=name)
    assert kept_rows.get().clinic.name == name
