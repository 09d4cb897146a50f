"""The workflow table, proved complete: each pair of state and verb is either open or refused, and nothing else is."""

import pytest

from education.consultations import actions, workflow
from education.consultations.models import ConsultationRequest, Status
from education.consultations.workflow import CLAIMED, CLOSED, CONTACTED, NEW, REQUESTS
from education.core.workflow import IllegalMove
from education.staff.models import User
from tests import cast
from tests.consultations import asking

VERBS = {
    "claim": lambda row, by: actions.claim(row, by=by),
    "contact": lambda row, by: actions.mark_contacted(row, by=by),
    "note": lambda row, by: actions.add_note(row, text="Called", by=by),
    "close": lambda row, by: actions.close(row, reason="booked", by=by),
    "reopen": lambda row, by: actions.reopen(row, by=by),
}
EXPECTED = {
    NEW: {"claim": CLAIMED, "contact": CONTACTED, "note": NEW, "close": CLOSED},
    CLAIMED: {"claim": CLAIMED, "contact": CONTACTED, "note": CLAIMED, "close": CLOSED},
    CONTACTED: {"claim": CONTACTED, "note": CONTACTED, "close": CLOSED},
    CLOSED: {"reopen": NEW},
}
PAIRS = [(state, verb) for state in EXPECTED for verb in VERBS]


@pytest.fixture
def ines(db: None) -> User:
    return cast.ines_at_intake()


def in_state(state: str) -> ConsultationRequest:
    row = asking.request()
    closed = row.received_at if state == CLOSED else None
    ConsultationRequest.objects.filter(pk=row.pk).update(status=state, closed_at=closed)
    row.refresh_from_db()
    return row


def test_states_of_table_model_and_expectation_are_the_same() -> None:
    assert set(REQUESTS.states) == set(Status.values) == EXPECTED.keys()
    assert {transition.verb for transition in REQUESTS.transitions} == VERBS.keys()


def test_every_transition_asks_for_the_working_permission() -> None:
    assert {transition.permission for transition in REQUESTS.transitions} == {workflow.MAY_WORK}


@pytest.mark.parametrize(("state", "verb"), PAIRS)
def test_each_pair_moves_as_expected_or_is_refused(ines: User, state: str, verb: str) -> None:
    row = in_state(state)
    if verb in EXPECTED[state]:
        VERBS[verb](row, ines)
        row.refresh_from_db()
        assert row.status == EXPECTED[state][verb]
        assert row.is_closed == bool(row.closed_at)
    else:
        with pytest.raises(IllegalMove):
            VERBS[verb](row, ines)
        assert row.notes.count() == 0


def test_every_state_can_be_left_and_reached() -> None:
    moves = {(t.state, t.next) for t in REQUESTS.transitions if t.state != t.next}
    assert {state for state, _ in moves} == {state for _, state in moves} == set(REQUESTS.states)
