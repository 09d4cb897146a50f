"""What may be done with a request in which status. Every action asks this table first."""

from django.db.models import IntegerChoices, TextChoices

from education.core.workflow import Transition, Workflow

MAY_VIEW = "education.view_consultationrequest"
MAY_WORK = "education.work_consultationrequest"
MAY_SEE_CLINICAL = "education.clinical_consultationrequest"
MAY_EXPORT = "education.export_consultationrequest"
MAY_ERASE = "education.erase_consultationrequest"
MAY_PAUSE = "education.change_intakepause"
BY_CLINICIAN = "by_clinician"  # in the audit event of a contact: a clinician has talked to the patient
CALL_AT = "call_at"  # in the audit event of a call that is still to be made: when
THOUGH_CLOSED = "though_closed"  # beside it: the clinic is closed then, and whoever chose the time knew it
STILL_DUE = "still_due"  # in the audit event of one that was only suspected: what its patient was told holds
PATIENT = ""  # what the patient does at the receipt: no member of staff may, and none has to


class Status(TextChoices):
    """How far a request has come. One that is not among FINISHED is open: staff may do everything with it."""

    NEW = "new", "New"
    SUSPECT = "suspect", "May be spam"
    CLAIMED = "claimed", "Claimed"
    RETRY = "retry", "To call again"
    CONTACTED = "contacted", "Contacted"
    CLINICIAN = "clinician", "Needs a clinician"
    BOOKED = "booked", "Booked"
    CLOSED = "closed", "Closed"
    SPAM = "spam", "Spam"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Flag(IntegerChoices):
    """How grave the answers are, for staff only. The number is the order: the queue begins with the greatest.

    From RED a clinician comes before any booking; from URGENT the patient is shown the emergency numbers first, and
    nothing in the queue comes before it.
    """

    NONE = 0, "No flag"
    AMBER = 1, "Amber: note it"
    RED = 2, "Red: a clinician first"
    URGENT = 3, "Urgent: needs help now"

    @property
    def css_class(self) -> str:
        """Such as `flag-red`. One that has no rule of its own looks like `.flag`."""
        return f"flag-{self.name.lower()}"


FINISHED = (Status.BOOKED, Status.CLOSED, Status.SPAM, Status.WITHDRAWN)
OPEN = tuple(status for status in Status if status not in FINISHED)

# Nothing is kept longer than the patient was told. These are deleted sooner: days after they were closed.
DAYS_AFTER_CLOSING = {Status.SPAM: 30, Status.WITHDRAWN: 30}

# Verbs on an open request, and the status that each leads to.
_LEADS_TO = {
    "claim": Status.CLAIMED,  # also from a colleague
    "no_answer": Status.RETRY,
    "voicemail": Status.RETRY,
    "call_back": Status.RETRY,
    "contact": Status.CONTACTED,
    "needs_clinician": Status.CLINICIAN,
    "book": Status.BOOKED,
    "close": Status.CLOSED,
    "spam": Status.SPAM,
}
_CLAIMED_AS_IT_IS = (Status.CONTACTED, Status.CLINICIAN, Status.RETRY)  # a colleague takes over; the status stays
_NOT_WITHDRAWN = tuple(status for status in Status if status != Status.WITHDRAWN)

REQUESTS = Workflow(
    states=tuple(Status),
    transitions=(
        *(
            Transition(status, verb, status if verb == "claim" and status in _CLAIMED_AS_IT_IS else then, MAY_WORK)
            for status in OPEN
            for verb, then in _LEADS_TO.items()
        ),
        *(Transition(status, "note", status, MAY_WORK) for status in _NOT_WITHDRAWN),
        *(Transition(status, "confirm_contact", status, MAY_WORK) for status in _NOT_WITHDRAWN),
        Transition(Status.SUSPECT, "not_spam", Status.NEW, MAY_WORK),
        Transition(Status.SPAM, "not_spam", Status.NEW, MAY_WORK),
        Transition(Status.BOOKED, "reopen", Status.NEW, MAY_WORK),
        Transition(Status.CLOSED, "reopen", Status.NEW, MAY_WORK),
        *(Transition(status, "withdraw", Status.WITHDRAWN, PATIENT) for status in _NOT_WITHDRAWN),
    ),
)

# Why a request was closed, or exported: the key is stored in the audit trail.
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
