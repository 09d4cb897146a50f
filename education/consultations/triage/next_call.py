"""When to call again: in opening hours, and at the times that the patient said are good, as far as they can be read."""

import calendar
import re
from dataclasses import replace
from datetime import datetime, time, timedelta

from education.clinic.hours import Hours
from education.core.text import folded

MIN_DELAY = timedelta(hours=3)
NOON = time(12)
PARTS_OF_DAY = {"morning": (time(0), NOON), "afternoon": (NOON, time(17)), "evening": (time(16), time(23, 59))}
BOUND_WORDS = re.compile(r"(not before|from|after|before|until|till)\s+(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|a\.m|p\.m)?")
LOWER_BOUNDS = ("not before", "from", "after")
FIRST_MORNING_HOUR = 8  # without am or pm, “after 4” means 16:00


def next_call_time(best_times: str, *, hours: Hours, now: datetime) -> datetime:
    """The first good time that is at least MIN_DELAY away. `best_times` is what the patient wrote.

    What can't be read there, or leaves no time open, is ignored.
    """
    wanted = _narrowed(hours, folded(best_times))
    soonest = now + MIN_DELAY
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
    for name, (begin, end) in PARTS_OF_DAY.items():
        if name in words and f"not in the {name}" not in words:
            first, last = begin, end
    for bound, hour, minute, half in BOUND_WORDS.findall(words):
        at = _clock(int(hour), int(minute or 0), half)
        if at and bound in LOWER_BOUNDS:
            first = at
        elif at:
            last = at
    return first, last


def _clock(hour: int, minute: int, half: str) -> time | None:
    if half.startswith("p") or (not half and hour < FIRST_MORNING_HOUR):
        hour = hour + 12 if hour < 12 else hour
    return time(hour, minute) if hour < 24 and minute < 60 else None
