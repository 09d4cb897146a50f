"""Triage: the order of the queue, one tap each, and what leaves the site only with a reason."""

import csv
from datetime import UTC, datetime, time, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from education.accounts.models import User
from education.audit.models import AuditEvent
from education.clinic.hours import Hours
from education.clinic.models import ClinicProfile
from education.consultations.disclosure import actions as disclosure
from education.consultations.models import BlindIndexEntry, ConsultationRequest, ReplyTemplate, SealedNote
from education.consultations.triage import actions as triage
from education.consultations.triage import chart, queue
from education.consultations.triage.next_call import next_try
from education.consultations.triage.queue import Filter
from education.consultations.triage.record import open_row
from education.consultations.upkeep import ingest, retention
from education.outbox.models import OutboxMessage
from tests import cast
from tests.consultations import asking
from tests.consultations.asking import WHOLE, Page
from tests.screens import edit, form_data

pytestmark = pytest.mark.usefixtures("clinic")
QUEUE = "/admin/education/consultationrequest/"
MONDAY_NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)


@pytest.fixture
def mona(db: None, settings: Any, tmp_path: Any) -> Client:
    """Manager and intake: may export and erase. Has just typed the password again."""
    settings.BACKUP_DIR = tmp_path / "backups"
    cast.staff("mona", "manager", "intake")
    client = Client()
    client.post("/accounts/login/", {"login": "mona", "password": cast.PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": cast.PASSWORD})
    return client


def ingested(nonce: str = "one", **typed: str) -> ConsultationRequest:
    row = asking.request(nonce, **typed)
    ingest.ingest_new()
    row.refresh_from_db()
    return row


def address(row: ConsultationRequest, verb: str = "change") -> str:
    return f"{QUEUE}{row.pk}/{verb}/"


def due(row: ConsultationRequest, hours: float, **fields: Any) -> ConsultationRequest:
    at = timezone.now() + timedelta(hours=hours)
    ConsultationRequest.objects.filter(pk=row.pk).update(due_at=at, **fields)
    return row


def test_urgent_overdue_red_amber_plain_and_calls_agreed_for_later_come_in_this_order(ines: User) -> None:
    later = due(asking.request("later", screening_opioids="yes"), 1, status="retry")
    plain = due(asking.request("plain"), 2)
    sooner = due(asking.request("sooner"), 1)
    amber = due(asking.request("amber", screening_pregnancy="talk"), 9)
    red = due(asking.request("red", screening_opioids="yes"), 9)
    overdue = due(asking.request("overdue"), -1)
    long_overdue = due(asking.request("long"), -9)
    urgent = due(asking.request("urgent", screening_self_harm="yes"), 9)
    expected = [urgent, long_overdue, overdue, red, amber, sooner, plain, later]
    rows, more = queue.page(Filter(), 1, by=ines)
    assert rows == expected
    assert not more


def test_every_request_is_on_exactly_one_page(ines: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "PAGE", 3)
    made = {asking.request(f"n{n}", **({"screening_opioids": "yes"} if n % 2 else {})) for n in range(8)}
    pages = [queue.page(Filter(), number, by=ines) for number in (1, 2, 3)]
    assert [len(rows) for rows, _ in pages] == [3, 3, 2]
    assert [more for _, more in pages] == [True, True, False]
    assert {row for rows, _ in pages for row in rows} == made


def test_mine_and_overdue_can_be_chosen(desk: Client, ines: User) -> None:
    mine, late, other = asking.request("mine"), due(asking.request("late"), -1), asking.request("other")
    triage.claim(mine, by=ines)
    for query, expected in {
        "?only=mine": {mine},
        "?only=overdue": {late},
        "?only=nonsense": {mine, late, other},
    }.items():
        shown = desk.get(QUEUE + query).content.decode()
        assert {row for row in (mine, late, other) if row.reference in shown} == expected, query


def test_a_request_becomes_overdue_by_the_clinics_own_hours(clinic: ClinicProfile) -> None:
    hours = Hours.of(clinic)
    friday = datetime(2026, 3, 13, 16, tzinfo=UTC)
    assert hours.deadline(friday, 2) == datetime(2026, 3, 17, 17, tzinfo=UTC)
    assert hours.deadline(friday + timedelta(days=1), 1) == datetime(2026, 3, 16, 17, tzinfo=UTC)
    assert hours.open_time(friday, datetime(2026, 3, 16, 10, tzinfo=UTC)) == timedelta(hours=2)
    assert hours.in_words(timedelta(hours=17)) == "2 working days"
    assert hours.in_words(timedelta(minutes=61)) == "1 working hour"
    assert hours.in_words(timedelta(seconds=20)) == "less than a minute"
    assert hours.in_words(timedelta()) == ""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", "Mon 15:00"),
        ("whenever", "Mon 15:00"),
        ("Weekday mornings", "Tue 09:00"),
        ("After 4 in the afternoon", "Mon 16:00"),
        ("after 4", "Mon 16:00"),
        ("not before 10", "Mon 15:00"),
        ("Thursday mornings, before 11", "Thu 09:00"),
        ("before 10 am", "Tue 09:00"),
        ("Sundays", "Mon 15:00"),
        ("after 9 pm", "Mon 15:00"),
        ("from 99", "Mon 15:00"),
    ],
)
def test_the_next_try_falls_within_good_times_as_far_as_they_can_be_read(
    clinic: ClinicProfile, words: str, expected: str
) -> None:
    assert f"{next_try(words, hours=Hours.of(clinic), now=MONDAY_NOON):%a %H:%M}" == expected


