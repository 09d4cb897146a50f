"""What desk, queue and record say of a flag once a clinician has talked to the patient."""

import re

import pytest
from django.test import Client

from education.accounts.models import User
from education.consultations.models import ConsultationRequest
from education.consultations.public import actions as public
from education.consultations.triage import actions as triage
from education.consultations.triage import chart
from education.consultations.triage.record import open_for
from tests import cast
from tests.consultations import asking
from tests.consultations.asking import QUEUE, address, ingested
from tests.screens import body

pytestmark = pytest.mark.usefixtures("clinic")

HERS, NOT_BOOKED = "Red: a clinician first, which is you", "Red: a clinician first, don’t book"


@pytest.fixture
def clara() -> User:
    return cast.staff("kim", "clinician", "intake")


def flags_at(client: Client, row: ConsultationRequest) -> list[str]:
    """What its flag says on the desk, in the queue and on the record."""
    pages = [body(client.get(path)) for path in ("/admin/", QUEUE, address(row))]
    found = [re.search(r'class="flag flag-(?:red|urgent)">([^<:]*: [^<]*)<', page) for page in pages]
    return [one[1].rstrip(".") if one else "" for one in found]


def counted(client: Client) -> tuple[dict[str, int], dict[str, int]]:
    """What the tallies at the head of the desk count of flags, and how many rows each of their links opens."""
    page = body(client.get("/admin/"))
    found = re.findall(r'<a href="([^"]*[?&;]flag=[^"]*)"><b>(\d+)</b> <span>([^<]*)', page)
    opened = {said: body(client.get(path.replace("&amp;", "&"))).count('data-label="Who"') for path, _, said in found}
    return {said: int(number) for _, number, said in found}, opened


def test_desk_queue_and_record_say_the_same_of_a_red_request(desk: Client, ines: User, clara: User) -> None:
    """The desk asked for a clinician whatever had been done."""
    row, clinician = ingested(screening_opioids="yes"), cast.logged_in(clara)
    assert (flags_at(desk, row), flags_at(clinician, row)) == ([NOT_BOOKED] * 3, [HERS] * 3)
    triage.mark_contacted(row, by=ines)
    assert flags_at(desk, row) == [NOT_BOOKED] * 3, "she is no clinician"
    triage.mark_contacted(row, by=clara)
    talked = ["Red: a clinician has talked to them"] * 3
    assert (flags_at(desk, row), flags_at(clinician, row)) == (talked, talked)
    public.add_text(public.Sender("one").token, text="It got worse")
    assert flags_at(desk, row) == talked, "text was added, and the answers are the same"
    asking.request(screening_opioids="yes", screening_operation="talk")  # the form once more, with another answer
    assert flags_at(clinician, row) == [HERS] * 3


def test_the_copy_for_the_chart_and_a_file_say_it_too(ines: User, clara: User) -> None:
    row = ingested(screening_opioids="yes")

    def copied() -> list[str]:
        opened = open_for(row, by=clara)
        _, cells = chart.as_rows([opened])
        return [chart.as_text(opened, []).splitlines()[1].partition(". Status")[0], cells[3]]

    assert copied() == ["Flag: Red: a clinician first", "Red: a clinician first"]
    triage.mark_contacted(row, by=ines)
    row.refresh_from_db()
    assert copied() == ["Flag: Red: a clinician first", "Red: a clinician first"]
    triage.mark_contacted(row, by=clara)
    talked = "Red: a clinician has talked to them"
    assert copied() == [f"Flag: {talked}", talked]


def test_the_desk_opens_no_request_to_know_who_was_talked_to(
    desk: Client, clara: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    triage.mark_contacted(ingested(screening_opioids="yes"), by=clara)
    monkeypatch.setattr("education.core.sealing.open_sealed", None)
    assert "Red: a clinician has talked to them" in body(desk.get("/admin/"))


def test_an_urgent_request_needs_no_help_now_once_a_clinician_has_talked_to_them(
    desk: Client, ines: User, clara: User
) -> None:
    row = ingested(screening_self_harm="yes")
    triage.mark_contacted(row, by=ines)
    assert flags_at(desk, row) == ["Urgent: needs help now"] * 3
    triage.mark_contacted(row, by=clara)
    assert flags_at(desk, row) == ["Urgent: a clinician has talked to them"] * 3


def test_nobody_is_counted_as_needing_a_clinician_who_was_talked_to_by_one(
    desk: Client, ines: User, clara: User
) -> None:
    red, urgent = ingested(screening_opioids="yes"), ingested("two", screening_self_harm="yes")
    ingested("three", screening_opioids="yes"), ingested("four", screening_self_harm="yes")
    assert counted(desk) == ({"are urgent": 2, "need a clinician first": 4},) * 2
    for row in (red, urgent):
        triage.mark_contacted(row, by=ines)
    assert counted(desk) == ({"are urgent": 2, "need a clinician first": 4},) * 2, "she is no clinician"
    for row in (red, urgent):
        triage.mark_contacted(row, by=clara)
    assert counted(desk) == ({"is urgent": 1, "need a clinician first": 2},) * 2
    public.add_text(public.Sender("one").token, text="It got worse")
    assert counted(desk)[0]["need a clinician first"] == 2
    asking.request(screening_opioids="yes", screening_operation="talk")
    assert counted(desk) == ({"is urgent": 1, "need a clinician first": 3},) * 2


def test_the_chip_counts_what_it_shows_and_what_the_tally_leads_to_is_one(desk: Client, clara: User) -> None:
    triage.mark_contacted(ingested(screening_self_harm="yes"), by=clara)
    ingested("two", screening_self_harm="yes")
    page = body(desk.get(f"{QUEUE}?flag=3&only=no-clinician"))
    chips = dict(re.findall(r'aria-current="true">(?:<span[^>]*>)?([^<]*?)(?:</span>)? <span[^>]*>(\d+)<', page))
    assert chips == {"No clinician yet": "1", "Urgent": "2"}
    assert "No clinician yet" not in body(desk.get(QUEUE))
    assert re.search(r">A clinician first</span> <span[^>]*>1<", page)
