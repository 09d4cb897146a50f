"""The workflow table, proved complete: each pair of state and verb is either open or refused, and nothing else is."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from education.accounts.models import User
from education.consultations import workflow
from education.consultations.models import ConsultationRequest
from education.consultations.triage import actions as triage
from education.consultations.workflow import FINISHED, OPEN, REQUESTS, Status
from education.core.workflow import IllegalMove
from tests.consultations import asking
from tests.each import of_each


def later(verb: str) -> Callable[[ConsultationRequest, User], None]:
    return lambda row, by: triage.call_later(row, verb, at=timezone.now() + timedelta(hours=3), by=by)


VERBS = {
    "claim": lambda row, by: triage.claim(row, by=by),
    "contact": lambda row, by: triage.mark_contacted(row, by=by),
    "no_answer": later("no_answer"),
    "voicemail": later("voicemail"),
    "call_back": later("call_back"),
    "needs_clinician": lambda row, by: triage.needs_clinician(row, by=by),
    "book": lambda row, by: triage.book(row, by=by),
    "note": lambda row, by: triage.add_note(row, text="Called", by=by),
    "confirm_contact": lambda row, by: triage.confirm_contact(row, number=1, by=by),
    "close": lambda row, by: triage.close(row, reason="answered", by=by),
    "spam": lambda row, by: triage.mark_spam(row, by=by),
    "not_spam": lambda row, by: triage.mark_not_spam(row, by=by),
    "reopen": lambda row, by: triage.reopen(row, by=by),
}
WORK = {
    "claim": Status.CLAIMED,
    "contact": Status.CONTACTED,
    "no_answer": Status.RETRY,
    "voicemail": Status.RETRY,
    "call_back": Status.RETRY,
    "needs_clinician": Status.CLINICIAN,
    "book": Status.BOOKED,
    "close": Status.CLOSED,
    "spam": Status.SPAM,
}


def stays(state: Status) -> dict[str, Status]:
    """Verbs that leave a request where it is."""
    return {"note": state, "confirm_contact": state}


EXPECTED = {
    Status.NEW: {**WORK, **stays(Status.NEW)},
    Status.SUSPECT: {**WORK, **stays(Status.SUSPECT), "not_spam": Status.NEW},
    Status.CLAIMED: {**WORK, **stays(Status.CLAIMED)},
    Status.RETRY: {**WORK, **stays(Status.RETRY), "claim": Status.RETRY},
    Status.CONTACTED: {**WORK, **stays(Status.CONTACTED), "claim": Status.CONTACTED},
    Status.CLINICIAN: {**WORK, **stays(Status.CLINICIAN), "claim": Status.CLINICIAN, "needs_clinician": None},
    Status.BOOKED: {**stays(Status.BOOKED), "reopen": Status.NEW},
    Status.CLOSED: {**stays(Status.CLOSED), "reopen": Status.NEW},
    Status.SPAM: {**stays(Status.SPAM), "not_spam": Status.NEW},
    Status.WITHDRAWN: {},
}


def in_state(state: str) -> ConsultationRequest:
    asking.request()
    row = asking.request(phone="5550199")  # the form sent again, with another contact
    closed = row.received_at if state in FINISHED else None
    ConsultationRequest.objects.filter(pk=row.pk).update(status=state, closed_at=closed)
    row.refresh_from_db()
    return row


def test_the_table_and_the_expectation_know_the_same_states_and_verbs() -> None:
    assert set(REQUESTS.states) == EXPECTED.keys()
    assert {transition.verb for transition in REQUESTS.transitions} == VERBS.keys() | {"withdraw"}


def test_staff_verbs_need_the_permission_to_work_and_only_the_patient_withdraws() -> None:
    for transition in REQUESTS.transitions:
        expected = workflow.PATIENT if transition.verb == "withdraw" else workflow.MAY_WORK
        assert transition.permission == expected


def test_every_request_can_be_withdrawn_once() -> None:
    found = {t.state for t in REQUESTS.transitions if (t.verb, t.next) == ("withdraw", Status.WITHDRAWN)}
    assert found == set(REQUESTS.states) - {Status.WITHDRAWN}


@of_each(EXPECTED)
def test_each_verb_moves_as_expected_or_is_refused(state: str, ines: User) -> None:
    row = in_state(state)
    outcomes = {verb: outcome(verb, row.pk, ines) for verb in VERBS}
    assert outcomes == {verb: EXPECTED[state].get(verb) for verb in VERBS}


def outcome(verb: str, pk: int, by: User) -> str | None:
    """Where it leads, or None where it is refused. The request is as it was for the next verb."""
    with transaction.atomic():
        row = ConsultationRequest.objects.get(pk=pk)
        notes = row.notes.count()
        try:
            VERBS[verb](row, by)
        except IllegalMove:
            assert row.notes.count() == notes
            return None
        row.refresh_from_db()
        assert row.is_finished == bool(row.closed_at)
        transaction.set_rollback(True)
        return row.status


def test_every_state_can_be_left_and_reached() -> None:
    """No verb leads to “suspect”: a request comes in with it or never has it."""
    moves = {(t.state, t.next) for t in REQUESTS.transitions if t.state != t.next}
    assert {state for state, _ in moves} == set(REQUESTS.states) - {Status.WITHDRAWN}
    assert {state for _, state in moves} == set(REQUESTS.states) - {Status.SUSPECT}
    assert set(OPEN) | set(FINISHED) == set(REQUESTS.states)


def test_the_diagram_in_the_readme_is_drawn_from_the_table() -> None:
    readme = (Path(__file__).resolve().parents[2] / "education" / "README.md").read_text(encoding="utf-8")
    assert diagram() in readme


def diagram() -> str:
    """The table as a Mermaid diagram. What every open request allows is drawn once, from all of them together."""
    moves = [t for t in REQUESTS.transitions if t.verb not in ("withdraw", "note", "confirm_contact")]
    leads_to = {
        verb: {t.next for t in moves if t.verb == verb and t.next != t.state}
        for verb in dict.fromkeys(t.verb for t in moves)
        if {t.state for t in moves if t.verb == verb} >= set(OPEN)
    }
    lines = [f"    open --> {then}: {verb}" for verb, (then,) in leads_to.items()]
    lines += [f"    {t.state} --> {t.next}: {t.verb}" for t in moves if t.verb not in leads_to]
    inside = [f"        {state}" for state in OPEN]
    ends = [t.state for t in REQUESTS.transitions if t.verb == "withdraw" and t.state not in OPEN]
    lines += [f"    {state} --> withdrawn: withdraw" for state in ("open", *ends)]
    return "\n".join(["stateDiagram-v2", "    state open {", *inside, "    }", *lines])
