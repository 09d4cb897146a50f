"""What happens to pages with time: planned publication and withdrawal, reminders, banners."""

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from education.accounts.models import User
from education.articles.models import Article, Edition
from education.articles.publishing import actions, schedule
from education.articles.publishing.signing import SignOffRequest
from education.audit.models import AuditEvent
from education.outbox.models import OutboxMessage
from education.pages.models import PageVersion
from education.people.models import Person
from tests.cast import (
    care,
    clara,
    complete,
    erin_the_editor,
    issued,
    key_points,
    logged_in,
    rewritten,
    seen,
    signed,
    staff,
)
from tests.each import of_each
from tests.screens import body, edit, plain_words

pytestmark = pytest.mark.django_db
LUPUS = "/autoimmune-conditions/lupus/"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def address(draft: Article, name: str) -> str:
    return f"/admin/education/article/{draft.pk}/{name}/"


@pytest.fixture
def erin() -> User:
    user = erin_the_editor()
    user.email = "erin@clinic.test"
    user.save()
    return user


def planned(at: datetime, **how: Any) -> Article:
    draft = complete(**how)
    signed(draft)
    actions.schedule(draft, at=at, reason="As planned.", by=clara())
    return draft


def subjects() -> list[str]:
    return list(OutboxMessage.objects.order_by("id").values_list("subject", flat=True))


# Planned publication


def test_a_page_is_published_at_its_time_and_not_before(client: Client) -> None:
    at = timezone.now() + HOUR
    draft = planned(at)
    assert schedule.publish_due(now=at - timedelta(seconds=1)) == 0
    assert client.get(LUPUS).status_code == 404
    assert schedule.publish_due(now=at) == 1
    assert client.get(LUPUS).status_code == 200
    draft.refresh_from_db()
    assert (draft.state, draft.publish_at) == ("published", None)
    edition = Edition.objects.get()
    assert (edition.published_by, edition.reason) == ("the site, as planned", "As planned.")
    assert schedule.publish_due(now=at + HOUR) == 0


def test_a_planned_publication_is_made_up_for_after_a_time_without_worker(client: Client) -> None:
    planned(timezone.now() + HOUR)
    planned(timezone.now() + 2 * HOUR, slug="gout")
    assert schedule.publish_due(now=timezone.now() + 30 * DAY) == 2


def test_a_planned_page_that_no_longer_passes_is_not_published_and_its_owner_is_told_why(
    client: Client, erin: User
) -> None:
    draft = planned(timezone.now() + HOUR)
    Article.objects.update(owner=erin)
    Person.objects.filter(slug="ann-author").update(disclosure="")
    assert schedule.publish_due(now=timezone.now() + 2 * HOUR) == 0
    assert client.get(LUPUS).status_code == 404
    draft.refresh_from_db()
    assert (draft.state, draft.publish_at) == ("signed_off", None)
    mail = OutboxMessage.objects.get(subject="A planned publication did not happen")
    assert "The author, Ann Author, has no statement on conflicts of interest yet." in mail.body
    assert schedule.publish_due(now=timezone.now() + 3 * HOUR) == 0
    assert OutboxMessage.objects.count() == 1


def test_a_publication_is_planned_in_the_clinics_time_zone(settings: Any) -> None:
    settings.TIME_ZONE = "America/Chicago"
    with timezone.override("America/Chicago"):
        draft = complete()
        signed(draft)
        day = timezone.localdate() + DAY
        done = logged_in(clara()).post(address(draft, "schedule"), {"day": str(day), "time": "07:30"}, follow=True)
        assert "it will be published at its time." in body(done)
        draft.refresh_from_db()
        assert timezone.localtime(draft.publish_at).strftime("%Y-%m-%d %H:%M") == f"{day} 07:30"
        assert "It will be published on" in plain_words(body(done))


