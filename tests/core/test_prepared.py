"""A prepared question gives what its queryset gives, whatever it was asked before."""

from datetime import UTC, date, datetime
from threading import Thread

import pytest
from django.db.models import QuerySet

from education.clinic.models import Bulletin, Person
from education.core.prepared import prepared
from education.pages.models import PageVersion
from education.references.models import Citation, Reference

pytestmark = pytest.mark.django_db


@prepared
def _titled(paths: list[str], title: str) -> "QuerySet[PageVersion]":
    return PageVersion.objects.filter(path__in=paths, title=title).order_by("path")


@prepared
def _citing(path: str) -> "QuerySet[Citation]":
    return Citation.objects.filter(path=path).select_related("reference")


@prepared
def _begun(day: date) -> "QuerySet[Bulletin]":
    return Bulletin.objects.filter(begins__lte=day).order_by("-begins")


@prepared
def _changed_since(moment: datetime) -> "QuerySet[PageVersion, tuple[str, datetime]]":
    return PageVersion.objects.filter(changed_at__gte=moment).values_list("path", "changed_at")


def page(path: str, title: str = "A page") -> PageVersion:
    return PageVersion.objects.create(path=path, title=title)


def test_it_is_asked_again_with_other_values() -> None:
    one, two, other = page("/a/"), page("/b/"), page("/c/", "Another")
    assert _titled(["/a/", "/b/", "/c/"], "A page") == [one, two]
    assert _titled(["/b/"], "A page") == [two]
    assert _titled(["/c/", "/a/"], "Another") == [other]


def test_a_list_may_be_of_any_length() -> None:
    pages = [page(f"/{number:02}/") for number in range(20)]
    for length in (0, 1, 7, 8, 9, 20):
        assert _titled([one.path for one in pages[:length]], "A page") == pages[:length]


def test_what_belongs_to_a_row_comes_with_it(django_assert_num_queries) -> None:
    reference = Reference.objects.create(key="a-2020", title="A trial", kind=Reference.Kind.RCT, year=2020)
    Citation.objects.create(path="/a/", reference=reference)
    _citing("/elsewhere/")
    with django_assert_num_queries(1):
        (found,) = _citing("/a/")
        assert found.reference == reference


def test_days_and_moments_are_told_as_the_database_keeps_them() -> None:
    old, young = (Bulletin.objects.create(path="/a/", words="Words", begins=date(2026, month, 1)) for month in (1, 3))
    assert _begun(date(2026, 2, 1)) == [old]
    assert _begun(date(2026, 3, 1)) == [young, old]
    when = page("/a/").changed_at
    assert _changed_since(when) == [("/a/", when)]
    assert _changed_since(datetime(2200, 1, 1, tzinfo=UTC)) == []


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection() -> None:
    Person.objects.create(name="Ana", slug="ana")
    asked = prepared(lambda slug: Person.objects.filter(slug=slug))
    found = [asked("ana")]

    def ask() -> None:
        from django.db import connection

        try:
            found.append(asked("ana"))
        finally:
            connection.close()

    other = Thread(target=ask)
    other.start()
    other.join()
    assert len(found) == 2
    assert found[0] == found[1] != []


def test_a_value_that_reaches_the_database_changed_is_refused() -> None:
    with pytest.raises(ValueError, match="never told the value number 0"):
        prepared(lambda word: PageVersion.objects.filter(title__contains=word))("pain")


def test_other_kinds_of_values_are_refused() -> None:
    with pytest.raises(TypeError, match="bytes can't be a value"):
        prepared(lambda digest: PageVersion.objects.filter(title=digest))(b"raw")


def test_what_would_be_fetched_beside_it_is_refused() -> None:
    with pytest.raises(ValueError, match="prepare it by itself"):
        prepared(lambda slug: Person.objects.filter(slug=slug).prefetch_related("articles"))("ana")
