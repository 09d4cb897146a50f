"""What somebody had who can't do it any more is nobody's, and so it is on everybody's desk."""

from datetime import timedelta

import pytest
from django.utils import timezone

from education.accounts import actions as accounts
from education.accounts import roles
from education.accounts.models import User
from education.articles.commenting import actions as commenting
from education.colleagues.models import Whose
from education.consultations.models import ConsultationRequest, SealedNote
from education.consultations.triage import actions as triage
from tests.cast import article, logged_in, staff
from tests.desk.reading import desk
from tests.desk.test_desk import request
from tests.screens import body, plain_words

pytestmark = pytest.mark.django_db
QUEUE = "/admin/education/consultationrequest/"
HEADING = "Tasks that nobody has any more"


def task_for(person: User) -> Whose:
    return Whose(person, timezone.localdate() + timedelta(days=3))


@pytest.fixture
def kim() -> User:
    """Has a task on a page, a task on a request, and a request."""
    kim, pat = staff("kim", "editor", "intake"), staff("pat", "editor", "intake")
    commenting.add(article("lupus"), "Count the words.", by=pat, task=task_for(kim))
    triage.add_note(request(1), text="Ask for the leaflet.", by=pat, task=task_for(kim))
    triage.claim(request(2), by=kim)
    return kim


def test_nothing_is_left_behind_by_somebody_who_works_here(kim: User) -> None:
    said = desk("editor", "intake")
    assert HEADING not in said
    assert "nobody has" not in said


def test_what_somebody_had_who_is_switched_off_is_on_every_desk(kim: User) -> None:
    accounts.disable_staff(kim, by=None)
    said = desk("editor", "intake")
    assert f"{HEADING} 2" in said
    assert "Count the words. It was for kim, by" in said
    assert "Read it on the request It was for kim, by" in said
    assert "Whom they were for can’t do them now: the account is switched off, or has another role." in said
    assert "1 request that nobody has any more" in said


def test_each_is_on_the_desk_of_those_who_may_do_it(kim: User) -> None:
    accounts.disable_staff(kim, by=None)
    editor, intake = desk("editor", username="ed"), desk("intake", username="ina")
    assert f"{HEADING} 1 " in editor
    assert "Count the words." in editor
    assert f"{HEADING} 1 " in intake
    assert "Count the words." not in intake
    assert HEADING not in desk("administrator", username="ada")


def test_whoever_has_another_role_now_has_left_it_behind_too(kim: User) -> None:
    roles.assign(kim, "editor", by=None)
    said = desk("editor", "intake")
    assert f"{HEADING} 1 " in said
    assert "1 request that nobody has any more" in said
    roles.assign(kim, "editor", "intake", by=None)
    assert HEADING not in desk("editor", "intake", username="una")


def test_whoever_does_one_presses_done(kim: User) -> None:
    accounts.disable_staff(kim, by=None)
    note = SealedNote.objects.get()
    lea = logged_in(staff("lea", "intake"))
    after = plain_words(body(lea.post(note.done_address, {"from_desk": "1"}, follow=True)))
    assert HEADING not in after
    note.refresh_from_db()
    assert note.done_by == "lea"


def test_the_queue_shows_such_requests_and_whoever_acts_on_one_has_it(kim: User) -> None:
    lea = logged_in(staff("lea", "intake"))
    assert "Left behind" not in plain_words(body(lea.get(QUEUE)))
    accounts.disable_staff(kim, by=None)
    listed = plain_words(body(lea.get(f"{QUEUE}?only=left")))
    assert "Left behind 1" in listed
    assert "Claimed nobody’s now" in listed
    assert "ABCD0001" not in listed
    row = ConsultationRequest.objects.get(reference="ABCD0002")
    record = f"{QUEUE}{row.pk}/"
    said = plain_words(body(lea.get(f"{record}change/")))
    assert "with kim, who can’t work on it any more: it is nobody’s now" in said
    assert "Take over" not in said
    triage.mark_contacted(row, by=User.objects.get(username="lea"))
    row.refresh_from_db()
    assert row.assignee == User.objects.get(username="lea")
    assert "ABCD0002" not in plain_words(body(lea.get(f"{QUEUE}?only=left")))