def test_no_answer_and_a_voice_message_set_the_next_try_with_one_tap(desk: Client, ines: User) -> None:
    row = ingested(phone="5550100", best_times="mornings", voicemail_ok="on")
    for verb in ("no_answer", "voicemail"):
        shown = desk.post(address(row, verb), follow=True).content.decode()
        assert "next try" in shown
        row.refresh_from_db()
        assert (row.status, row.assignee) == ("retry", ines)
        assert timezone.localtime(row.due_at).hour < 12
        assert row.due_at > timezone.now()
    assert "Voice message left" not in desk.get(address(ingested("b", phone="5550101"))).content.decode()


def test_a_time_to_call_back_is_kept_and_a_past_one_named(desk: Client) -> None:
    row = ingested(phone="5550100")
    at = (timezone.localtime() + timedelta(days=1)).replace(second=0, microsecond=0)
    assert "This time is past" in desk.post(address(row, "call_back"), {"at": "2020-01-01T10:00"}).content.decode()
    assert "Choose a day" in desk.post(address(row, "call_back")).content.decode()
    desk.post(address(row, "call_back"), {"at": at.strftime("%Y-%m-%dT%H:%M")})
    row.refresh_from_db()
    assert (row.status, row.due_at) == ("retry", at)


def test_the_first_contact_counts_and_a_clinician_takes_over_from_nobody(desk: Client) -> None:
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


def test_spam_and_back(desk: Client) -> None:
    row = ingested(website="x")
    assert row.status == "suspect"
    assert "May be spam" in desk.get(QUEUE).content.decode()
    desk.post(address(row, "spam"), follow=True)
    assert row.reference not in desk.get(QUEUE).content.decode()
    desk.post(address(row, "not_spam"))
    row.refresh_from_db()
    assert (row.status, row.closed_at) == ("new", None)


def test_others_of_the_same_person_are_hinted_at(desk: Client) -> None:
    row = ingested(**WHOLE | {"phone": "+1 (555) 010-1234"})
    same = [
        ingested("a", full_name="A. Ruiz", email="ANA@example.org"),
        ingested("b", full_name="Somebody", email="b@example.org", phone="0049 555 010 1234"),
    ]
    other = ingested("c", full_name="Ana Stone", email="c@example.org")
    assert "Perhaps from the same person" not in desk.get(address(other)).content.decode()
    page = desk.get(address(row)).content.decode()
    for twin in same:
        assert twin.reference in page
        assert row.reference in desk.get(address(twin)).content.decode()
    assert other.reference not in page


def test_the_same_name_and_birthday_is_hinted_at_too(desk: Client) -> None:
    born = {name: WHOLE[name] for name in WHOLE if name.startswith("date_of_birth")}
    row = ingested(full_name="Ana Ruiz", email="x@example.org", **born)
    twin = ingested("b", full_name="Ruiz Ana", email="y@example.org", **born)
    assert twin.reference in desk.get(address(row)).content.decode()


