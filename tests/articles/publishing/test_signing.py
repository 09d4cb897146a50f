"""Who may sign what, in which way, and what patients then read about it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from education.accounts.models import User
from education.articles.finding.copies import copy
from education.articles.models import Article, ReviewNote, SignOff
from education.articles.publishing import actions
from education.articles.publishing.signing import SignOffRequest
from education.outbox.models import OutboxMessage
from education.people.models import Person
from tests.articles.clinician import LUPUS, other_clinician, screen, sign
from tests.cast import (
    article,
    care,
    clara,
    clinic,
    complete,
    erin_the_editor,
    issued,
    key_points,
    logged_in,
    published,
    rewritten,
    seen,
    signed,
    text,
)
from tests.screens import body, plain_words

pytestmark = pytest.mark.django_db


def test_content_that_changed_while_it_was_read_is_not_signed(doctor: Client) -> None:
    draft = complete()
    was = seen(draft)
    rewritten(draft, title="Lupus and you")
    refused = doctor.post(screen(draft), {"seen": was, "kind": "full"})
    assert refused.status_code == 409
    assert "The words were changed while you were reading. Look at them again, then sign." in body(refused)
    assert not SignOff.objects.exists()


def test_content_that_fails_the_gate_can_not_be_signed(doctor: Client) -> None:
    draft = complete(blocks=[key_points()])
    page = plain_words(body(doctor.get(screen(draft))))
    assert "This can’t be signed yet." in page
    assert "Sign the whole page" not in page
    refused = sign(doctor, draft)
    assert refused.status_code == 409
    assert "Add an urgent or emergency care card." in body(refused)
    assert not SignOff.objects.exists()


@pytest.mark.parametrize("kind", ["change", "nonsense", ""])
def test_signing_a_change_takes_an_earlier_full_review(doctor: Client, kind: str) -> None:
    draft = complete()
    refused = sign(doctor, draft, kind)
    assert refused.status_code in (409, 422)
    assert not SignOff.objects.exists()


def test_signing_a_change_does_not_replace_a_review_that_is_due(doctor: Client) -> None:
    draft = complete()
    now = timezone.now()
    actions.sign(draft, request=_request(), seen=seen(draft), by=clara(), now=now - timedelta(days=400))
    rewritten(draft, title="Other")
    refused = sign(doctor, draft, "change")
    assert "The full review of this page is overdue. Choose the full review." in body(refused)
    assert "Sign this change" not in body(doctor.get(screen(draft)))


def _request(**options: Any) -> Any:
    return SignOffRequest(attested=True, **options)


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "The next review must be later than today."), (400, "Your clinic reviews each page within 12 months.")],
)
def test_the_next_review_must_be_within_the_clinics_policy(doctor: Client, days: int, said: str) -> None:
    draft = complete()
    refused = sign(doctor, draft, next_review=str(timezone.localdate() + timedelta(days=days)))
    assert said in body(refused)
    assert not SignOff.objects.exists()
    sooner = timezone.localdate() + timedelta(days=90)
    sign(doctor, draft, next_review=str(sooner))
    assert SignOff.objects.get().next_review == sooner


# Own words


def test_own_writing_is_signed_only_after_attesting_and_patients_are_told(doctor: Client, client: Client) -> None:
    draft = complete()
    actions.draft_saved(_retitled(draft, "Lupus, by me"), by=clara())
    assert "I wrote some of these words." in plain_words(body(doctor.get(screen(draft))))
    refused = sign(doctor, draft)
    assert "Confirm that you have read them again as a reviewer." in body(refused)
    sign(doctor, draft, attested="on")
    actions.publish(draft, by=clara())
    page = plain_words(body(client.get(LUPUS)))
    assert "Reviewed by Dr Clara Kline, MD on" in page
    assert "Written and reviewed by the same clinician." in page


def _retitled(draft: Article, title: str) -> Article:
    draft.title = title
    draft.save(update_fields=["title"])
    return draft


def test_an_author_who_signs_must_attest_to_have_read_it_again(doctor: Client) -> None:
    me = Person.objects.get(account__username="clara")
    draft = complete(author=me)
    assert "Confirm that you have read them again" in body(sign(doctor, draft))


def test_other_peoples_writing_is_signed_without_attesting(doctor: Client, client: Client) -> None:
    draft = complete()
    actions.draft_saved(_retitled(draft, "By Erin"), by=erin_the_editor())
    assert "I wrote some of these words." not in plain_words(body(doctor.get(screen(draft))))
    sign(doctor, draft)
    actions.publish(draft, by=clara())
    assert "same clinician" not in body(client.get(LUPUS))


def test_a_clinic_may_require_a_second_person(doctor: Client) -> None:
    clinic(second_person_signs=True)
    draft = complete()
    actions.draft_saved(_retitled(draft, "Lupus, by me"), by=clara())
    assert "Your clinic asks a second person to sign" in plain_words(body(doctor.get(screen(draft))))
    refused = sign(doctor, draft, attested="on")
    assert "Your clinic asks a second person to sign them." in body(refused)
    assert not SignOff.objects.exists()
    sign(logged_in(other_clinician()), draft)
    assert SignOff.objects.get().signed_by == "dora"


def test_own_words_stay_own_words_on_every_way_to_a_signature(doctor: Client) -> None:
    clinic(second_person_signs=True)
    hurried, copied, back = complete(), complete("gout"), complete("celiac")
    for draft in (hurried, copied, back):
        actions.draft_saved(_retitled(draft, f"{draft.title}, by me"), by=clara())
    actions.publish_unsigned(hurried, reason="A recall.", by=clara())
    copied = copy(copied, by=erin_the_editor())
    sign(logged_in(other_clinician()), back)  # what she wrote was signed: from here on it is nobody's own
    actions.draft_saved(_retitled(back, "Mine again"), by=clara())
    actions.draft_saved(_retitled(back, "By Erin"), by=User.objects.get(username="erin"))
    sign(logged_in(User.objects.get(username="dora")), back)
    actions.restore(back.versions.get(content__contains="Mine again"), by=User.objects.get(username="erin"))
    for draft in (hurried, copied, back):
        refused = sign(doctor, draft, attested="on")
        assert "Your clinic asks a second person to sign them." in body(refused), draft.title
    sign(logged_in(User.objects.get(username="dora")), back)
    actions.restore(back.versions.get(content__contains="by me"), by=User.objects.get(username="erin"))
    assert "clara" not in Article.objects.get(pk=back.pk).writers


def test_a_signature_clears_the_list_of_writers(doctor: Client) -> None:
    draft = complete()
    actions.draft_saved(_retitled(draft, "Lupus, by me"), by=clara())
    sign(doctor, draft, attested="on")
    actions.draft_saved(_retitled(draft, "By Erin"), by=erin_the_editor())
    sign(doctor, draft, "change")
    assert SignOff.objects.first().self_reviewed is False  # type: ignore[union-attr]


# Live words


def test_a_review_without_changes_moves_the_dates_of_the_live_edition(doctor: Client, client: Client) -> None:
    draft = complete()
    now = timezone.now()
    actions.sign(draft, request=_request(), seen=seen(draft), by=other_clinician(), now=now - timedelta(days=360))
    edition = actions.publish(draft, by=clara())
    assert "Dr Dora Dean" in body(client.get(LUPUS))
    assert "Reviewed, nothing to change" in body(doctor.get(screen(draft)))
    sign(doctor, draft)
    draft.refresh_from_db()
    assert (draft.state, draft.current_edition) == ("published", edition)
    page = plain_words(body(client.get(LUPUS)))
    assert "Reviewed by Dr Clara Kline, MD on" in page
    assert "edition 1" in page
    assert "Dr Dora Dean" not in page


def test_signing_an_unsigned_publication_removes_its_banner(doctor: Client, client: Client) -> None:
    published("lupus", blocks=[text(), care(), key_points()], author=complete("other").author)
    draft = Article.objects.get(slug="lupus")
    assert "Not yet reviewed by a clinician." in body(client.get(LUPUS))
    sign(doctor, draft)
    assert "Not yet reviewed by a clinician." not in body(client.get(LUPUS))
    assert "Reviewed by Dr Clara Kline, MD" in plain_words(body(client.get(LUPUS)))


def test_the_page_tells_a_signed_change_from_the_full_review(client: Client) -> None:
    draft = complete()
    issued(draft)
    rewritten(draft, title="Lupus, newer")
    signed(draft, by=other_clinician(), kind="change")
    actions.publish(draft, by=clara())
    page = plain_words(body(client.get(LUPUS)))
    assert "Reviewed by Dr Clara Kline, MD on" in page
    assert "A later change was checked by Dr Dora Dean, MD on" in page


# Sending back, and notes


def test_sending_back_takes_a_note_and_mails_the_writers(doctor: Client) -> None:
    erin = erin_the_editor()
    erin.email = "erin@clinic.test"
    erin.save()
    draft = complete()
    actions.draft_saved(_retitled(draft, "By Erin"), by=erin)
    actions.submit(draft, by=erin)
    refused = doctor.post(screen(draft, "send-back"), {"note": " "})
    assert refused.status_code == 422
    assert "Write a note first: whoever wrote the page reads it." in body(refused)
    typed = {"note": "The dose is wrong.\nSee the label.", "from_signing": "1"}
    done = doctor.post(screen(draft, "send-back"), typed, follow=True)
    assert done.redirect_chain[-1][0] == screen(draft, "sign")  # the clinician stays where they read it
    assert "Sent back by clara" in plain_words(body(done))
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert ReviewNote.objects.get().words == "The dose is wrong.\nSee the label."
    assert "The dose is wrong." in body(logged_in(erin).get(screen(draft, "review")))
    mail = OutboxMessage.objects.get(subject="A page came back to you")
    assert "The dose is wrong" not in mail.body
    assert screen(draft, "review") in mail.body


def test_a_page_that_was_sent_back_has_to_be_signed_again(doctor: Client) -> None:
    draft = complete()
    signed(draft)
    doctor.post(screen(draft, "send-back"), {"note": "On second thoughts, no."})
    draft.refresh_from_db()
    assert (draft.state, draft.signature) == ("draft", None)
    with pytest.raises(actions.NotPublishable, match="No clinician has signed"):
        actions.publish(draft, by=clara())


def test_clinicians_are_mailed_once_for_the_same_content() -> None:
    clara().email = "clara@clinic.test"
    User.objects.filter(username="clara").update(email="clara@clinic.test")
    draft = complete()
    for _ in range(2):
        actions.submit(draft, by=clara())
        actions.send_back(draft, note="No.", by=clara())
    assert OutboxMessage.objects.filter(subject="A page waits for you").count() == 1


# The record


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE education_signoff SET name = 'other'",
        "DELETE FROM education_signoff",
        pytest.param(
            "INSERT OR REPLACE INTO education_signoff SELECT * FROM education_signoff WHERE true",
            marks=pytest.mark.sqlite,
        ),
    ],
)
def test_a_signature_can_not_be_changed(attack: str) -> None:
    signed(complete())
    with (
        pytest.raises(DatabaseError, match="A sign-off can't be changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(attack)


def test_a_signed_draft_can_not_be_deleted() -> None:
    draft = complete()
    signed(draft)
    actions.send_back(draft, note="No.", by=clara())
    erin = logged_in(erin_the_editor())
    assert erin.post(screen(draft, "delete"), {"post": "yes"}).status_code == 403
    assert erin.post(screen(article("gout"), "delete"), {"post": "yes"}).status_code == 302
