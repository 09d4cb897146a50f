"""What was ticked under “Before you call” stays ticked until the call is over."""

import re

import pytest
from django.test import Client

from education.consultations.models import ConsultationRequest
from education.consultations.triage.checklist import KEPT, MOST, STEPS
from tests import cast
from tests.consultations.asking import address, ingested
from tests.screens import body, tags

pytestmark = pytest.mark.usefixtures("clinic")


def ticked(page: str) -> list[str]:
    steps = [given for tag, given in tags(page) if tag == "input" and given.get("name") == "step"]
    assert steps
    assert {given["form"] for given in steps} == {"record-form"}
    return [str(given["value"]) for given in steps if "checked" in given]


def press(desk: Client, row: ConsultationRequest, verb: str, *steps: str, **typed: str) -> list[str]:
    return ticked(body(desk.post(address(row, verb), {"step": steps, **typed}, follow=True)))


def test_claiming_a_request_keeps_what_was_ticked(desk: Client) -> None:
    row, other = ingested("one", phone="5550100"), ingested("other")
    assert ticked(body(desk.get(address(row)))) == []
    assert press(desk, row, "claim", "own-name", "their-name") == ["own-name", "their-name"]
    assert ticked(body(desk.get(address(other)))) == []
    assert press(desk, other, "claim", "doses") == ["doses"]
    assert press(desk, row, "note", "own-name", text="Called.") == ["own-name"]
    assert press(desk, row, "claim") == []


def test_a_refused_button_keeps_it_too(desk: Client) -> None:
    row = ingested(phone="5550100")
    assert press(desk, row, "close", "own-name") == ["own-name"]  # without a reason


@pytest.mark.parametrize("verb", ["contact", "no_answer", "voicemail", "needs_clinician", "book"])
def test_the_next_call_begins_with_none(desk: Client, verb: str) -> None:
    row = ingested(phone="5550100")
    assert press(desk, row, "claim", "own-name") == ["own-name"]
    assert press(desk, row, verb, "own-name") == []


def test_a_session_tells_nobody_which_steps_there_were_and_not_all_requests_are_kept(desk: Client) -> None:
    """A parent has to take part, an interpreter is needed: each step follows from a sealed answer."""
    row = ingested(phone="5550100", interpreter_language="Arabic", access_needs="Speak slowly")
    assert press(desk, row, "claim", "interpreter", "access", "Ana Ruiz") == ["interpreter", "access"]
    (kept,) = desk.session[KEPT].values()
    assert len(kept) == 2
    assert [name for name in STEPS if name in str(dict(desk.session.items()))] == []
    other = ingested("other", phone="5550100", interpreter_language="Arabic")
    press(desk, other, "claim", "interpreter")
    assert not set(kept) & set(desk.session[KEPT][other.reference]), "the same step of two requests looks different"
    for number in range(MOST):
        press(desk, ingested(f"{number}"), "claim", "doses")
    assert len(desk.session[KEPT]) == MOST
    assert row.reference not in desk.session[KEPT]


def test_each_step_has_a_name_of_its_own(desk: Client) -> None:
    row = ingested(phone="5550100", interpreter_language="Arabic", access_needs="Speak slowly")
    page = body(cast.logged_in(cast.clara_the_clinician()).get(address(row)))
    names = re.findall(r'name="step" value="([^"]+)"', page)
    assert len(names) == len(set(names)) > 4


def test_it_is_folded_once_the_request_is_finished(desk: Client) -> None:
    """It asked for the emergency numbers at hand, for a call that was over."""
    row = ingested(phone="5550100")
    for verb in ("claim", "contact"):
        desk.post(address(row, verb))
        assert '<details class="expander" open>' in body(desk.get(address(row))), verb
    desk.post(address(row, "book"))
    assert '<details class="expander" open>' not in body(desk.get(address(row)))
