"""What is due on a day off waits for the next working day, and comes back when the day is none any more."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db.models import Max
from django.utils import timezone

from education.audit import facts
from education.audit.models import AuditEvent
from education.clinic.hours import Hours
from education.clinic.models import ClinicProfile
from education.consultations import workflow
from education.consultations.models import ConsultationRequest, IntakePause
from education.consultations.workflow import Status

# Due when the patient was told, since nobody has called yet.
PROMISED = (Status.NEW, Status.SUSPECT, Status.CLAIMED)
BEGIN_AGAIN = ("request_reopen", "request_not_spam")  # from then on it is due as if it had come in
CALLS = ("request_no_answer", "request_voicemail", "request_call_back")  # each says when the next call is due
WORKING_DAYS = "working days"  # the fact that notes which these were


def follow_days_off() -> int:
    """Move what waits off the days on which the clinic is closed now, and back. Returns how many. For the worker."""
    now, clinic = timezone.now(), ClinicProfile.load()
    hours = IntakePause.objects.desk_hours(clinic)
    off, known = hours.off, facts.known(WORKING_DAYS)
    today = repr((sorted(hours.days), off.country, off.region, sorted(off.own), off.pauses))
    moved = _leave_days_off(hours, now)
    if known and known.value != today:
        moved += _come_back(hours, now, clinic.reply_working_days)
    if not known or known.value != today:
        facts.note(WORKING_DAYS, today, now=now)
    return moved


def _leave_days_off(hours: Hours, now: datetime) -> int:
    """A call for which somebody chose a time knowing that the clinic is closed then stays there."""
    waiting, moved = ConsultationRequest.objects.waiting().filter(due_at__gt=now), 0
    last = waiting.aggregate(last=Max("due_at"))["last"] or now
    for day in hours.off.between(timezone.localdate(now), timezone.localdate(last) + timedelta(days=1)):
        begins, ends = (timezone.make_aware(datetime.combine(at, time.min)) for at in (day, day + timedelta(days=1)))
        rows = list(waiting.filter(due_at__gte=begins, due_at__lt=ends).only("reference", "due_at", "status"))
        chosen = _chosen_calls(row for row in rows if row.status == Status.RETRY)
        for row in rows:
            if workflow.THOUGH_CLOSED in chosen.get(row.about, {}):
                continue
            later = hours.next_opening(row.due_at) if row.status == Status.RETRY else hours.deadline(row.due_at, 1)
            moved += _move(row, later)
    return moved


def _come_back(hours: Hours, now: datetime, reply_working_days: int) -> int:
    """Undo what no longer holds, such as after a pause that ended early: what was promised or agreed holds again."""
    found = ConsultationRequest.objects.filter(status__in=(*PROMISED, Status.RETRY), due_at__gt=now)
    rows = list(found.only("reference", "due_at", "received_at", "status"))
    again = _begun_again(row.about for row in rows)
    chosen = _chosen_calls(row for row in rows if row.status == Status.RETRY)
    moved = 0
    for row in rows:
        if row.status != Status.RETRY:
            due = hours.deadline(again.get(row.about, row.received_at), reply_working_days)
        elif at := chosen.get(row.about, {}).get(workflow.CALL_AT):
            due = hours.next_opening(datetime.fromisoformat(at))
        else:
            continue
        moved += _move(row, due) if now < due < row.due_at else 0
    return moved


def _begun_again(abouts: Iterable[str]) -> dict[str, datetime]:
    """When each of these requests was last reopened, if it was."""
    events = AuditEvent.objects.filter(verb__in=BEGIN_AGAIN, about__in=list(abouts)).order_by()
    events = events.exclude(detail__has_key=workflow.STILL_DUE)
    return dict(events.values_list("about").annotate(Max("at")))


def _chosen_calls(rows: Iterable[ConsultationRequest]) -> dict[str, dict[str, str]]:
    """What the audit trail says of the call that each of these requests waits for: when, and whether though closed."""
    events = AuditEvent.objects.filter(verb__in=CALLS, about__in=[row.about for row in rows]).order_by("id")
    return dict(events.values_list("about", "detail"))


def _move(row: ConsultationRequest, due: datetime) -> int:
    """Set this time, unless somebody has chosen another one meanwhile."""
    return ConsultationRequest.objects.filter(pk=row.pk, due_at=row.due_at).update(due_at=due)
