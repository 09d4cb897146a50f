"""The order of the queue."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from education.accounts import actions as accounts
from education.accounts.models import User
from education.consultations.models import (
    ConsultationRequest,
)
from education.consultations.triage import actions as triage
from education.consultations.triage import queue
from education.consultations.triage.queue import Filter
from tests import cast
from tests.consultations import asking
from tests.consultations.asking import QUEUE, address
from tests.queries import queries
from tests.screens import body, plain_words

pytestmark = pytest.mark.usefixtures("clinic")


def due(row: ConsultationRequest, hours: float, **fields: Any) -> ConsultationRequest:
    at = timezone.now() + timedelta(hours=hours)
    ConsultationRequest.objects.filter(pk=row.pk).update(due_at=at, **fields)
    return row


def test_urgent_overdue_red_amber_plain_and_calls_agreed_for_later_come_in_this_order(ines: User) -> None:
    later = due(asking.request("later", screening_opioids="yes"), 1, status="retry")
    plain = due(asking.request("plain"), 2)
    sooner = due(asking.request("sooner"), 1)
    amber = due(asking.request("amber", screening_pregnancy="talk"), 9)
    red = due(asking.request("red", screening_opioids="yes"), 9)
    overdue = due(asking.request("overdue"), -1)
    long_overdue = due(asking.request("long"), -9)
    urgent = due(asking.request("urgent", screening_self_harm="yes"), 9)
    expected = [urgent, long_overdue, overdue, red, amber, sooner, plain, later]
    rows, more = queue.page(Filter(), 1, by=ines)
    assert rows == expected
    assert not more


def test_from_each_request_the_next_one_is_that_of_the_queue_and_after_the_last_comes_the_first(
    ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "COUNTED", 2)  # however many wait
    due(asking.request("plain"), 2)
    due(asking.request("amber", screening_pregnancy="talk"), 9)
    due(asking.request("red", screening_opioids="yes"), 9)
    due(asking.request("overdue"), -1, assignee=ines)
    due(asking.request("overdue red", screening_opioids="yes"), -2)
    due(asking.request("call now"), -3, status="retry", assignee=ines)
    due(asking.request("urgent, later", screening_self_harm="yes"), 9)
    due(asking.request("urgent", screening_self_harm="yes"), -9)
    rows, _ = queue.page(Filter(), 1, by=ines)
    assert [queue.next_after(row, by=ines) for row in rows] == [row.pk for row in [*rows[1:], rows[0]]]
    asks = queries(lambda: queue.next_after(rows[0], by=ines))
    assert {query.partition("FROM")[2].split()[0] for query in asks} == {'"education_consultationrequest"'}
    assert not [query for query in asks if "sealed" in query], "nothing is read that would have to be opened"


def test_what_is_left_to_others_or_waits_for_nobody_is_no_next_request(ines: User) -> None:
    row, other, kim = asking.request("one"), asking.request("other"), cast.staff("kim", "intake")
    clara = cast.staff("clara", "clinician", "intake")
    for change in (
        {"assignee": kim},
        {"status": "contacted", "assignee": ines},
        {"status": "closed", "closed_at": timezone.now()},
        {"status": "retry", "assignee": ines},
    ):
        ConsultationRequest.objects.filter(pk=other.pk).update(status="new", assignee=None, closed_at=None)
        assert queue.next_after(row, by=ines) == other.pk
        ConsultationRequest.objects.filter(pk=other.pk).update(**change)
        assert queue.next_after(row, by=ines) is None, change
    ConsultationRequest.objects.filter(pk=other.pk).update(status="clinician", assignee=None, closed_at=None)
    assert queue.next_after(row, by=ines) is None
    assert queue.next_after(row, by=clara) == other.pk
    ConsultationRequest.objects.filter(pk=other.pk).update(status="claimed", assignee=kim)
    accounts.disable_staff(kim, by=None)
    assert queue.next_after(row, by=ines) == other.pk, "nobody has it now"


def test_the_record_leads_on_to_the_next_request_also_once_something_is_done(desk: Client) -> None:
    rows = [asking.request(f"n{number}", phone="5550100") for number in range(3)]

    def leads_to(response: Any) -> list[str]:
        return re.findall(r'<a href="([^"]*)">Next request</a>', body(response))

    assert leads_to(desk.get(address(rows[0]))) == [address(rows[1])]
    assert leads_to(desk.post(address(rows[1], "contact"), follow=True)) == [address(rows[0])]
    assert leads_to(desk.post(address(rows[0], "no_answer"), follow=True)) == [address(rows[2])]
    assert leads_to(desk.get(address(rows[2]))) == []


def test_every_request_is_on_exactly_one_page(ines: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "PAGE_SIZE", 3)
    made = {asking.request(f"n{n}", **({"screening_opioids": "yes"} if n % 2 else {})) for n in range(8)}
    pages = [queue.page(Filter(), number, by=ines) for number in (1, 2, 3)]
    assert [len(rows) for rows, _ in pages] == [3, 3, 2]
    assert [more for _, more in pages] == [True, True, False]
    assert {row for rows, _ in pages for row in rows} == made


def test_the_queue_can_be_filtered_by_mine_and_overdue(desk: Client, ines: User) -> None:
    mine, late, other = asking.request("mine"), due(asking.request("late"), -1), asking.request("other")
    triage.claim(mine, by=ines)
    for query, expected in {
        "?only=mine": {mine},
        "?only=overdue": {late},
        "?flag=clinician-first": set(),
        "?only=nonsense": {mine, late, other},
    }.items():
        shown = desk.get(QUEUE + query).content.decode()
        assert {row for row in (mine, late, other) if row.reference_shown in shown} == expected, query


def test_an_empty_queue_says_what_to_do(desk: Client) -> None:
    asked = plain_words(body(desk.get(QUEUE + "?only=mine")))
    assert "Nothing here fits. See all that wait" in asked
    assert "No request waits. Whoever calls now is entered with “Take a request by telephone”." in plain_words(
        body(desk.get(QUEUE))
    )


def test_whoever_searches_by_keyboard_goes_on_from_what_was_found_or_types_again(desk: Client) -> None:
    asking.ingested(full_name="Wanda Works")
    for typed, focused, said in (
        ("wanda", "h2", "1 found"),
        ("nobody", "input", "No request has all of that."),
        ("", "input", "Type a name, a number, a reference, an e-mail address or a date of birth first."),
    ):
        page = body(desk.post(f"{QUEUE}search/", {"q": typed}))
        assert re.findall(r"<(\w+)[^>]* autofocus", page) == [focused], typed
        assert said in plain_words(page)
        assert ("0 found" in page) == (typed == "nobody")


def test_an_empty_list_is_not_offered_to_be_printed(desk: Client) -> None:
    assert "Print this list" not in body(desk.get(QUEUE))
    asking.request()
    assert "Print this list" in body(desk.get(QUEUE))


def test_what_came_today_is_said_to_be_of_today_and_what_came_before_has_its_date(desk: Client) -> None:
    row = asking.request(phone="5550100")
    page = plain_words(body(desk.get(QUEUE))), plain_words(body(desk.get(address(row))))
    assert ("Came today at" in page[0], "oday at" in page[1]) == (True, True), page
    assert not re.search(r"\d [ap]\.m\.", body(desk.get(QUEUE)).partition("<tbody>")[2]), "no line ends within a time"
    before = timezone.now() - timedelta(days=9)
    ConsultationRequest.objects.filter(pk=row.pk).update(received_at=before)
    came = date_format(timezone.localtime(before), "MONTH_DAY_FORMAT")
    assert f"days, since {came}" in plain_words(body(desk.get(QUEUE)))
    assert re.search(rf"Received {came}, \d{{4}}, .*, \d working days ago\.", plain_words(body(desk.get(address(row)))))
