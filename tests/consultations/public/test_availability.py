"""What a process keeps of the clinic, the pauses and the questions, and that every change of them is seen at once."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from education.clinic.models import ClinicProfile
from education.consultations.models import IntakePause, ScreeningQuestion
from education.consultations.public import availability
from education.pages import actions as pages
from education.pages.kept import Kept
from tests.cast import clara, clinic, logged_in, sign_words
from tests.consultations.asking import FORM
from tests.screens import body, plain_words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    clinic()
    monkeypatch.setattr(availability, "surroundings", Kept(availability._read_surroundings))


@pytest.fixture
def visit(client: Client) -> Any:
    """Opens the form."""
    return lambda: body(client.get(FORM))


def test_the_form_is_read_from_the_database_once(visit: Any, django_assert_num_queries: Any) -> None:
    first = visit()
    with django_assert_num_queries(1):
        again = visit()
    assert "Check your answers" in again
    assert len(first) == len(again)


def change_profile() -> None:
    ClinicProfile.objects.update(telephone="+1 555 010 7777")


def pause() -> None:
    IntakePause.objects.create(message="We move house: 7777.", begins=date(2020, 1, 1))


def change_question() -> None:
    ScreeningQuestion.objects.filter(active=True).update(words="Is it 7777?")
    sign_words(logged_in(clara()))


def publish_topic() -> None:
    pages.changed("/sleep/", title="Sleep 7777", nav_order=1)


@pytest.mark.parametrize("change", [change_profile, pause, change_question, publish_topic])
def test_each_change_is_seen_at_once(visit: Any, change: Any) -> None:
    assert "7777" not in visit()
    change()
    assert "7777" in visit()


def test_a_pause_says_from_when_one_can_ask_again(visit: Any) -> None:
    IntakePause.objects.create(message="We are away.", begins=date(2020, 1, 1), until=date(2099, 1, 1))
    words = plain_words(visit())
    assert "We are away. You can send a request here again from Friday, January 2 ." in words
    assert "If it can’t wait: In an emergency: Call 112 ." in words


def test_of_pauses_that_overlap_the_last_says_from_when_one_can_ask_again(visit: Any) -> None:
    IntakePause.objects.create(message="We are away.", begins=date(2020, 1, 1), until=date(2099, 1, 1))
    IntakePause.objects.create(message="The computers move.", begins=date(2021, 1, 1), until=date(2098, 1, 1))
    IntakePause.objects.create(message="Carnival.", begins=date(2099, 1, 2), until=date(2099, 1, 3))
    assert "again from Sunday, January 4 ." in plain_words(visit())
    IntakePause.objects.create(message="Nobody knows.", begins=date(2099, 1, 4))
    assert "again from" not in visit()


def test_a_pause_without_an_end_names_no_day(visit: Any) -> None:
    IntakePause.objects.create(message="We are away.", begins=date(2020, 1, 1))
    assert "again from" not in visit()


@pytest.mark.parametrize("path", ["/", "/contact/"])
def test_beside_the_opening_hours_stands_that_the_form_alone_is_paused(client: Client, path: str) -> None:
    """“Open now” was said of all of the clinic, and the button below it led to a form that takes nothing."""
    clinic(telephone="(212) 555-0140", opening_hours="Daily, 9 am to 5 pm")
    assert "paused" not in body(client.get(path))
    made = IntakePause.objects.create(message="We are away.", begins=date(2020, 1, 1), until=date(2099, 1, 1))
    said = "The request form is paused until Friday, January 2 . You can still call us."
    assert said in plain_words(body(client.get(path)))
    IntakePause.objects.filter(pk=made.pk).update(until=None)
    ClinicProfile.objects.update(telephone="")
    words = plain_words(body(client.get(path)))
    assert "The request form is paused for now." in words
    assert "call us" not in words


def test_the_end_of_a_pause_that_is_deleted_is_seen_at_once(visit: Any) -> None:
    pause()
    assert "7777" in visit()
    IntakePause.objects.all().delete()
    assert "Check your answers" in visit()


def test_inside_a_transaction_nothing_is_kept() -> None:
    """Its number may be rolled back, and given again to another change."""
    read = iter(range(9))
    kept = Kept(lambda: next(read))
    with transaction.atomic():
        assert [kept.get(), kept.get()] == [0, 1]
    assert kept.kept is None
