"""A flag, a status or a reason added where they are listed shows up everywhere by itself."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models.enums import ChoicesType
from django.test import Client
from django.utils import timezone

from education.accounts.models import User
from education.audit.actions import record
from education.consultations import workflow
from education.consultations.models import ConsultationRequest, ScreeningQuestion
from education.consultations.triage import actions as triage
from education.consultations.triage import queue
from education.consultations.triage.queue import Filter
from education.consultations.workflow import CLOSE_REASONS, Flag, Status
from tests import cast
from tests.consultations import asking
from tests.consultations.asking import QUEUE, address

pytestmark = pytest.mark.usefixtures("clinic")
CSS = Path(settings.BASE_DIR) / "static" / "css" / "admin-requests.css"


def add_member(monkeypatch: pytest.MonkeyPatch, choices: ChoicesType, name: str, value: Any, label: str) -> Any:
    """For the length of a test the enumeration, and each field with its choices, has one more member."""
    enumeration: Any = choices
    fields = [f for model in apps.get_models() for f in model._meta.fields if f.choices == enumeration.choices]
    member = enumeration._member_type_.__new__(enumeration, value)
    member._name_, member._value_, member._label_ = name, value, label
    monkeypatch.setattr(enumeration, "_member_names_", [*enumeration._member_names_, name])
    monkeypatch.setitem(enumeration._member_map_, name, member)
    monkeypatch.setitem(enumeration._value2member_map_, value, member)
    for field in fields:
        monkeypatch.setattr(field, "choices", enumeration.choices)
    assert list(enumeration)[-1] is enumeration(value) is member
    return member


@pytest.fixture
def violet(monkeypatch: pytest.MonkeyPatch) -> Any:
    return add_member(monkeypatch, Flag, "VIOLET", 4, "Violet: call at once")


@pytest.fixture
def parked(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The table of moves as it would be with one line more in the list of statuses."""
    source = Path(workflow.__file__).read_text(encoding="utf-8")
    last = '    WITHDRAWN = "withdrawn", "Withdrawn"\n'
    assert source.count(last) == 1
    changed: dict[str, Any] = {"__name__": "changed"}
    exec(source.replace(last, f'{last}    PARKED = "parked", "Parked"\n'), changed)
    monkeypatch.setattr(workflow, "REQUESTS", changed["REQUESTS"])
    member = add_member(monkeypatch, Status, "PARKED", "parked", "Parked")
    monkeypatch.setattr(queue, "OPEN", (*queue.OPEN, member))
    return member


