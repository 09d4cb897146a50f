"""The blind index finds what staff hear on the telephone, and nothing else."""

from itertools import combinations

import pytest
from django.test import Client

from education.clinic.models import ClinicProfile
from education.consultations import search_terms
from education.consultations.models import ConsultationRequest
from education.consultations.triage import actions as triage
from education.consultations.triage.duplicates import same_person
from education.consultations.triage.record import open_row
from education.consultations.upkeep import ingest
from education.core import sealing
from tests.consultations import asking
from tests.consultations.asking import WHOLE, address, ingested
from tests.each import of_each

pytestmark = pytest.mark.usefixtures("clinic")


@pytest.fixture
def row(clinic: ClinicProfile) -> ConsultationRequest:
    """Beside another one."""
    made = asking.request(**asking.WHOLE)
    asking.request("other", full_name="Bea Stone", email="bea@example.org")
    ingest.ingest_new()
    return made


@of_each(
    [
        "ana@example.org",
        " ANA@Example.org ",
        "ruiz",
        "Ruiz ana",
        "RUÍZ",
        "anita",
        "+1 555 010 1234 7",
        "0101234 7",
        "1979-05-14",
        "14 May 1979",
        "14.5.1979",
        "14/05/1979",
        "05/14/1979",
        "May 14, 1979",
        "Mira",
    ],
)
def test_found_by_what_staff_hear_on_the_telephone(typed: str, row: ConsultationRequest) -> None:
    assert list(triage.search(typed)) == [row]
    for reference in (row.reference.lower(), row.reference_shown, f" {row.reference[:4]}-{row.reference[4:]} "):
        assert list(triage.search(reference)) == [row], reference


@of_each(["", "x", "ruiz stone", "bo@example.org", "5550199", "99/99/1979", "Ruizz"])
def test_not_found_by_anything_else(typed: str, row: ConsultationRequest) -> None:
    assert not triage.search(typed).exists()


@pytest.mark.thorough
def test_the_database_alone_tells_neither_how_much_was_given_nor_reliably_who_came_twice() -> None:
    """It does tell that two requests of the same bucket share something: the bucket is one of sixteen."""
    shortest = ingested("short")
    whole = ingested("whole", **asking.WHOLE)
    assert shortest.index_entries.count() == whole.index_entries.count() == search_terms.ENTRIES_STEP
    rows = [ingested(f"same-{number}") for number in range(40)]
    digests = [frozenset(bytes(entry.digest) for entry in row.index_entries.all()) for row in rows]
    strangers = sum(1 for one, other in combinations(digests, 2) if not one & other)
    assert strangers > len(list(combinations(digests, 2))) / 2
    assert set(triage.search("ana@example.org")) == {shortest, whole, *rows}, "and all of them are found"
    alike = {one.row for one in same_person(rows[0], open_row(rows[0]).answers, "US")}
    assert alike == {shortest, whole, *rows[1:]}


def test_a_request_that_was_indexed_before_there_were_buckets_is_found() -> None:
    row = ingested(**asking.WHOLE)
    row.index_entries.all().delete()
    row.index_entries.create(digest=sealing.blind("name:ruiz"))
    assert list(triage.search("ruiz")) == [row]


def test_other_requests_of_the_same_person_are_suggested(desk: Client) -> None:
    row = ingested(**WHOLE)
    by_email = ingested("a", full_name="A. Ruiz", email="ANA@example.org", phone="+1 (555) 010-9999")
    by_phone = ingested("b", full_name="Somebody", email="b@example.org", phone="555.010.9999")
    other = ingested("c", full_name="Ana Stone", email="c@example.org")
    page = desk.get(address(row)).content.decode()
    assert by_email.reference_shown in page
    assert other.reference_shown not in page
    page = desk.get(address(by_phone)).content.decode()
    assert by_email.reference_shown in page
    assert row.reference_shown not in page
    assert "Perhaps from the same person" not in desk.get(address(other)).content.decode()


def test_requests_with_the_same_name_and_date_of_birth_are_suggested_too(desk: Client) -> None:
    born = {name: WHOLE[name] for name in WHOLE if name.startswith("date_of_birth")}
    row = ingested(full_name="Ana Ruiz", email="x@example.org", **born)
    twin = ingested("b", full_name="Ruiz Ana", email="y@example.org", **born)
    assert twin.reference_shown in desk.get(address(row)).content.decode()
