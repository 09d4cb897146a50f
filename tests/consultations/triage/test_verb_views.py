"""The buttons on a record."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from education.accounts.models import User
from education.audit.models import AuditEvent
from education.consultations.models import ConsultationRequest, ReplyTemplate
from education.consultations.public import actions
from education.outbox.actions import SECRET_PLACEHOLDER
from education.outbox.models import OutboxMessage
from tests import cast
from tests.consultations.asking import QUEUE, WHOLE, Page, address, ingested, next_monday
from tests.screens import body, edit, form_data, plain_words

pytestmark = pytest.mark.usefixtures("clinic")


def test_no_answer_and_voice_message_set_the_next_call_with_one_tap(desk: Client, ines: User) -> None:
    row = ingested(phone="5550100", call_morning="on", voicemail_ok="on")
    for verb in ("no_answer", "voicemail"):
        shown = desk.post(address(row, verb), follow=True).content.decode()
        assert "next try" in shown
        row.refresh_from_db()
        assert (row.status, row.assignee) == ("retry", ines)
        assert timezone.localtime(row.due_at).hour < 12
        assert row.due_at > timezone.now()
    assert "Voice message left" not in desk.get(address(ingested("b", phone="5550101"))).content.decode()


def test_a_time_to_call_back_is_stored_unless_it_has_passed(desk: Client) -> None:
    row = ingested(phone="5550100")
    at = next_monday(10)
    assert "This time has passed" in desk.post(address(row, "call_back"), {"at": "2020-01-01T10:00"}).content.decode()
    assert "Choose a day" in desk.post(address(row, "call_back")).content.decode()
    desk.post(address(row, "call_back"), typed(at))
    row.refresh_from_db()
    assert (row.status, row.due_at) == ("retry", at)


def test_a_time_to_call_back_is_refused_once_the_request_would_be_deleted(desk: Client) -> None:
    row = ingested(phone="5550100")
    last = timezone.localdate() + timedelta(days=30)
    ConsultationRequest.objects.update(delete_after=last)
    late = {"at": f"{last + timedelta(days=1):%Y-%m-%d}T10:00", "though_closed": "on", "text": "Half a note"}
    said = body(desk.post(address(row, "call_back"), late))
    assert f"The request is deleted after {date_format(last, 'DATE_FORMAT')}. Choose a time until then." in said
    assert "Half a note</textarea>" in said
    assert "Choose a time until then" in body(desk.post(address(row, "call_back"), late | {"at": "9999-12-31T20:00"}))
    row.refresh_from_db()
    assert row.status == "new"
    desk.post(address(row, "call_back"), late | {"at": f"{last:%Y-%m-%d}T10:00"})
    row.refresh_from_db()
    assert row.status == "retry"


def typed(at: datetime) -> dict[str, str]:
    return {"at": at.strftime("%Y-%m-%dT%H:%M")}


@pytest.mark.parametrize(("hour", "days_later", "opens_after"), [(3, 0, 0), (10, 6, 7)])  # at night, or on a Sunday
def test_a_call_at_a_time_when_the_clinic_is_closed_is_asked_about_once(
    desk: Client, hour: int, days_later: int, opens_after: int
) -> None:
    row, at = ingested(phone="5550100"), next_monday(hour) + timedelta(days=days_later)
    assert "though_closed" not in body(desk.get(address(row)))
    filled = typed(at) | {"text": "She works at night."}
    page = Page(desk.post(address(row, "call_back"), filled))
    opens = date_format(next_monday(9) + timedelta(days=opens_after), "WEEKDAY_TIME_FORMAT")
    assert f"The clinic is closed then, until {opens}" in plain_words(page.html)
    assert (page.by_id("id_at")["value"], "She works at night.</textarea>" in page.html) == (filled["at"], True)
    row.refresh_from_db()
    assert (row.status, row.notes.count()) == ("new", 0)
    box = page.by_id("id_though_closed")
    done = desk.post(address(row, "call_back"), filled | {box["name"]: "on"}, follow=True)
    assert "Your note is added" in body(done)
    row.refresh_from_db()
    assert (row.status, row.due_at, row.notes.count()) == ("retry", at, 1)


def test_the_time_of_the_first_contact_stays(desk: Client) -> None:
    row = ingested()
    desk.post(address(row, "contact"))
    row.refresh_from_db()
    first = row.contacted_at
    assert first
    desk.post(address(row, "needs_clinician"))
    desk.post(address(row, "contact"))
    row.refresh_from_db()
    assert row.contacted_at == first
    assert row.status == "contacted"


def test_a_red_request_is_booked_only_after_a_clinician_has_talked_to_the_patient(desk: Client, ines: User) -> None:
    row = ingested(screening_opioids="yes")
    clinician = cast.logged_in(cast.clara_the_clinician())
    for verb in ("book", "contact", "book", "needs_clinician", "book"):  # passed on is not talked to
        shown = desk.post(address(row, verb), follow=True).content.decode()
        assert ">Booked<" not in shown
    assert "is not booked: a clinician has to talk to the patient first" in shown
    assert "Give no advice on medicines or doses." in shown
    row.refresh_from_db()
    assert (row.status, row.assignee) == ("clinician", None)
    seen_by_clinician = clinician.get(address(row)).content.decode()
    assert ">Booked<" in seen_by_clinician
    assert "A clinician first, which is you" in seen_by_clinician
    assert "medicines or doses" not in seen_by_clinician  # which is for whoever is none
    clinician.post(address(row, "contact"))
    shown = desk.get(address(row)).content.decode()
    assert ">Booked<" in shown
    assert "do not book" not in shown
    desk.post(address(row, "book"))
    row.refresh_from_db()
    assert row.status == "booked"


def test_what_waits_for_a_clinician_is_not_passed_on_again_by_whoever_is_none(desk: Client) -> None:
    row = ingested(screening_opioids="yes")
    desk.post(address(row, "needs_clinician"))
    page = Page(desk.get(address(row)))
    buttons = {
        attrs["formaction"]: attrs["class"] for attrs in page.all("button") if attrs.get("form") == "record-form"
    }
    assert address(row, "needs_clinician") not in buttons
    assert buttons[address(row, "claim")] == "button button-secondary", "it would take it back from the clinicians"
    said = desk.post(address(row, "needs_clinician"), follow=True).content.decode()
    assert "waits for a clinician already." in said
    assert AuditEvent.objects.filter(verb="request_needs_clinician").count() == 1
    desk.post(address(row, "claim"))
    assert address(row, "needs_clinician") in {
        attrs.get("formaction") for attrs in Page(desk.get(address(row))).all("button")
    }
    desk.post(address(row, "needs_clinician"))  # whoever took it back may give it back
    row.refresh_from_db()
    assert (row.status, row.assignee) == ("clinician", None)
    for_a_clinician = Page(cast.logged_in(cast.clara_the_clinician()).get(address(row)))
    (claim,) = [attrs for attrs in for_a_clinician.all("button") if attrs.get("formaction") == address(row, "claim")]
    assert claim["class"] == "button"


def test_whoever_is_to_be_written_to_is_offered_the_mail_first_that_does_not_speak_of_calling(desk: Client) -> None:
    def offered(row: ConsultationRequest) -> list[str]:
        return re.findall(r"<summary>“([^”]*)”…</summary>", body(desk.get(address(row))))

    ReplyTemplate.objects.create(title="Another time", subject="Your request", words="When may we call you?")
    first, *others = offered(ingested("writes", access_needs="I am deaf. Please write."))
    assert (first, len(others)) == ("Please answer by e-mail", 4)
    assert offered(ingested("would rather", phone="5550100", contact_by="email")) == [first, *others]
    assert offered(ingested("calls", phone="5550100")) == sorted([first, *others])


def test_an_e_mail_is_sent_below_its_words(desk: Client) -> None:
    """One press of “Please call us” sent it, and its words were seen by a mouse at most."""
    shown = body(desk.get(address(ingested())))
    offered = re.findall(r"<summary>“[^”]*”…</summary>(.*?)</details>", shown, re.DOTALL)
    assert len(offered) == 4
    for reply, part in zip(ReplyTemplate.objects.order_by("title"), offered, strict=True):
        words, _, button = plain_words(part).partition(" Send this e-mail")
        assert (words, button.lstrip(" :")) == (f"{reply.subject} {reply.words}", reply.title)
        assert (part.count("<button"), "title=" in part) == (1, False)


def test_what_a_patient_sends_later_needs_a_clinician_again(desk: Client) -> None:
    row = ingested(screening_opioids="yes")
    cast.logged_in(cast.clara_the_clinician()).post(address(row, "contact"))
    ingested(screening_opioids="yes", screening_operation="yes")  # with the same form
    assert ">Booked<" not in desk.get(address(row)).content.decode()


def test_a_request_is_marked_as_spam_and_as_not_spam_again(desk: Client) -> None:
    row = ingested(website="x")
    assert row.status == "suspect"
    assert "May be spam" in desk.get(QUEUE).content.decode()
    desk.post(address(row, "spam"), follow=True)
    assert row.reference_shown not in desk.get(QUEUE).content.decode()
    desk.post(address(row, "not_spam"))
    row.refresh_from_db()
    assert (row.status, row.closed_at) == ("new", None)


def test_whoever_was_taken_for_spam_is_told_that_the_request_came_once_staff_say_that_it_is_none(desk: Client) -> None:
    row = ingested(website="x", mail_link="on")
    received = OutboxMessage.objects.filter(key=f"request/{row.reference}/patient/received")
    assert not received.exists()
    desk.post(address(row, "not_spam"))
    mail = received.get()
    assert row.reference_shown in mail.body
    assert SECRET_PLACEHOLDER in mail.body, "with the link that they asked for"
    desk.post(address(row, "spam"))
    desk.post(address(row, "not_spam"))
    assert received.count() == 1


def test_what_was_only_suspected_stays_due_when_its_patient_was_told(desk: Client) -> None:
    suspect, spam = ingested(website="x"), ingested("b", website="x")
    promised = timezone.now() + timedelta(hours=1)
    ConsultationRequest.objects.update(due_at=promised)
    desk.post(address(spam, "spam"))
    for row in (suspect, spam):
        desk.post(address(row, "not_spam"))
        row.refresh_from_db()
    assert suspect.due_at == promised
    assert spam.due_at > promised, "nobody waited for it while it was spam"


def test_a_fixed_reply_goes_out_without_a_word_about_health(desk: Client) -> None:
    row = ingested(**WHOLE)
    template = ReplyTemplate.objects.get(title="Please call us")
    assert "is on its way" in desk.post(address(row, "reply"), {"template": template.pk}, follow=True).content.decode()
    sent = OutboxMessage.objects.get(key__contains="/reply/")
    assert row.reference_shown in sent.body
    assert "555 0100" in sent.body
    assert not [value for value in WHOLE.values() if len(value) > 5 and value in sent.body + sent.subject]
    nobody = ingested("b", email="", phone="5550100")
    assert (
        "left no e-mail" in desk.post(address(nobody, "reply"), {"template": template.pk}, follow=True).content.decode()
    )
    assert desk.post(address(row, "reply"), {"template": "x"}).status_code == 404


@pytest.mark.parametrize("words", ["About your Fibromyalgia", "Your LDN prescription", "for the pain"])
def test_a_reply_template_that_mentions_health_is_refused(words: str) -> None:
    manager = cast.logged_in(cast.staff("mo", "manager"))
    path = "/admin/education/replytemplate/add/"
    filled = {"title": "T", "subject": words, "words": "Please call."}
    page = edit(manager, path, "_save", form_id="replytemplate_form", **filled)
    assert "Leave out what tells about health" in page.content.decode()
    assert not ReplyTemplate.objects.filter(title="T").exists()


def test_a_withdrawn_request_is_listed_and_opens_without_buttons(desk: Client) -> None:
    row = ingested(phone="5550100", email="")
    actions.withdraw(actions.Sender("one").token, contact="5550100")
    assert row.reference_shown in desk.get(f"{QUEUE}?status=withdrawn").content.decode()
    page = desk.get(address(row)).content.decode()
    assert not form_actions(page) & {"claim", "note", "contact"}
    assert form_data(page, "logout-form")


def form_actions(page: str) -> set[str]:
    return set(re.findall(r'action="/admin/education/consultationrequest/\d+/(\w+)/"', page))
