"""Dates and times as the clinic's country writes and reads them."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format
from hypothesis import given
from hypothesis import strategies as st

from education.clinic.actions import save_bulletin
from education.clinic.countries import COUNTRIES
from education.clinic.dates import language_of, order, parts_of, read_date
from education.clinic.models import Bulletin
from education.consultations.models import ConsultationRequest
from tests import cast
from tests.cast import published
from tests.consultations import asking
from tests.consultations.asking import FORM, Page, send
from tests.screens import body, plain_words

SHAPES = ("DATE_FORMAT", "SHORT_DATE_FORMAT", "Y-m-d", "j F Y", "F j, Y", "M. j, Y", "jS F Y")
BY_ORDER = {"month": ("m/d/Y", "n/j/Y", "m.d.Y", "m-d-Y"), "day": ("d/m/Y", "j/n/Y", "d.m.Y", "d-m-Y")}


@given(day=st.dates(date(1000, 1, 1), date(9999, 12, 31)), country=st.sampled_from(sorted(COUNTRIES)))
def test_what_a_country_writes_is_read_as_the_same_day(day: date, country: str) -> None:
    with translation.override(language_of(country)):
        for shape in (*SHAPES, *BY_ORDER[order()[0]]):
            assert read_date(date_format(day, shape)) == day, shape


@pytest.mark.thorough
@given(typed=st.text(max_size=30))
def test_anything_else_is_no_date(typed: str) -> None:
    found = read_date(typed)
    assert found is None or str(found.year) in "".join(
        str(int(character)) if character.isdecimal() else character for character in typed
    )


@pytest.mark.parametrize(
    ("typed", "in_us", "in_gb"),
    [
        ("03/04/1980", (1980, 3, 4), (1980, 4, 3)),
        ("03/27/1980", (1980, 3, 27), (1980, 3, 27)),
        ("27/03/1980", (1980, 3, 27), (1980, 3, 27)),
        ("3-4-1980", (1980, 3, 4), (1980, 4, 3)),
        ("1980-03-04", (1980, 3, 4), (1980, 3, 4)),
    ],
)
def test_numbers_are_read_as_the_country_reads_them(typed: str, in_us: Any, in_gb: Any) -> None:
    for country, expected in (("US", in_us), ("GB", in_gb)):
        with translation.override(language_of(country)):
            assert read_date(typed) == date(*expected)


@pytest.mark.parametrize(
    "typed", ["", "31/31/2020", "0/0/2020", "31 February 2020", "March", "1980", "5/6/80", "a b 1980"]
)
def test_what_is_no_date_is_none(typed: str) -> None:
    assert read_date(typed) is None
    assert parts_of(typed) is None or typed[0] in "30a5"


AFTERNOON = datetime(2026, 3, 6, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "written"),
    [("US", "March 6, 2026, 2:30 p.m."), ("GB", "6 March 2026, 2:30 p.m."), ("DE", "6 March 2026, 14:30")],
)
@pytest.mark.django_db
def test_a_receipt_says_when_as_the_country_does_and_names_no_time_zone(
    client: Client, own_keys: Any, country: str, written: str
) -> None:
    cast.clinic(country=country)
    receipt = send(client).headers["Location"]
    ConsultationRequest.objects.update(received_at=AFTERNOON)
    words = plain_words(body(client.get(receipt)))
    assert written in words
    assert "UTC" not in words


@pytest.mark.parametrize(("country", "written"), [("US", "February 3, 2026"), ("AU", "3 February 2026")])
@pytest.mark.django_db
def test_a_page_is_dated_as_the_country_does_it(client: Client, country: str, written: str) -> None:
    cast.clinic(country=country)
    path = published().path
    bulletin = Bulletin(path=path, words="News.", begins=date(2026, 2, 3))
    save_bulletin(bulletin, by=None)
    cast.shown(bulletin)
    assert f"News since {written}" in plain_words(body(client.get(path)))
    desk = cast.logged_in(cast.ines_at_intake())
    assert written not in body(desk.get("/admin/"))  # the language of one request does not stay for the next
    assert date_format(date(2026, 2, 3)) == "February 3, 2026"


@pytest.mark.parametrize(
    ("country", "names", "example"),
    [("US", ["month", "day", "year"], "March 27, 1980"), ("GB", ["day", "month", "year"], "27 March 1980")],
)
@pytest.mark.django_db
def test_the_boxes_for_a_date_of_birth_stand_in_the_country_s_order(
    client: Client, own_keys: Any, country: str, names: list[str], example: str
) -> None:
    cast.clinic(country=country)
    page = Page(client.get(FORM))
    found = [attrs["name"] for attrs in page.all("input") if attrs.get("name", "").startswith("date_of_birth")]
    assert found == [f"date_of_birth_{name}" for name in names]
    assert f"For example {example}." in page.html


@pytest.mark.parametrize(("country", "born"), [("US", "March 4, 1980"), ("GB", "3 April 1980")])
@pytest.mark.django_db
def test_a_whole_date_in_one_box_is_understood(client: Client, own_keys: Any, country: str, born: str) -> None:
    cast.clinic(country=country)
    page = asking.check(client, asking.SHORTEST | {"date_of_birth_day": "03/04/1980"})
    assert re.search(rf"<dd>{born}</dd>", body(page))


@pytest.mark.parametrize(("country", "found"), [("US", True), ("GB", False)])
@pytest.mark.django_db
def test_staff_find_a_date_as_the_country_writes_it(own_keys: Any, country: str, found: bool) -> None:
    cast.clinic(country=country)
    row = asking.ingested(
        date_of_birth_day="4", date_of_birth_month="3", date_of_birth_year="1980", full_name="Ana Ruiz"
    )
    desk = cast.logged_in(cast.ines_at_intake())
    shown = body(desk.post(f"{asking.QUEUE}search/", {"q": "03/04/1980"}))
    assert (row.reference_shown in shown) is found
