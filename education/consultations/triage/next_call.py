"""When to call again: while the desk is open, within what the patient wrote about good times."""

import calendar
import re
from dataclasses import replace
from datetime import datetime, time, timedelta

from education.clinic.hours import Hours
from education.core.text import folded

NOT_BEFORE = timedelta(hours=3)
NOON = time(12)
PARTS = {"morning": (time(0), NOON), "afternoon": (NOON, time(17)), "evening": (time(16), time(23, 59))}
BOUND = re.compile(r"(not before|from|after|before|until|till)\s+(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|a\.m|p\.m)?")
EARLIEST_BOUNDS = ("not before", "from", "after")
FIRST_HOUR = 8  # “after 4” means sixteen hours: nobody is called at four in the night


def next_try(best_times: str, *, hours: Hours, now: datetime) -> datetime:
    """A moment at least some hours from now. Words that can't be read, or never fit, leave opening hours alone."""
    wanted = _narrowed(hours, folded(best_times))
    soonest = now + NOT_BEFORE
    return (wanted or hours).next_opening(soonest)


def _narrowed(hours: Hours, words: str) -> Hours | None:
    days = frozenset(n for n, name in enumerate(calendar.day_name, start=1) if name.lower() in words)
    first, last = _window(words)
    narrowed = replace(
        hours,
        days=hours.days & days if days else hours.days,
        opens=max(hours.opens, first),
        closes=min(hours.closes, last),
    )
    return narrowed if narrowed.days and narrowed.opens < narrowed.closes else None


def _window(words: str) -> tuple[time, time]:
    first, last = time(0), time(23, 59)
    for name, (begin, end) in PARTS.items():
        if name in words and f"not in the {name}" not in words:
            first, last = begin, end
    for bound, hour, minute, half in BOUND.findall(words):
        at = _clock(int(hour), int(minute or 0), half)
        if at and bound in EARLIEST_BOUNDS:
            first = at
        elif at:
            last = at
    return first, last


def _clock(hour: int, minute: int, half: str) -> time | None:
    if half.startswith("p") or (not half and hour < FIRST_HOUR):
        hour = hour + 12 if hour < 12 else hour
    return time(hour, minute) if hour < 24 and minute < 60 else None
