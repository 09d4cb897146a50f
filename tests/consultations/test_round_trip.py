"""Whatever way a contact is written: a request is stored with it, found by it, withdrawn with it, and dialed.

What decides is compared without a database, in many examples; a few of each kind go all the way. `ROUND_TRIPS=1000`
sends so many of each.
"""

import os
from datetime import date
from itertools import count
from typing import Any

import phonenumbers
import pytest
from django.utils import timezone
from django.utils.formats import date_format
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from education.clinic.context import SharedRows
from education.clinic.models import ClinicProfile
from education.consultations import search_terms
from education.consultations.models import ConsultationRequest
from education.consultations.public import actions as patient
from education.consultations.public import tokens
from education.consultations.triage import actions as triage
from education.consultations.upkeep import ingest
from education.core.contact import telephone
from tests.consultations import asking

COUNTRIES = ("US", "CA", "GB", "IE", "DE", "FR", "IT", "AU", "IN", "HU", "MX", "PL")
KINDS = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
INVISIBLE = ("\u200b", "\u202a", "\u2068", "\ufeff")
WHOLE_WAY = int(os.environ.get("ROUND_TRIPS", "25"))
nonces = (f"round-{number}" for number in count())
rows = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
pytestmark = [pytest.mark.thorough, pytest.mark.usefixtures("clinic")]


@pytest.fixture(autouse=True)
def _no_mail_to_staff(settings: Any) -> None:
    settings.STAFF_MAIL = []


@st.composite
def number_of(draw: st.DrawFn, country: str) -> PhoneNumber:
    """A number that its country may have given out."""
    example = phonenumbers.example_number_for_type(country, draw(st.sampled_from(KINDS)))
    own = phonenumbers.national_significant_number(example)
    kept = own[:-4] + f"{draw(st.integers(0, 9999)):04}"
    number = phonenumbers.parse(f"+{example.country_code}{kept}", None)
    return number if phonenumbers.is_valid_number(number) else example


def everywhere(number: PhoneNumber) -> list[str]:
    """How it is written for somebody in another country."""
    abroad = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return [abroad, e164, f"00{e164[1:]}", abroad.replace(" ", "."), phonenumbers.format_number(number, 3)]


def at_home(number: PhoneNumber) -> list[str]:
    """How it is written for somebody in its own country."""
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    digits = telephone.digits(national)
    written = [national, digits, national.replace(" ", "-"), f"{national} ext 12", f"Tel. {national}"]
    return [*written, digits.translate(FULL_WIDTH), f"\u202a{national}\u202c", f"{digits[:5]} {digits[5:]}"]


@st.composite
def written(draw: st.DrawFn) -> tuple[str, PhoneNumber, list[str]]:
    """The clinic's country, a number, and three ways to write it: as sent, as searched for, to withdraw with."""
    country = draw(st.sampled_from(COUNTRIES))
    number = draw(number_of(draw(st.sampled_from([country, *COUNTRIES]))))
    ways = everywhere(number)
    if number.country_code == phonenumbers.country_code_for_region(country):
        ways += at_home(number)
    return country, number, [draw(st.sampled_from(ways)) for _ in range(3)]


def stored(country: str, **typed: str) -> tuple[ConsultationRequest, str]:
    """A request that the worker has indexed, and its receipt's token."""
    ClinicProfile.objects.update(country=country)
    nonce = next(nonces)
    row = asking.request(nonce, **typed)
    assert ingest._ingest_request(row.pk, timezone.now(), SharedRows())
    return row, tokens.receipt_token(nonce)


def finds(searched: str, country: str, **answers: str) -> bool:
    """As the index does: one of each set of terms."""
    kept, wanted = search_terms.terms_of(answers, country), search_terms.terms_for(searched, country)
    return bool(wanted) and all(kept & one_of for one_of in wanted)


@settings(rows, max_examples=700)
@given(written())
def test_a_number_is_read_found_and_dialed_however_it_is_written(drawn: tuple[str, PhoneNumber, list[str]]) -> None:
    country, number, (sent, searched, withdrawing) = drawn
    assert not telephone.refusal(sent)
    (read,) = telephone.read(sent, country)
    assert read.e164 == phonenumbers.format_number(number, PhoneNumberFormat.E164)
    assert read.tel.startswith(f"tel:{read.dialed}")
    assert read.dialed in (read.e164, read.national)
    assert finds(searched, country, phone=sent)
    assert {*search_terms.phone_terms(sent, country)} & {*search_terms.phone_terms(withdrawing, country)}


@settings(rows, max_examples=WHOLE_WAY)
@given(written())
def test_a_number_is_stored_found_and_withdraws(drawn: tuple[str, PhoneNumber, list[str]]) -> None:
    country, _, (sent, searched, withdrawing) = drawn
    row, token = stored(country, phone=sent, email="")
    assert row in triage.search(searched)
    assert patient.withdraw(token, contact=withdrawing)


local_parts = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)
domains = st.sampled_from(["example.org", "mail.example.com", "łódź.pl", "yahoo.co.uk", "xn--mller-kva.de"])
wrappings = st.sampled_from(
    ["{}", " {} ", *(f"{mark}{{}}{mark}" for mark in INVISIBLE), "mailto:{}", "Ana R <{}>", "{}."]
)


@settings(rows, max_examples=WHOLE_WAY)
@given(local_parts, domains, st.lists(wrappings, min_size=3, max_size=3), st.booleans())
def test_an_address_is_found_and_withdraws_however_it_is_pasted(
    name: str, domain: str, ways: list[str], capitals: bool
) -> None:
    address = f"{name}@{domain}"
    sent, searched, withdrawing = (way.format(address) for way in ways)
    row, token = stored("US", email=sent)
    assert row in triage.search(searched.replace(name, name.upper()) if capitals else searched)
    assert patient.withdraw(token, contact=withdrawing)


letters = st.sampled_from("aozAOZłŁøØđĐıİþÞæÆéñüßšç李王김Яשم")
words = st.text(letters, min_size=1, max_size=6)


@settings(rows, max_examples=100)
@given(st.lists(words, min_size=1, max_size=3))
def test_a_name_is_found_by_its_words_in_any_order(name: list[str]) -> None:
    for searched in (" ".join(reversed(name)), *name):
        assert finds(searched, "US", full_name=" ".join(name))


@settings(rows, max_examples=WHOLE_WAY)
@given(st.lists(words, min_size=1, max_size=3))
def test_a_request_is_stored_and_found_by_a_name(name: list[str]) -> None:
    row, _ = stored("US", full_name=" ".join(name))
    assert row in triage.search(" ".join(reversed(name)))


@settings(rows, max_examples=WHOLE_WAY)
@given(st.dates(date(1920, 1, 1), date(2020, 12, 31)))
def test_a_date_of_birth_is_found_as_it_is_said(born: date) -> None:
    typed = {"date_of_birth_day": born.day, "date_of_birth_month": born.strftime("%B"), "date_of_birth_year": born.year}
    row, _ = stored("US", **{field: str(value) for field, value in typed.items()})
    for said in (born.isoformat(), date_format(born), f"{born.day} {born:%b} {born.year}"):
        assert row in triage.search(said)
