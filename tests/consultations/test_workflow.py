"""The workflow table, proved complete: each pair of state and verb is either open or refused, and nothing else is."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from education.accounts.models import User
from education.consultations import workflow
from education.consultations.models import ConsultationRequest, Status
from education.consultations.triage import actions as triage
from education.consultations.workflow import (
    BOOKED,
    CLAIMED,
    CLINICIAN,
    CLOSED,
    CONTACTED,
    NEW,
    OPEN,
    REQUESTS,
    RETRY,
    SPAM,
    SUSPECT,
    WITHDRAWN,
)
from education.core.workflow import IllegalMove
from tests.consultations import asking


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
    "close": lambda row, by: triage.close(row, reason="answered", by=by),
    "spam": lambda row, by: triage.mark_spam(row, by=by),
    "not_spam": lambda row, by: triage.mark_not_spam(row, by=by),
    "reopen": lambda row, by: triage.reopen(row, by=by),
}
WORK = {
    "claim": CLAIMED,
    "contact": CONTACTED,
    "no_answer": RETRY,
    "voicemail": RETRY,
    "call_back": RETRY,
    "needs_clinician": CLINICIAN,
    "book": BOOKED,
    "close": CLOSED,
    "spam": SPAM,
}
EXPECTED = {
    NEW: {**WORK, "note": NEW},
    SUSPECT: {**WORK, "note": SUSPECT, "not_spam": NEW},
    CLAIMED: {**WORK, "note": CLAIMED},
    RETRY: {**WORK, "note": RETRY, "claim": RETRY},
    CONTACTED: {**WORK, "note": CONTACTED, "claim": CONTACTED},
    CLINICIAN: {**WORK, "note": CLINICIAN, "claim": CLINICIAN},
    BOOKED: {"note": BOOKED, "reopen": NEW},
    CLOSED: {"note": CLOSED, "reopen": NEW},
    SPAM: {"note": SPAM, "not_spam": NEW},
    WITHDRAWN: {},
}
PAIRS = [(state, verb) for state in EXPECTED for verb in VERBS]


def in_state(state: str) -> ConsultationRequest:
    row = asking.request()
    closed = row.received_at if state in workflow.FINISHED else None
    ConsultationRequest.objects.filter(pk=row.pk).update(status=state, closed_at=closed)
    row.refresh_from_db()
    return row


def test_states_of_table_model_and_expectation_are_the_same() -> None:
    assert set(REQUESTS.states) == set(Status.values) == EXPECTED.keys()
    assert {transition.verb for transition in REQUESTS.transitions} == VERBS.keys() | {"withdraw"}


def test_staff_verbs_ask_for_the_working_permission_and_withdrawing_is_the_patients() -> None:
    for transition in REQUESTS.transitions:
        expected = workflow.PATIENT if transition.verb == "withdraw" else workflow.MAY_WORK
        assert transition.permission == expected


def test_whatever_is_not_withdrawn_can_be() -> None:
    found = {t.state for t in REQUESTS.transitions if (t.verb, t.next) == ("withdraw", WITHDRAWN)}
    assert found == set(REQUESTS.states) - {WITHDRAWN}


@pytest.mark.parametrize(("state", "verb"), PAIRS)
def test_each_pair_moves_as_expected_or_is_refused(ines: User, state: str, verb: str) -> None:
    row = in_state(state)
    if verb in EXPECTED[state]:
        VERBS[verb](row, ines)
        row.refresh_from_db()
        assert row.status == EXPECTED[state][verb]
        assert row.is_finished == bool(row.closed_at)
    else:
        with pytest.raises(IllegalMove):
            VERBS[verb](row, ines)
        assert row.notes.count() == 0


def test_every_open_state_can_be_left_and_every_state_but_suspicion_reached() -> None:
    """Suspicion comes with the request itself."""
    moves = {(t.state, t.next) for t in REQUESTS.transitions if t.state != t.next}
    assert {state for state, _ in moves} == set(REQUESTS.states) - {WITHDRAWN}
    assert {state for _, state in moves} == set(REQUESTS.states) - {SUSPECT}
    assert set(OPEN) | set(workflow.FINISHED) == set(REQUESTS.states)


def test_the_diagram_in_the_readme_is_drawn_from_the_table() -> None:
    readme = (Path(__file__).resolve().parents[2] / "education" / "README.md").read_text(encoding="utf-8")
    assert workflow.diagram() in readme
