"""A form of the staff area that comes twice is answered once."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from education.clinic.models import ClinicProfile
from education.consultations.models import ConsultationRequest, ReplyTemplate, SealedNote
from education.once import actions
from education.once.models import AnsweredForm
from education.outbox.models import OutboxMessage
from tests import cast
from tests.consultations import asking
from tests.consultations.asking import QUEUE, Page, address, ingested

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines(own_keys: Any) -> Client:
    """Her browser, which Django's check of tokens looks at."""
    cast.clinic()
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.ines_at_intake())
    return client


@pytest.fixture
def row(ines: Client) -> ConsultationRequest:
    return ingested()


def form(client: Client, path: str) -> dict[str, str]:
    return {"csrfmiddlewaretoken": Page(client.get(path)).values()["csrfmiddlewaretoken"]}


def twice(client: Client, path: str, sent: dict[str, str]) -> tuple[Any, Any]:
    first, second = client.post(path, sent), client.post(path, sent)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    return first, second


def test_two_taps_add_one_note_and_say_that_it_was_added(ines: Client, row: ConsultationRequest) -> None:
    _, second = twice(ines, address(row, "note"), form(ines, address(row)) | {"text": "Called"})
    assert SealedNote.objects.count() == 1
    shown = ines.get(second["Location"]).content.decode()
    assert "note added" in shown
    assert "not done a second time" not in shown


def test_two_taps_send_one_mail(ines: Client, row: ConsultationRequest) -> None:
    template = ReplyTemplate.objects.get(title="Please call us")
    twice(ines, address(row, "reply"), form(ines, address(row)) | {"template": str(template.pk)})
    assert OutboxMessage.objects.filter(key__contains="/reply/").count() == 1


def test_two_taps_enter_one_request_by_telephone(ines: Client) -> None:
    page = Page(ines.get(f"{QUEUE}add/")).values() | asking.SHORTEST | {"phone": "5550100"}
    twice(ines, f"{QUEUE}add/", page)
    assert ConsultationRequest.objects.count() == 1


def test_two_taps_add_one_row_of_djangos_own_screens() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.staff("mo", "manager"))
    path = "/admin/education/replytemplate/add/"
    twice(
        client, path, form(client, path) | {"title": "T", "subject": "Hello", "words": "Please write.", "active": "on"}
    )
    assert ReplyTemplate.objects.filter(subject="Hello").count() == 1


def test_other_words_from_the_same_page_are_another_note(ines: Client, row: ConsultationRequest) -> None:
    page = form(ines, address(row))
    for words in ("Called", "Called, and she will call back"):
        ines.post(address(row, "note"), page | {"text": words})
    assert SealedNote.objects.count() == 2


def test_the_same_words_from_a_page_opened_later_are_meant(ines: Client, row: ConsultationRequest) -> None:
    for _ in range(2):
        ines.post(address(row, "note"), form(ines, address(row)) | {"text": "No answer"})
    assert SealedNote.objects.count() == 2


def test_a_page_with_an_error_is_no_answer(ines: Client, row: ConsultationRequest) -> None:
    page = form(ines, address(row)) | {"text": "x" * 5001}
    for _ in range(2):
        assert "Shorten it to 5,000" in ines.post(address(row, "note"), page).content.decode()
    assert not AnsweredForm.objects.exists()


def test_a_button_pressed_again_much_later_says_why_nothing_was_done(ines: Client, row: ConsultationRequest) -> None:
    page = form(ines, address(row)) | {"text": "Called"}
    ines.post(address(row, "note"), page)
    AnsweredForm.objects.update(answered_at=timezone.now() - timedelta(minutes=5))
    assert "not done a second time" in ines.post(address(row, "note"), page, follow=True).content.decode()
    assert SealedNote.objects.count() == 1


def test_answered_forms_are_forgotten_after_an_hour_and_hold_no_words(ines: Client, row: ConsultationRequest) -> None:
    ines.post(address(row, "note"), form(ines, address(row)) | {"text": "Called"})
    answered = AnsweredForm.objects.get()
    assert (len(answered.key), answered.answer) == (64, address(row))
    assert actions.delete_old(timezone.now() + timedelta(minutes=59)) == 0
    assert actions.delete_old(timezone.now() + timedelta(minutes=61)) == 1


def test_a_failure_leaves_nothing_half_done(
    ines: Client, row: ConsultationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    ines.raise_request_exception = False
    page = form(ines, address(row)) | {"text": "Called"}
    with monkeypatch.context() as broken:
        broken.setattr("django.contrib.messages.success", fail)
        assert ines.post(address(row, "note"), page).status_code == 500
    assert not SealedNote.objects.exists()
    assert ines.post(address(row, "note"), page).status_code == 302
    assert SealedNote.objects.count() == 1
    assert ClinicProfile.load().name
