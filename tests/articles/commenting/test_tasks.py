"""Tasks: what one colleague leaves for another on a page, with a day, which stands on the desk of whoever does it."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from education.articles.commenting.models import BlockComment
from education.articles.content.canonical import draft_blocks
from education.articles.models import Article
from education.core import sealing
from education.outbox.models import OutboxMessage
from tests import cast
from tests.screens import body, plain_words

pytestmark = pytest.mark.django_db


def days_from_now(count: int) -> date:
    return timezone.localdate() + timedelta(days=count)


def screen(draft: Article, name: str) -> str:
    return f"/admin/education/article/{draft.pk}/{name}/"


def leave(client: Client, draft: Article, words: str, day: date, *, person: str = "clara", block: str = "") -> Any:
    given = {"words": words, "person": person, "due_on": str(day), "block": block}
    return client.post(screen(draft, "task"), given, follow=True)


def on_the_desk(client: Client) -> str:
    words = plain_words(body(client.get("/admin/")))
    return words.partition("Tasks for you")[2].partition("Everything you may open")[0]


def press(client: Client, address: str) -> str:
    """The button on the desk with this address; what is said then."""
    html = body(client.get("/admin/"))
    assert f'action="{address}"' in html
    return plain_words(body(client.post(address, {"from_desk": "1"}, follow=True)))


def test_tasks_stand_on_the_desk_of_their_person_by_day_until_done_and_again_when_reopened(
    erin: Client, doctor: Client
) -> None:
    draft = cast.complete("lupus", blocks=[cast.text("<p>Old words.</p>"), cast.steps("How to begin")])
    steps = draft_blocks(draft)[1]
    leave(erin, draft, "Find a newer study.", days_from_now(2))
    leave(erin, draft, "Check the dose.", days_from_now(9), block=f"{steps.block_type}-{steps.pk}")
    assert not on_the_desk(erin)
    late = BlockComment.objects.get(words="Check the dose.")
    BlockComment.objects.filter(pk=late.pk).update(due_on=days_from_now(-1))
    assert re.match(
        r" 2 Check the dose\. Overdue: .*“Lupus”, from erin Done.*Find a newer study\. by ", on_the_desk(doctor)
    )

    for name in ("change", "review"):
        said = plain_words(body(erin.get(screen(draft, name))))
        assert f"Overdue. Task for clara, to be done by {date_format(days_from_now(-1))}. Check the dose." in said
    assert "The whole page" in said

    assert "Marked as done." in press(doctor, screen(draft, f"comments/{late.pk}/done"))
    assert re.match(r" 1 Find a newer study\..*Done: 1 task Check the dose\. On “Lupus”\. clara, ", on_the_desk(doctor))
    assert "Open again." in press(doctor, screen(draft, f"comments/{late.pk}/reopen"))
    assert on_the_desk(doctor).startswith(" 2 Check the dose. Overdue:")


def test_who_gets_a_task_gets_a_mail_without_a_word_of_it(erin: Client) -> None:
    draft = cast.complete("lupus", blocks=[cast.text("<p>Old words.</p>")])
    clara = cast.clara()
    clara.email = "clara@clinic.test"
    clara.save()
    leave(erin, draft, "Secret words for @clara.", days_from_now(0))
    mail = OutboxMessage.objects.get()
    assert sealing.open_sealed(bytes(mail.recipient), bound_to=mail.key)["to"] == "clara@clinic.test"
    assert f"{screen(draft, 'review')}#comment-{BlockComment.objects.get().pk}" in mail.body
    assert date_format(days_from_now(0)) in mail.body
    assert not re.search("Secret|Old words", mail.subject + mail.body)


def test_a_task_with_mistakes_says_what_to_do_and_keeps_what_was_typed(erin: Client) -> None:
    draft = cast.complete("lupus", blocks=[cast.text("<p>Old words.</p>")])
    outsider = cast.logged_in(cast.ines_at_intake())
    response = leave(erin, draft, "Check it.", days_from_now(-1), person="ines")
    said = plain_words(body(response))
    assert response.status_code == 422
    assert "That day is past. Choose today or a later day." in said
    assert "This can’t be chosen any more. Choose another." in said  # ines may not see pages
    assert "Check it." in said
    assert leave(outsider, draft, "Check it.", days_from_now(1)).status_code == 403
    assert not BlockComment.objects.exists()
