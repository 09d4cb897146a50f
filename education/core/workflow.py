"""A workflow is a table of transitions: from which state, by which verb, to which state, with which permission."""

from collections.abc import Sequence
from dataclasses import dataclass


class IllegalMove(Exception):
    """The verb is not allowed in this state. The message may be shown to staff."""


@dataclass(frozen=True)
class Transition:
    state: str
    verb: str
    next: str
    permission: str


@dataclass(frozen=True)
class Workflow:
    states: tuple[str, ...]
    transitions: Sequence[Transition]

    def find(self, state: str, verb: str) -> Transition:
        """The row of the table for this verb in this state. Raises IllegalMove if there is none."""
        for transition in self.transitions:
            if (transition.state, transition.verb) == (state, verb):
                return transition
        raise IllegalMove(f"“{_words(verb)}” is not possible while this is “{_words(state)}”.")

    def next_state(self, state: str, verb: str) -> str:
        return self.find(state, verb).next

    def verbs(self, state: str) -> list[str]:
        return [transition.verb for transition in self.transitions if transition.state == state]

    def diagram(self) -> str:
        """The table as a state diagram in Mermaid."""
        rows = [f"    {t.state} --> {t.next}: {t.verb}" for t in self.transitions]
        return "\n".join(["stateDiagram-v2", f"    [*] --> {self.states[0]}", *rows])


def _words(name: str) -> str:
    return name.replace("_", " ")
