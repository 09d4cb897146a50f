"""A workflow is a table."""

import pytest

from education.core.workflow import IllegalMove, Transition, Workflow

DOOR = Workflow(
    states=("shut", "open", "locked"),
    transitions=[
        Transition("shut", "open", "open", "enter"),
        Transition("open", "shut", "shut", "enter"),
        Transition("shut", "lock", "locked", "hold_key"),
    ],
)


def test_a_verb_leads_to_the_next_state() -> None:
    assert DOOR.next_state("shut", "lock") == "locked"
    assert DOOR.find("shut", "lock").permission == "hold_key"
    assert DOOR.verbs("shut") == ["open", "lock"]
    assert DOOR.verbs("locked") == []


@pytest.mark.parametrize(("state", "verb"), [("open", "lock"), ("locked", "open"), ("shut", "paint"), ("gone", "open")])
def test_any_other_verb_is_refused_in_words(state: str, verb: str) -> None:
    with pytest.raises(IllegalMove, match=f"^“{verb}” is not possible while this is “{state}”.$"):
        DOOR.next_state(state, verb)


def test_the_diagram_is_the_table() -> None:
    assert DOOR.diagram().splitlines() == [
        "stateDiagram-v2",
        "    [*] --> shut",
        "    shut --> open: open",
        "    open --> shut: shut",
        "    shut --> locked: lock",
    ]
