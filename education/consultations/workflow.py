"""What may be done with a request in which state. Every action asks this table first."""

from education.core.workflow import Transition, Workflow

NEW, CLAIMED, CONTACTED, CLOSED = "new", "claimed", "contacted", "closed"
MAY_VIEW = "education.view_consultationrequest"
MAY_WORK = "education.work_consultationrequest"

REQUESTS = Workflow(
    states=(NEW, CLAIMED, CONTACTED, CLOSED),
    transitions=(
        Transition(NEW, "claim", CLAIMED, MAY_WORK),
        Transition(NEW, "contact", CONTACTED, MAY_WORK),
        Transition(NEW, "note", NEW, MAY_WORK),
        Transition(NEW, "close", CLOSED, MAY_WORK),
        Transition(CLAIMED, "claim", CLAIMED, MAY_WORK),  # a colleague takes over
        Transition(CLAIMED, "contact", CONTACTED, MAY_WORK),
        Transition(CLAIMED, "note", CLAIMED, MAY_WORK),
        Transition(CLAIMED, "close", CLOSED, MAY_WORK),
        Transition(CONTACTED, "claim", CONTACTED, MAY_WORK),
        Transition(CONTACTED, "note", CONTACTED, MAY_WORK),
        Transition(CONTACTED, "close", CLOSED, MAY_WORK),
        Transition(CLOSED, "reopen", NEW, MAY_WORK),
    ),
)
