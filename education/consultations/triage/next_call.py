"""When to call again: in opening hours, and at the times that the patient ticked."""

from dataclasses import replace
from datetime import datetime, timedelta

from education.clinic.hours import Hours
from education.consultations.form.call_times import CallTimes

MIN_DELAY = timedelta(hours=3)


def next_call_time(wanted: CallTimes, *, hours: Hours, now: datetime) -> datetime:
    """The first good time that is at least MIN_DELAY away. Times at which the desk is never open are ignored."""
    soonest = now + MIN_DELAY
    return min(one.next_opening(soonest) for one in _narrowed(hours, wanted) or [hours])


def can_be_kept(wanted: CallTimes, hours: Hours) -> bool:
    """Whether the desk is ever open at the times that they chose."""
    return bool(_narrowed(hours, wanted))


def _narrowed(hours: Hours, wanted: CallTimes) -> list[Hours]:
    """The opening hours within each part of the day, on the days that were ticked."""
    days = hours.days & set(wanted.days) if wanted.days else hours.days
    parts = [
        replace(hours, days=days, opens=max(hours.opens, first), closes=min(hours.closes, last))
        for first, last in wanted.windows
    ]
    return [part for part in parts if part.days and part.opens < part.closes]
