"""A note as a task for a colleague; and who else has the request open."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from education.accounts.models import User
from education.consultations.models import SealedNote
from education.core import sealing
from education.outbox.models import OutboxMessage
from tests import cast
from tests.consultations.asking import address, ingested
from tests.screens import body, plain_words

pytestmark = pytest.mark.usefixtures("clinic")
WORDS = "Ask Ana about her thyroid."


def days_from_now(count: int) -> date:
    return timezone.localdate() + timedelta(days=count)


def test_a_task_stands_sealed_on_the_request_and_without_its_words_on_the_desk_and_in_the_mail(
    desk: Client, ines: User
) -> None:
    row = ingested(full_name="Ana Ruiz")
    carl = cast.staff("carl", "intake")
    User.objects.filter(pk=carl.pk).update(email="carl@clinic.test")
    colleague = cast.logged_in(carl)
    tomorrow = days_from_now(1)
    typed = {"text": WORDS, "person": "carl", "due_on": f"{tomorrow}"}
    OutboxMessage.objects.all().delete()

    said = plain_words(body(desk.post(address(row, "task"), typed, follow=True)))
    assert "the task stands on the desk of carl" in said
    assert f"Task for carl, to be done by {date_format(tomorrow)}. {WORDS}" in said
    assert "Task assigned to carl, ines" in said

    mail = OutboxMessage.objects.get()
    assert sealing.open_sealed(bytes(mail.recipient), bound_to=mail.key)["to"] == "carl@clinic.test"
    assert f"{address(row)}#note-1" in mail.body
    assert not re.search("Ana|thyroid", mail.subject + mail.body)

    SealedNote.objects.update(due_on=days_from_now(-1))
    shown = body(colleague.get("/admin/"))
    assert f'href="{address(row)}#note-1"' in shown
    assert f"Read it on the request Overdue: by {date_format(days_from_now(-1))}, on request" in plain_words(shown)
    assert re.search(r'href="#desk-tasks"><b>1</b> <span>is overdue', shown)
    assert not re.search("Ana Ruiz|thyroid", shown[shown.index("Tasks for you") :].partition("</section>")[0])

    done = address(row, "task/1/done")
    assert f'action="{done}"' in shown
    after = plain_words(body(colleague.post(done, {"from_desk": "1"}, follow=True)))
    assert f"Request {row.reference_shown}: task done." in after
    assert f"Done: 1 task Read it on the request On request {row.reference_shown}. carl, " in after
    assert "Done by carl on" in plain_words(body(desk.get(address(row))))
    colleague.post(address(row, "task/1/reopen"))
    assert SealedNote.objects.open_tasks().count() == 1


def test_each_button_on_a_request_with_two_tasks_says_what_it_is_for(desk: Client, ines: User) -> None:
    row = ingested()
    for words in (WORDS, "Send her the leaflet."):
        desk.post(address(row, "task"), {"text": words, "person": "ines", "due_on": f"{days_from_now(1)}"})
    page = body(desk.get(address(row))).partition("<dialog")[0]
    said = [plain_words(found) for found in re.findall(r"<button[^>]*>(.*?)</button>", page, re.DOTALL)]
    assert {f"The task is done : {WORDS}", "The task is done : Send her the leaflet."} <= set(said)
    assert [words for words in said if said.count(words) > 1] == []


def test_a_task_with_mistakes_says_what_to_do_and_keeps_what_was_typed(desk: Client, ines: User) -> None:
    row, outsider = ingested(), cast.erin_the_editor()
    typed = {"text": WORDS, "person": outsider.get_username(), "due_on": f"{days_from_now(-1)}"}
    said = plain_words(body(desk.post(address(row, "task"), typed)))
    assert "That day is past. Choose today or a later day." in said
    assert "This can’t be chosen any more. Choose another." in said  # erin may see no request
    assert WORDS in said
    empty = plain_words(body(desk.post(address(row, "task"))))
    assert "Write the note first. Choose whose task it is. Choose a day." in empty
    assert cast.logged_in(outsider).post(address(row, "task"), typed).status_code == 403
    assert not SealedNote.objects.exists()


def test_two_who_have_a_request_open_are_told_of_each_other(desk: Client, ines: User) -> None:
    row, other = ingested(), ingested("b")
    carl = cast.logged_in(cast.staff("carl", "intake"))
    assert "had this page open" not in body(desk.get(address(row)))
    assert "You may not be alone: ines had this page open at" in plain_words(body(carl.get(address(row))))
    assert "carl had this page open at" in plain_words(body(desk.get(address(row))))
    assert "had this page open" not in body(carl.get(address(other)))