def words(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def set_to(row: ConsultationRequest, **fields: Any) -> ConsultationRequest:
    ConsultationRequest.objects.filter(pk=row.pk).update(**fields)
    row.refresh_from_db()
    return row


def test_a_new_flag_has_its_place_its_filter_and_its_class_in_the_queue(desk: Client, violet: Any) -> None:
    urgent = asking.request("urgent", screening_self_harm="yes")
    row = set_to(asking.request("violet"), flag=violet)
    page = words(desk.get(QUEUE))
    assert page.index(row.reference_shown) < page.index(urgent.reference_shown)
    assert '<span class="flag flag-violet">Violet: call at once</span>' in page
    assert '<a href="?flag=4"><span class="flag flag-violet">Violet</span>' in page
    only = words(desk.get(f"{QUEUE}?flag=4"))
    assert row.reference_shown in only
    assert urgent.reference_shown not in only


def test_the_record_and_the_desk_name_a_new_flag(desk: Client, violet: Any) -> None:
    ScreeningQuestion.objects.filter(key="opioids").update(flag_noticed=violet)
    row = asking.request(screening_opioids="yes")
    assert row.flag == violet
    shown = words(desk.get(address(row)))
    for said in ("Violet: call at once.", "Urgent: have the emergency numbers ready", "A clinician first: do not book"):
        assert said in shown
    assert ">Booked<" not in shown
    assert "<b>1</b> <span>is violet</span>" in words(desk.get("/admin/"))


def test_an_answer_that_raises_a_graver_flag_leads_to_the_stop_page(client: Client, violet: Any) -> None:
    ScreeningQuestion.objects.filter(key="opioids").update(flag_noticed=violet)
    stop = asking.check(client, asking.SHORTEST | {"screening_opioids": "yes"})
    assert "You may need help now" in words(stop)


def test_staff_can_let_an_answer_raise_the_new_flag(violet: Any) -> None:
    clara = cast.logged_in(cast.clara_the_clinician())
    question = ScreeningQuestion.objects.get(key="opioids")
    page = words(clara.get(f"/admin/education/screeningquestion/{question.pk}/change/"))
    assert page.count('<option value="4">Violet: call at once</option>') == 3


def test_requests_of_every_flag_and_status_are_in_the_queue_exactly_once(ines: User, violet: Any, parked: Any) -> None:
    made = set()
    for flag in Flag:
        for status in (Status.NEW, Status.RETRY, parked):
            for hours in (-1, 1):
                row = asking.request(f"{flag} {status} {hours}")
                made.add(set_to(row, flag=flag, status=status, due_at=timezone.now() + timedelta(hours=hours)))
    rows, more = queue.page(Filter(), 1, by=ines)
    assert not more
    assert len(rows) == len(made) == 30
    assert set(rows) == made


def test_each_flag_has_a_rule_in_the_style_sheet_and_a_new_one_looks_like_a_flag() -> None:
    css = CSS.read_text(encoding="utf-8")
    assert "\n.flag {" in css
    assert [flag.name for flag in Flag if f"\n.flag-{flag.name.lower()} {{" not in css] == []


def test_a_new_status_is_open_and_allows_what_every_open_one_allows(parked: Any) -> None:
    assert workflow.REQUESTS.verbs(parked) == workflow.REQUESTS.verbs(Status.CLAIMED)
    assert parked in workflow.REQUESTS.states


def test_a_new_status_has_its_filter_in_the_queue_and_its_name_on_the_record(desk: Client, parked: Any) -> None:
    row = set_to(asking.request(phone="5550100"), status=parked)
    other = asking.request("other")
    page = words(desk.get(QUEUE))
    assert '<a href="?status=parked">Parked ' in page
    assert 'data-label="Status">Parked' in page
    only = words(desk.get(f"{QUEUE}?status=parked"))
    assert row.reference_shown in only
    assert other.reference_shown not in only
    shown = words(desk.get(address(row)))
    assert "<strong>Parked</strong>" in shown
    assert asking.Page(desk.get(address(row))).actions() >= {
        address(row, verb) for verb in ("claim", "contact", "book", "no_answer", "close", "note", "spam")
    }
    assert row.reference_shown in words(desk.get("/admin/"))


def test_a_request_of_a_new_status_can_be_worked_on(ines: User, parked: Any) -> None:
    row = set_to(asking.request(), status=parked)
    triage.close(row, reason="answered", by=ines)
    row.refresh_from_db()
    assert row.status == Status.CLOSED


def test_the_receipt_has_default_words_for_a_new_status(client: Client, parked: Any) -> None:
    sent = asking.send(client).headers["Location"]
    ConsultationRequest.objects.update(status=parked)
    assert "We are working on it." in words(client.get(sent))


def test_a_new_reason_to_close_is_offered_accepted_and_shown_in_the_history(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CLOSE_REASONS, "moved", "Moved away")
    row = asking.request()
    assert '<option value="moved">Moved away</option>' in words(desk.get(address(row)))
    desk.post(address(row, "close"), {"reason": "moved"})
    assert "Closed (moved away)" in words(desk.get(address(row)))


def test_an_event_without_a_label_is_shown_by_its_name(desk: Client) -> None:
    row = asking.request()
    record("request_no_show", by=None, about=row.about)
    assert "No show" in words(desk.get(address(row)))