@of_each(
    [
        ({"day": ""}, "Choose a day."),
        ({"day": "2020-01-01"}, "That time has passed. Choose a later one."),
        ({"day": "next week"}, "Enter a valid date."),
        ({"day": "2099-01-01", "time": "25:00"}, "Enter a valid time."),
    ]
)
def test_an_impossible_time_is_refused_and_the_form_stays_filled_in(case: tuple[dict[str, str], str]) -> None:
    typed, said = case
    draft = complete()
    signed(draft)
    refused = logged_in(clara()).post(address(draft, "schedule"), typed | {"reason": "Because of the trial."})
    assert refused.status_code == 422
    assert said in body(refused)
    assert 'value="Because of the trial."' in body(refused)


def test_editing_a_scheduled_page_cancels_the_plan_and_says_so() -> None:
    draft = planned(timezone.now() + DAY)
    doctor = logged_in(clara())
    done = edit(doctor, address(draft, "change"), form_id="article_form", title="Other")
    told = plain_words(body(doctor.get(done["Location"])))
    assert "the signature no longer holds and the planned publication is off" in told
    draft.refresh_from_db()
    assert (draft.state, draft.publish_at) == ("draft", None)
    assert schedule.publish_due(now=timezone.now() + 2 * DAY) == 0


def test_a_planned_publication_can_be_cancelled() -> None:
    draft = planned(timezone.now() + DAY)
    logged_in(clara()).post(address(draft, "unschedule"))
    draft.refresh_from_db()
    assert (draft.state, draft.publish_at) == ("signed_off", None)


