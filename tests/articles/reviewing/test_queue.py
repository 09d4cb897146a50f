"""The review queue: treatments first, the place remembered, the reading time given in minutes."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from education.articles.library.loading import load
from education.articles.models import Article
from education.articles.publishing import actions
from education.articles.publishing.signing import SignOffRequest
from education.articles.reviewing.queue import pages_to_review, time_in_words
from tests.articles.conftest import Write
from tests.cast import (
    ann,
    care,
    clara,
    complete,
    issued,
    key_points,
    known,
    logged_in,
    published,
    rewritten,
    seen,
    signed,
    staff,
    text,
)
from tests.queries import asked
from tests.screens import body, plain_words

pytestmark = pytest.mark.django_db
RUN = "/admin/education/article/review-run/"
LONG = text(f"<p>{' '.join(f'word-{number}' for number in range(1000))}</p>")


def sent(slug: str, **fields: Any) -> Article:
    draft = complete(slug, **fields)
    actions.submit(draft, by=clara())
    return draft


def due(slug: str) -> Article:
    """A live page whose review is due today."""
    draft = complete(slug)
    then = timezone.now() - timedelta(days=300)
    request = SignOffRequest(attested=True, next_review=timezone.localdate(then) + timedelta(days=300))
    actions.sign(draft, request=request, seen=seen(draft), by=clara(), now=then)
    actions.publish(draft, by=clara())
    return draft


def hurried(slug: str) -> Article:
    draft = complete(slug, kind="guide")
    actions.publish_unsigned(draft, reason="A recall.", by=clara())
    return draft


def at(draft: Article) -> str:
    return f"/admin/education/article/{draft.pk}/sign/?run=1"


def sign(client: Client, draft: Article) -> Any:
    return client.post(at(draft).partition("?")[0], {"seen": seen(draft), "kind": "full", "run": "1"})


def test_treatments_come_first_of_each_kind_of_waiting_with_the_reason_they_wait(doctor: Client) -> None:
    sent("privacy", kind="policy")
    sent("visit", kind="guide")
    sent("lupus")
    published("gout")
    sent("ldn", kind="treatment", blocks=[text(), key_points(), care(), known()])
    hurried("recall")
    due("psoriasis")
    issued(complete("fine"))
    assert [page.article.slug for page in pages_to_review(clara())] == [
        *("recall", "ldn", "lupus", "visit", "privacy", "gout", "psoriasis")
    ]
    page = plain_words(body(doctor.get(RUN)))
    for said in (
        "Recall Published urgently: patients read it unsigned. Guide, about 1 minute.",
        "Gout Patients read it unsigned. Condition",
        "Psoriasis Review due. Condition",
        "Lupus Sent for review. Condition",
    ):
        assert said in page
    assert "Fine" not in page
    assert "Treatments come first, then conditions, guides and policies." in page
    assert "Pages that were published urgently or sent for review come before all others." in page
    assert "riskiest" not in page


def test_the_reading_time_is_that_of_what_is_new_to_this_clinician(doctor: Client) -> None:
    draft = sent("lupus", blocks=[LONG, key_points(), care()])
    assert "1 page, about 6 minutes in all." in plain_words(body(doctor.get(RUN)))
    sign(doctor, draft)
    rewritten(draft, title="Lupus today")
    actions.submit(draft, by=clara())
    assert "1 page, about 1 minute in all." in plain_words(body(doctor.get(RUN)))


def test_a_long_time_is_told_in_hours() -> None:
    """Of 300 pages the screen said “about 475 minutes”."""
    assert [time_in_words(minutes) for minutes in (1, 90, 100, 475)] == ["1 minute", "90 minutes", "2 hours", "8 hours"]


def test_loaded_pages_that_nobody_edited_are_in_the_queue(
    doctor: Client, settings: Any, folder: Path, write: Write
) -> None:
    settings.TRIAL = False
    write()
    write(file="gout.md", slug="gout", title="Gout")
    load(folder, by=None, publish=False)
    page = plain_words(body(doctor.get(RUN)))
    assert "2 pages, about" in page
    assert "Lupus From the starter library. Condition, about" in page
    draft = Article.objects.get(slug="lupus")
    rewritten(draft, summary="Other words.")
    assert draft not in [page.article for page in pages_to_review(clara())]


def test_signing_leads_to_the_next_page_and_after_the_last_to_the_queue(doctor: Client) -> None:
    first, second = sent("lupus"), sent("visit", kind="guide")
    assert doctor.post(f"{RUN}start/")["Location"] == at(first)
    assert "2 pages to review." in plain_words(body(doctor.get(at(first))))
    assert sign(doctor, first)["Location"] == at(second)
    assert sign(doctor, second)["Location"] == RUN
    assert "Nothing waits for you." in body(doctor.get(RUN))


def test_sending_back_leads_to_the_next_page(doctor: Client) -> None:
    first, second = sent("lupus"), sent("visit", kind="guide")
    address = f"/admin/education/article/{first.pk}/send-back/"
    assert doctor.post(address, {"note": "No.", "run": "1"})["Location"] == at(second)


def test_a_page_that_was_sent_back_does_not_come_round_before_its_writers_sent_it_again(doctor: Client) -> None:
    """A page that patients read unsigned goes on waiting, and was the first of each new run."""
    first = published("ldn", kind="treatment", author=ann(), blocks=[text(), key_points(), care(), known()]).article
    other = published("gout", author=ann()).article
    assert doctor.post(f"{RUN}start/")["Location"] == at(first)
    rewritten(first, summary="Other words.")
    actions.submit(first, by=clara())
    doctor.post(f"/admin/education/article/{first.pk}/send-back/", {"note": "No.", "run": "1"})
    assert doctor.post(f"{RUN}start/")["Location"] == at(other)
    assert "Patients read it unsigned; it was sent back, and not sent again yet." in plain_words(body(doctor.get(RUN)))
    actions.submit(Article.objects.get(pk=first.pk), by=clara())
    assert doctor.post(f"{RUN}start/")["Location"] == at(first)


def test_the_place_is_remembered_and_skipped_pages_come_last(doctor: Client) -> None:
    first, second, third = sent("lupus"), sent("visit", kind="guide"), sent("privacy", kind="policy")
    doctor.post(f"{RUN}start/")
    skip = f"/admin/education/article/{first.pk}/skip/"
    assert doctor.get(skip)["Location"] == f"/admin/education/article/{first.pk}/sign/"
    assert doctor.post(skip, {"run": "1"})["Location"] == at(second)
    doctor.get(at(second))
    page = plain_words(body(logged_in(clara()).get(RUN)))  # another day, another log-in
    assert "Continue with “Visit”" in page
    assert page.index("Visit Sent for review") < page.index("Privacy Sent") < page.index("Lupus Sent")
    assert "Lupus Sent for review. Condition, about 1 minute. Skipped." in page
    assert doctor.post(f"{RUN}start/")["Location"] == at(first)
    assert [page.skipped for page in pages_to_review(clara())] == [False] * 3
    assert third in [page.article for page in pages_to_review(clara())]


def test_further_pages_take_no_further_query(doctor: Client) -> None:
    signed(sent("first"))
    sent("second")
    doctor.get(RUN)
    few = asked(lambda: doctor.get(RUN))
    for number in range(4):
        sent(f"page-{number}")
    assert asked(lambda: doctor.get(RUN)) == few


def test_a_live_unsigned_page_stays_on_every_list_whatever_becomes_of_its_draft(doctor: Client) -> None:
    """Four pages that patients read unsigned were on no list once somebody had saved their drafts."""
    for slug in ("gout", "lupus"):
        rewritten(published(slug, author=ann()).article, summary="Saved again.")
    rewritten(hurried("recall"), summary="Saved again.")
    rewritten(due("psoriasis"), summary="Saved again.")
    sent("visit", kind="guide")
    assert [page.article.slug for page in pages_to_review(clara())] == ["recall", "visit", "gout", "lupus", "psoriasis"]
    page = plain_words(body(doctor.get(RUN)))
    for said in (
        "Recall Published urgently: patients read it unsigned; its draft has other words, not sent for review yet.",
        "Gout Patients read it unsigned; its draft has other words, not sent for review yet.",
        "Psoriasis Review due; its draft has other words",
        "Visit Sent for review.",
    ):
        assert said in page
    desk = plain_words(body(doctor.get("/admin/")))
    assert "5 pages wait for review" in desk
    assert "Published without a signature 1 Recall" in desk
    assert "Pages that no clinician has reviewed yet Gout Lupus" in plain_words(
        body(logged_in(staff("edda", "editor")).get("/admin/"))
    )


def test_a_page_whose_new_words_are_signed_waits_for_its_publication_not_for_a_clinician() -> None:
    draft = hurried("recall")
    rewritten(draft, summary="Saved again.")
    signed(draft)
    assert pages_to_review(clara()) == []


def test_on_the_desk_drafts_that_were_sent_come_before_those_that_were_not() -> None:
    sent("sent-first")
    complete("written-later")
    desk = plain_words(body(logged_in(staff("edda", "editor")).get("/admin/")))
    drafts = desk[desk.index("Drafts not yet published") :]
    assert drafts.index("Sent-first") < drafts.index("Written-later")