def test_a_fixed_reply_goes_out_without_a_word_about_health(desk: Client) -> None:
    row = ingested(**WHOLE)
    template = ReplyTemplate.objects.get(title="Please call us")
    assert "is on its way" in desk.post(address(row, "reply"), {"template": template.pk}, follow=True).content.decode()
    sent = OutboxMessage.objects.get(key__contains="/reply/")
    assert row.reference in sent.body
    assert "555 0100" in sent.body
    assert not [value for value in WHOLE.values() if len(value) > 5 and value in sent.body + sent.subject]
    nobody = ingested("b", email="", phone="5550100")
    assert (
        "left no e-mail" in desk.post(address(nobody, "reply"), {"template": template.pk}, follow=True).content.decode()
    )
    assert desk.post(address(row, "reply"), {"template": "x"}).status_code == 404


@pytest.mark.parametrize("words", ["About your Fibromyalgia", "Your LDN prescription", "for the pain"])
def test_a_reply_that_tells_about_health_is_refused(words: str) -> None:
    manager = cast.logged_in(cast.staff("mo", "manager"))
    path = "/admin/education/replytemplate/add/"
    filled = {"title": "T", "subject": words, "words": "Please call."}
    page = edit(manager, path, "_save", form_id="replytemplate_form", **filled)
    assert "Leave out what tells about health" in page.content.decode()
    assert ReplyTemplate.objects.count() == 3


def test_the_chart_text_holds_it_all_and_is_audited(desk: Client, ines: User) -> None:
    row = ingested(**WHOLE)
    triage.add_note(row, text="Called twice", by=ines)
    assert desk.get(address(row, "copy")).status_code == 405
    text = desk.post(address(row, "copy")).content.decode()
    for said in (row.reference, "Lupus", "Called twice", "(for clinicians only)"):
        assert said in text
    assert "I would rather talk about it" not in text.partition("opioid or alcohol use")[2][:60]
    assert AuditEvent.objects.filter(verb="request_copied", about=row.about, actor="ines").exists()


def test_prints_are_audited(desk: Client) -> None:
    row = ingested(**WHOLE)
    assert "Lupus" in desk.post(address(row, "print")).content.decode()
    assert row.reference in desk.post(f"{QUEUE}print/", {"status": "", "only": "", "page": "1"}).content.decode()
    assert AuditEvent.objects.filter(verb="request_printed", about=row.about).exists()
    assert AuditEvent.objects.get(verb="requests_printed").detail == {"references": row.reference}


def test_a_request_by_telephone_is_marked_with_who_took_it(desk: Client) -> None:
    page = Page(desk.get(f"{QUEUE}add/"))
    refused = desk.post(f"{QUEUE}add/", page.values() | {"consent": "on"})
    assert "Enter the full name" in refused.content.decode()
    typed = {**page.values(), "full_name": "Tilda Phone", "phone": "555 0142", "consent": "on"}
    typed |= {"screening_self_harm": "yes", "main_reason": "Pain"}
    shown = desk.post(f"{QUEUE}add/", typed, follow=True).content.decode()
    row = ConsultationRequest.objects.get()
    assert row.status == "new", "nobody suspects a colleague of haste"
    assert open_row(row).taken_by == "ines"
    for said in ("taken by ines", "Tell the caller this reference", "Urgent: tell the caller the emergency number"):
        assert said in shown
    assert AuditEvent.objects.get(verb="request_entered").actor == "ines"
    again = desk.post(f"{QUEUE}add/", typed, follow=True)
    assert ConsultationRequest.objects.count() == 1, again.status_code