@pytest.mark.parametrize("mail", ["not_published", "expired"])
def test_what_nobody_can_be_told_of_does_not_happen_by_itself(mail: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The change and its mail are one transaction: a process that ends between them leaves neither."""
    draft = planned(timezone.now() + HOUR)
    if mail == "expired":
        actions.publish(draft, by=clara())
        actions.set_expiry(draft, at=timezone.now() + HOUR, by=clara())
    else:
        Person.objects.update(credentials="")
    before = Article.objects.get().state

    def ends(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr(schedule.mails, mail, ends)
    with pytest.raises(SystemExit):
        (schedule.expire_due if mail == "expired" else schedule.publish_due)(now=timezone.now() + 2 * HOUR)
    assert Article.objects.get().state == before


# Planned withdrawal, and withdrawal


def test_a_page_is_taken_down_at_its_time_and_its_owner_is_told_before_and_after(client: Client, erin: User) -> None:
    draft = issued(complete()).article
    Article.objects.update(owner=erin)
    at = timezone.now() + 10 * DAY
    actions.set_expiry(draft, at=at, by=clara())
    assert schedule.expire_due(now=at - 8 * DAY) == 0
    assert subjects() == []
    for _ in range(2):
        assert schedule.expire_due(now=at - 6 * DAY) == 0
    assert subjects() == ["A page will be taken down soon"]
    assert schedule.expire_due(now=at) == 1
    assert subjects()[1:] == ["A page was taken down as planned"]
    gone = client.get(LUPUS)
    assert gone.status_code == 410
    assert "It was only meant for a time, which has passed." in body(gone)


def test_a_withdrawn_page_says_so_at_its_address_and_is_listed_nowhere(client: Client) -> None:
    draft = issued(complete(aliases="SLE")).article
    refused = logged_in(clara()).post(address(draft, "withdraw"), {"reason": ""})
    assert "Say why: patients who look for the page read it." in body(refused)
    logged_in(clara()).post(address(draft, "withdraw"), {"reason": "The dose was wrong."})
    gone = client.get(LUPUS)
    assert gone.status_code == 410
    assert "“Lupus” was withdrawn on" in body(gone)
    assert "The dose was wrong." in body(gone)
    assert not gone.cookies
    for path in ("/", "/a-z/", "/search/?q=SLE", "/sitemap.xml", "/feed/", "/people/ann-author/"):
        assert LUPUS not in body(client.get(path)), path
    assert client.get("/autoimmune-conditions/").status_code == 404
    event = AuditEvent.objects.get(verb="article_withdraw")
    assert event.detail == {"edition": 1}


def test_a_withdrawn_page_needs_a_new_signature_to_come_back(client: Client) -> None:
    draft = issued(complete()).article
    actions.withdraw(draft, reason="Wrong.", by=clara())
    with pytest.raises(actions.NotPublishable):
        actions.publish(draft, by=clara())
    issued(draft)
    assert client.get(LUPUS).status_code == 200
    draft.refresh_from_db()
    assert (draft.withdrawn_at, draft.withdrawn_because) == (None, "")


def test_a_link_to_a_page_that_is_not_live_is_plain_text_until_it_is(client: Client) -> None:
    link = '<p>See <a href="/autoimmune-conditions/gout/">our page on gout</a> or <a href="/a-z/">all pages</a>.</p>'
    blocks = [{"type": "text", "body": link}]
    target = complete("gout")
    path = issued(complete(blocks=[*complete_words(), *blocks])).path

    def shown() -> bool:
        return '<a href="/autoimmune-conditions/gout/">our page on gout</a>' in body(client.get(path))

    assert not shown()
    assert "See our page on gout or" in plain_words(body(client.get(path)))
    assert '<a href="/a-z/">all pages</a>' in body(client.get(path))
    version = PageVersion.objects.get(path=path).version
    issued(target)
    assert shown()
    assert PageVersion.objects.get(path=path).version == version + 1
    actions.withdraw(target, reason="Wrong.", by=clara())
    assert not shown()
    assert PageVersion.objects.get(path=path).version == version + 2


def complete_words() -> list[dict[str, Any]]:
    return [key_points(), care()]


# The emergency path


def test_an_unsigned_publication_carries_a_banner_and_clinicians_are_mailed(client: Client, erin: User) -> None:
    User.objects.filter(pk=clara().pk).update(email="clara@clinic.test")
    draft = issued(complete()).article
    rewritten(draft, summary="Do not take capsules of lot 7.")
    editor = logged_in(erin)
    for typed in ({"reason": "A recall."}, {"sure": "on"}, {}):
        assert editor.post(address(draft, "publish-unsigned"), typed).status_code == 422
    editor.post(address(draft, "publish-unsigned"), {"reason": "A recall.", "sure": "on"})
    page = plain_words(body(client.get(LUPUS)))
    assert "Do not take capsules of lot 7." in page
    assert "Awaiting clinical review. We changed this page urgently" in page
    assert "more than three days" not in page
    assert "not yet in this edition; an earlier edition was reviewed by Dr Clara Kline, MD" in page
    assert subjects() == ["Published without a clinician: please look now"]
    desk = plain_words(body(editor.get("/admin/")))
    assert "Published without a signature" in desk


def test_after_three_days_the_banner_is_stronger_and_managers_are_mailed(client: Client, erin: User) -> None:
    User.objects.filter(pk=clara().pk).update(email="clara@clinic.test")
    manager = staff("maria", "manager")
    User.objects.filter(pk=manager.pk).update(email="maria@clinic.test")
    draft = complete()
    now = timezone.now()
    actions.publish_unsigned(draft, reason="A recall.", by=erin, now=now - 71 * HOUR)
    schedule.escalate(now=now)
    assert schedule.update_time_notices(now=now) == 0
    assert len(subjects()) == 1
    later = now + 2 * HOUR
    version = PageVersion.objects.get(path=LUPUS).version
    for _ in range(2):
        schedule.escalate(now=later)
        schedule.update_time_notices(now=later)
    assert subjects()[1:] == ["Still without a clinician's signature"] * 2
    assert PageVersion.objects.get(path=LUPUS).version == version + 1
    with patch("django.utils.timezone.now", return_value=later):
        page = plain_words(body(client.get(LUPUS)))
    assert "It has waited for more than three days." in page
    assert "Do not act on this page until you have asked your clinician." in page
    signed(draft)
    schedule.escalate(now=later + DAY)
    assert len(subjects()) == 3
    assert "Awaiting clinical review" not in body(client.get(LUPUS))


def test_an_unsigned_publication_still_needs_every_other_rule_to_pass(erin: User) -> None:
    draft = complete(summary="")
    refused = logged_in(erin).post(address(draft, "publish-unsigned"), {"reason": "A recall.", "sure": "on"})
    assert refused.status_code == 409
    assert "The summary is empty." in body(refused)
    assert not Edition.objects.exists()


# Reviews that come due


def reviewed(days_ago: int, **how: Any) -> Article:
    draft = complete(**how)
    now = timezone.now() - timedelta(days=days_ago)
    actions.sign(draft, request=SignOffRequest(attested=True), seen=seen(draft), by=clara(), now=now)
    if days_ago < 365:
        actions.publish(draft, by=clara())
    return draft


def due_of_a_page_owned_by(erin: User) -> datetime:
    """Noon of the day on which its review is due."""
    draft = reviewed(0)
    Article.objects.update(owner=erin)
    assert draft.review
    return datetime.combine(draft.review.next_review, datetime.min.time(), UTC) + 12 * HOUR  # type: ignore[arg-type]


def test_owners_are_reminded_60_30_and_7_days_ahead_and_when_it_is_due(erin: User) -> None:
    due = due_of_a_page_owned_by(erin)
    told = []
    for days in (90, 61, 60, 59, 31, 30, 29, 8, 7, 6, 1, 0, -1, -50):
        before = OutboxMessage.objects.count()
        schedule.remind(now=due - timedelta(days=days))
        if OutboxMessage.objects.count() > before:
            told.append(days)
    assert told == [60, 30, 7, 0]
    assert set(subjects()) == {"A page is due for review"}


def test_a_reminder_says_how_many_days_are_left_and_on_the_day_that_it_is_today(erin: User) -> None:
    due = due_of_a_page_owned_by(erin)
    said = []
    for days in (21, 1, 0):
        schedule.remind(now=due - timedelta(days=days))
        said.append(OutboxMessage.objects.latest("pk").body.splitlines()[0])
    on = date_format(due, "DATE_FORMAT")
    assert [line.partition(" is ")[2] for line in said] == [
        f"due on {on}, in 21 days.",
        f"due on {on}, in 1 day.",
        f"due today, {on}.",
    ]
    OutboxMessage.objects.all().delete()
    schedule.remind(now=due + timedelta(days=1))
    assert f"was due on {on}. Patients are told so." in OutboxMessage.objects.get().body


def test_reminders_of_a_page_without_an_owner_go_to_the_desk(settings: Any) -> None:
    settings.STAFF_MAIL = ["desk@clinic.test"]
    reviewed(330)
    Article.objects.update(owner=None)
    schedule.remind()
    assert OutboxMessage.objects.get().key.endswith("/desk/0")


def test_a_page_tells_patients_that_its_review_is_overdue_from_that_day(client: Client) -> None:
    draft = reviewed(0)
    assert draft.review
    assert "overdue" not in body(client.get(LUPUS))
    day_after = datetime.combine(draft.review.next_review + DAY, datetime.min.time(), UTC) + 12 * HOUR  # type: ignore[operator]
    version = PageVersion.objects.get(path=LUPUS).version
    assert [
        schedule.update_time_notices(now=day_after - DAY),
        schedule.update_time_notices(now=day_after),
        schedule.update_time_notices(now=day_after),
    ] == [
        0,
        1,
        0,
    ]
    assert PageVersion.objects.get(path=LUPUS).version == version + 1
    with patch("django.utils.timezone.now", return_value=day_after):
        assert "This page is overdue for review." in body(client.get(LUPUS))
        signed(draft)
    assert schedule.update_time_notices(now=day_after) == 1
