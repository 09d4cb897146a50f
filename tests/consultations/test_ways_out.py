"""Every way on which answers leave the sealed envelope, tried as every role: one rule decides what each sees."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from education.accounts.roles import ROLES
from education.audit.actions import verify
from education.audit.models import AuditEvent
from education.consultations.models import ConsultationRequest, ReplyTemplate
from education.consultations.triage import actions as triage
from education.outbox.models import OutboxMessage
from tests import cast
from tests.consultations import asking
from tests.consultations.asking import QUEUE, address
from tests.test_layout import OURS, holding

pytestmark = pytest.mark.usefixtures("clinic")
NAME, SECRET = "Ana Ruiz", "I would rather talk about it"  # the second is the answer to a question for clinicians only
ROLE_SETS = [
    *((role,) for role in ROLES),
    ("manager", "intake"),
    ("manager", "clinician"),
    ("administrator", "editor", "manager"),
    tuple(ROLES),
    ("superuser",),
]
Way = Callable[[Client, ConsultationRequest], Any]


def export(client: Client, row: ConsultationRequest) -> Any:
    today = timezone.localdate().isoformat()
    return client.post(f"{QUEUE}export/", {"begins": today, "ends": today, "reason": "audit"})


WAYS: dict[str, Way] = {
    "list": lambda client, row: client.get(QUEUE),
    "printed list": lambda client, row: client.post(f"{QUEUE}print/"),
    "search": lambda client, row: client.post(f"{QUEUE}search/", {"q": NAME}),
    "record": lambda client, row: client.get(address(row)),
    "record with an error": lambda client, row: client.post(address(row, "note")),
    "print": lambda client, row: client.post(address(row, "print")),
    "copy": lambda client, row: client.post(address(row, "copy")),
    "reply": lambda client, row: client.post(
        address(row, "reply"), {"template": str(ReplyTemplate.objects.all()[0].pk)}, follow=True
    ),
    "file": export,
    "person": lambda client, row: client.get(address(row, "person")),
    "person’s file": lambda client, row: client.post(address(row, "person/export"), {"request": str(row.pk)}),
}
SHOWS_ANSWERS = {"record", "record with an error", "print", "copy", "reply", "file", "person’s file"}
LEAVES = {"file", "person", "person’s file"}
OF_ALL = {"list", "printed list", "search", "file"}  # the same for each request


def logged_in(names: tuple[str, ...]) -> Client:
    """Somebody with these roles, who has just typed the password again."""
    user = cast.staff("anna", *(name for name in names if name in ROLES))
    if "superuser" in names:
        type(user).objects.filter(pk=user.pk).update(is_superuser=True, is_staff=True)
    return cast.just_logged_in(user, confirmed=True)


def may(way: str, names: tuple[str, ...]) -> bool:
    sees = bool({"clinician", "intake"} & set(names))
    return sees and (way not in LEAVES or "manager" in names)


@pytest.fixture
def row(clinic: Any) -> ConsultationRequest:
    """Beside another one, to which such an answer was added later."""
    asking.request("added", full_name=NAME)
    asking.request("added", full_name=NAME, screening_opioid_treatment="talk")
    made = asking.ingested(full_name=NAME, screening_opioid_treatment="talk", main_reason="Pain")
    triage.add_note(made, text="Called", by=cast.staff("carl", "intake"))
    return made


@pytest.mark.thorough
@pytest.mark.parametrize("names", ROLE_SETS, ids="+".join)
def test_each_way_out_shows_each_role_what_it_may_see(row: ConsultationRequest, names: tuple[str, ...]) -> None:
    client, clinical, rows = logged_in(names), "clinician" in names, ConsultationRequest.objects.all()
    for way, take in WAYS.items():
        for one in rows[:1] if way in OF_ALL else rows:
            response = take(client, one)
            shown = response.content.decode()
            assert (response.status_code == 200) is may(way, names), way
            assert (NAME in shown) is may(way, names), way
            assert (SECRET in shown) is (clinical and may(way, names) and way in SHOWS_ANSWERS), way
    for mail in OutboxMessage.objects.all():
        assert NAME not in mail.subject + mail.body
        assert SECRET not in mail.subject + mail.body


@pytest.mark.parametrize("names", [("editor",), ("intake",), ("superuser",)], ids="+".join)
def test_each_refusal_is_recorded_with_who_and_where_and_without_what_was_sent(
    row: ConsultationRequest, names: tuple[str, ...]
) -> None:
    client = logged_in(names)
    paths = {way: take(client, row).request["PATH_INFO"] for way, take in WAYS.items() if not may(way, names)}
    events = AuditEvent.objects.filter(verb="refused", actor="anna").order_by("id")
    assert [event.about for event in events] == list(paths.values())
    assert {event.detail["why"] for event in events} == {"no permission"}
    assert NAME not in str(list(AuditEvent.objects.values_list("about", "detail")))
    assert verify().is_intact


def test_a_refusal_without_a_session_is_not_recorded(client: Client) -> None:
    """Anybody could fill the trail."""
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/accounts/login/", {"login": "anna"}).status_code == 403
    assert client.get(QUEUE).status_code == 302
    assert not AuditEvent.objects.filter(verb="refused").exists()


def test_a_stale_page_of_staff_is_recorded_as_such(row: ConsultationRequest) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.staff("anna", "intake"))
    assert strict.post(address(row, "claim")).status_code == 403
    assert AuditEvent.objects.get(verb="refused").detail == {"method": "POST", "why": "stale page"}


def test_nothing_else_opens_an_envelope_of_a_request() -> None:
    """What staff see comes from `open_for`; the whole request goes to the worker, and is compared with others. A canary
    opens the one that it made itself."""
    record = "education/consultations/triage/record.py"
    whole = {where.partition(":")[0] for where in holding(OURS, r"\bopen_row\(|\bopen_note\(")}
    for_the_worker = {"education/consultations/upkeep/ingest.py", "education/health/watching/canary.py"}
    assert whole == {record, "education/consultations/triage/duplicates.py", *for_the_worker}
    opening = {where.partition(":")[0] for where in holding(OURS, r"\bopen_sealed\(")}
    others = {where for where in opening if where.startswith("education/consultations/")}
    assert others == {record}