def test_an_export_asks_for_the_password_and_a_reason(mona: Client, desk: Client) -> None:
    ingested(**WHOLE)
    today = timezone.localdate().isoformat()
    assert desk.get(f"{QUEUE}export/").status_code == 403
    fresh = cast.logged_in(User.objects.get(username="mona"))
    assert fresh.get(f"{QUEUE}export/")["Location"].startswith("/accounts/reauthenticate/")
    days = {"begins": today, "ends": today}
    assert "Choose a reason first." in mona.post(f"{QUEUE}export/", days).content.decode()
    backwards = {"begins": today, "ends": "2020-01-01", "reason": "audit"}
    assert "end before it begins" in mona.post(f"{QUEUE}export/", backwards).content.decode()
    file = mona.post(f"{QUEUE}export/", days | {"reason": "audit"})
    assert file["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(StringIO(file.content.decode("utf-8-sig"))))
    assert dict(zip(rows[0], rows[1], strict=True))["Full name"] == "Ana Ruiz"
    assert "(for clinicians only)" in rows[1]
    event = AuditEvent.objects.get(verb="requests_exported")
    assert event.detail == {"count": 1, "reason": "audit", "begins": today, "ends": today}


@pytest.mark.parametrize("value", ["=1+1", "+1 555", "-2", "@SUM(A1)", "\tx"])
def test_no_answer_becomes_a_formula(value: str) -> None:
    assert chart.cell(value) == f"'{value}"
    assert chart.cell("plain = 1") == "plain = 1"


def test_everything_about_one_person_is_handed_over_and_erased(mona: Client, ines: User, settings: Any) -> None:
    row, same = ingested(**WHOLE), ingested("b", full_name="Ana R", email="ana@example.org")
    other = ingested("c", full_name="Bea Stone", email="bea@example.org")
    triage.add_note(row, text="Called", by=ines)
    page = mona.get(address(row, "person")).content.decode()
    assert same.reference in page
    assert other.reference not in page
    ticked = {"request": [str(row.pk), str(same.pk), str(other.pk)]}
    text = mona.post(address(row, "person/export"), ticked).content.decode()
    assert "Lupus" in text
    assert "Called" in text
    assert "Bea" not in text
    mona.post(address(row, "person/erase"), ticked)
    assert ConsultationRequest.objects.count() == 3, "without being sure nothing happens"
    mona.post(address(row, "person/erase"), ticked | {"sure": "yes"})
    assert list(ConsultationRequest.objects.all()) == [other]
    assert not SealedNote.objects.exists()
    assert set(BlindIndexEntry.objects.values_list("request_id", flat=True)) == {other.pk}
    assert not OutboxMessage.objects.filter(key__contains=f"{row.reference}/patient").exists()
    noted = (settings.BACKUP_DIR / disclosure.LOG_NAME).read_text()
    assert set(disclosure.noted_erasures(noted)) == {row.reference, same.reference}
    assert AuditEvent.objects.get(verb="person_erased").detail == {"references": f"{row.reference} {same.reference}"}


def test_erasing_needs_both_rights(ines: User) -> None:
    row = ingested()
    manager = cast.staff("mo", "manager")
    for person in (ines, manager):
        with pytest.raises(PermissionDenied):
            disclosure.erase_person([row], by=person)
        with pytest.raises(PermissionDenied):
            disclosure.export(timezone.localdate(), timezone.localdate(), reason="audit", by=person)
    assert ConsultationRequest.objects.count() == 1


@pytest.mark.parametrize(("status", "days", "kept"), [("spam", 29, True), ("spam", 31, False), ("closed", 31, True)])
def test_spam_goes_sooner_and_nothing_stays_longer_than_promised(status: str, days: int, kept: bool) -> None:
    row = ingested()
    ConsultationRequest.objects.update(status=status, closed_at=timezone.now())
    retention.purge_due(now=timezone.now() + timedelta(days=days))
    assert ConsultationRequest.objects.exists() is kept
    retention.purge_due(now=datetime.combine(row.delete_after + timedelta(days=1), time(12), tzinfo=UTC))
    assert not ConsultationRequest.objects.exists()


def test_the_checklist_knows_who_is_asked_for(desk: Client) -> None:
    row = ingested(**WHOLE | {"date_of_birth_year": str(timezone.localdate().year - 10), "proxy_knows": "no"})
    shown = desk.get(address(row)).content.decode()
    for said in ("interpreter on the line", "does not know yet", "a parent or guardian", "compare", "Mira Patel"):
        assert said in shown


def test_a_list_page_of_a_withdrawn_request_opens_too(desk: Client) -> None:
    row = ingested(phone="5550100", email="")
    from education.consultations.public import actions

    actions.withdraw(actions.Sent("one").token, contact="5550100")
    assert row.reference in desk.get(f"{QUEUE}?status=withdrawn").content.decode()
    page = desk.get(address(row)).content.decode()
    assert not form_actions(page) & {"claim", "note", "contact"}
    assert form_data(page, "logout-form")


def form_actions(page: str) -> set[str]:
    import re

    return set(re.findall(r'action="/admin/education/consultationrequest/\d+/(\w+)/"', page))
