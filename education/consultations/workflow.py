"""What may be done with a request in which state. Every action asks this table first."""

from education.core.workflow import Transition, Workflow

NEW, SUSPECT, CLAIMED, RETRY = "new", "suspect", "claimed", "retry"
CONTACTED, CLINICIAN = "contacted", "clinician"
BOOKED, CLOSED, SPAM, WITHDRAWN = "booked", "closed", "spam", "withdrawn"
OPEN = (NEW, SUSPECT, CLAIMED, RETRY, CONTACTED, CLINICIAN)
FINISHED = (BOOKED, CLOSED, SPAM, WITHDRAWN)

MAY_VIEW = "education.view_consultationrequest"
MAY_WORK = "education.work_consultationrequest"
MAY_SEE_CLINICAL = "education.clinical_consultationrequest"
MAY_EXPORT = "education.export_consultationrequest"
MAY_ERASE = "education.erase_consultationrequest"
PATIENT = ""  # what the patient does at the receipt: no member of staff may, and none has to

# Someone took it on; where that leads from any state in which work goes on.
_WORK = {
    "claim": CLAIMED,  # also from a colleague
    "no_answer": RETRY,
    "voicemail": RETRY,
    "call_back": RETRY,
    "contact": CONTACTED,
    "needs_clinician": CLINICIAN,
    "book": BOOKED,
    "close": CLOSED,
    "spam": SPAM,
}
_STAYS = {CONTACTED: "claim", CLINICIAN: "claim", RETRY: "claim"}  # a colleague takes over; where it stands is kept

REQUESTS = Workflow(
    states=(*OPEN, *FINISHED),
    transitions=(
        *(
            Transition(state, verb, state if _STAYS.get(state) == verb else then, MAY_WORK)
            for state in OPEN
            for verb, then in _WORK.items()
        ),
        *(Transition(state, "note", state, MAY_WORK) for state in (*OPEN, BOOKED, CLOSED, SPAM)),
        Transition(SUSPECT, "not_spam", NEW, MAY_WORK),
        Transition(SPAM, "not_spam", NEW, MAY_WORK),
        Transition(BOOKED, "reopen", NEW, MAY_WORK),
        Transition(CLOSED, "reopen", NEW, MAY_WORK),
        *(Transition(state, "withdraw", WITHDRAWN, PATIENT) for state in (*OPEN, BOOKED, CLOSED, SPAM)),
    ),
)


def diagram() -> str:
    """The table as a Mermaid diagram. What every open state may do is drawn once, from all of them together."""
    from_all, lines = set(), []
    for verb, then in _WORK.items():
        if all(t.next == then or t.next == t.state for t in REQUESTS.transitions if t.state in OPEN and t.verb == verb):
            from_all.add(verb)
            lines.append(f"    open --> {then}: {verb}")
    single = [t for t in REQUESTS.transitions if t.verb not in from_all and t.verb not in ("withdraw", "note")]
    lines += [f"    {t.state} --> {t.next}: {t.verb}" for t in single]
    inside = [f"        {state}" for state in OPEN]
    ends = [f"    {state} --> withdrawn: withdraw" for state in ("open", BOOKED, CLOSED, SPAM)]
    return "\n".join(["stateDiagram-v2", "    state open {", *inside, "    }", *lines, *ends])


# Why a request was closed, or taken out: the key is stored in the audit trail.
CLOSE_REASONS = {
    "answered": "Answered, no appointment wanted",
    "not_reached": "Could not be reached",
    "not_for_us": "Not something we offer",
    "elsewhere": "Sent on to somebody else",
    "duplicate": "Sent twice",
}
EXPORT_REASONS = {
    "asked": "The patient asked for it",
    "moving": "Moving to another system",
    "audit": "A clinical audit or an inspection",
    "law": "The law asks for it",
}
