"""What looks like spam is stored and marked; only the hard limit refuses a request."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import transaction
from django.test import Client

from education.consultations.models import ConsultationRequest, IntakeCount, SealedAmendment
from education.consultations.public import limits, tokens
from education.consultations.triage.record import open_row
from tests.consultations.asking import FORM, SHORTEST, Page, check, press, send, sent_row

NOW = datetime(2026, 3, 14, 10, 59, tzinfo=UTC)


def count(address: str = "192.0.2.1", now: datetime = NOW, **more: Any) -> bool:
    with transaction.atomic():
        return limits.count(address, now, **more)


def test_beyond_the_soft_limit_requests_are_marked_and_kept(client: Client, settings: Any) -> None:
    settings.INTAKE_LIMIT_PER_HOUR = 2
    rows = [sent_row(send(client)) for _ in range(3)]
    assert [row.status for row in rows] == ["new", "new", "suspect"]
    assert "same internet address" in open_row(rows[2]).spam_reason
    assert "same internet address" not in str(rows[2].__dict__)


def test_ten_times_the_soft_limit_is_answered_429_with_the_answers_and_the_telephone_number(
    client: Client, settings: Any
) -> None:
    settings.INTAKE_LIMIT_PER_HOUR = 1
    pages = [Page(check(client)).values() for _ in range(11)]
    answers = [press(client, page) for page in pages]
    assert [answer.status_code for answer in answers] == [303] * 10 + [429]
    refused = answers[10]
    assert refused.headers["Retry-After"] == "3600"
    assert Page(refused).values()["full_name"] == SHORTEST["full_name"]
    summary = refused.content.decode().partition('id="error-summary"')[2][:900]
    assert "555 0100" in summary
    assert "Nothing has been sent yet" in summary
    assert ConsultationRequest.objects.count() == 10
    assert press(client, pages[0]).status_code == 303, "the same form again is no further request"


def test_amendments_count_too(client: Client, settings: Any) -> None:
    settings.INTAKE_LIMIT_PER_HOUR = 1
    page = Page(check(client)).values()
    statuses = [press(client, page | {"main_reason": f"Pain {number}"}).status_code for number in range(12)]
    assert statuses == [303] * 10 + [429] * 2
    assert SealedAmendment.objects.count() == 9


def test_zero_switches_the_limit_off(client: Client, settings: Any) -> None:
    settings.INTAKE_LIMIT_PER_HOUR = 0
    assert {sent_row(send(client)).status for _ in range(15)} == {"new"}
    assert not IntakeCount.objects.exists()


def test_each_address_and_each_hour_is_counted_separately(db: None, settings: Any) -> None:
    settings.INTAKE_LIMIT_PER_HOUR = 1
    assert [count(), count(), count("192.0.2.2"), count(now=NOW + timedelta(minutes=1))] == [False, True, False, False]


def test_a_whole_household_of_ipv6_is_one_address(db: None, settings: Any) -> None:
    settings.INTAKE_LIMIT_PER_HOUR = 1
    assert [count("2001:db8::1"), count("2001:db8::2"), count("2001:db8:0:1::1")] == [False, True, False]


def test_an_address_is_kept_as_a_hash_that_changes_every_day(db: None) -> None:
    count()
    count(now=NOW + timedelta(days=1))
    first, second = IntakeCount.objects.order_by("hour").values_list("key", flat=True)
    assert first != second
    assert "192.0.2.1" not in first + second


def test_counts_are_deleted_after_a_day(db: None) -> None:
    count()
    assert limits.delete_old(NOW + timedelta(hours=20)) == 0
    assert limits.delete_old(NOW + timedelta(hours=26)) == 1


def test_a_form_sent_within_three_seconds_is_marked_and_kept(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "MIN_FILL_TIME", timedelta(seconds=3))
    fast = sent_row(send(client))
    page = Page(check(client)).values()
    later = time.time() + 4
    monkeypatch.setattr(tokens.time, "time", lambda: later)
    slow = sent_row(press(client, page))
    assert (fast.status, slow.status) == ("suspect", "new")
    assert "within seconds" in open_row(fast).spam_reason


@pytest.mark.parametrize("back", [timedelta(seconds=5), timedelta(hours=1), timedelta(days=9000)])
def test_a_clock_that_was_set_back_makes_nobody_suspect(
    client: Client, monkeypatch: pytest.MonkeyPatch, back: timedelta
) -> None:
    monkeypatch.setattr(tokens, "MIN_FILL_TIME", timedelta(seconds=3))
    page = Page(check(client)).values()
    earlier = time.time() - back.total_seconds()
    monkeypatch.setattr(tokens.time, "time", lambda: earlier)
    monkeypatch.setattr(signing.time, "time", lambda: earlier)
    assert sent_row(press(client, page)).status == "new"


def test_a_clock_that_jumps_ahead_keeps_the_answers_and_marks_nobody(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Page(check(client)).values()
    later = time.time() + timedelta(days=2).total_seconds()
    monkeypatch.setattr(signing.time, "time", lambda: later)
    again = Page(press(client, page)).values()
    assert again["full_name"] == page["full_name"]
    assert sent_row(press(client, again)).status == "new"


def test_a_short_look_at_the_check_page_is_not_suspicious(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock starts with the form, not with the check page."""
    monkeypatch.setattr(tokens, "MIN_FILL_TIME", timedelta(seconds=3))
    now = time.time()
    monkeypatch.setattr(tokens.time, "time", lambda: now)
    opened = Page(client.get(FORM)).values()
    now += 5
    checked = Page(press(client, opened | SHORTEST)).values()
    assert sent_row(press(client, checked)).status == "new"
