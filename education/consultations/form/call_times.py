"""When a patient may be called: ticks for days and parts of the day. What is written beside them is for people only.

The form offers those within the clinic's hours. All are taken: a page of the form may be older than the hours.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from education.clinic.hours import Hours
from education.clinic.models import ClinicProfile

NOON, EVENING = time(12), time(17)
PARTS_OF_DAY = {
    "morning": ("Mornings", time(0), NOON),
    "afternoon": ("Afternoons", NOON, EVENING),
    "evening": ("Evenings", EVENING, time(23, 59)),
}
DAYS = {f"call_day_{number}": name for number, name in enumerate(calendar.day_name, start=1)}
PARTS = {f"call_{part}": words for part, (words, _, _) in PARTS_OF_DAY.items()}
TICKS = {**DAYS, **PARTS}  # label by field


def offered(clinic: ClinicProfile) -> tuple[str, ...]:
    """The ticks that fit into the clinic's hours; all of them until the profile says when it is open."""
    if not clinic.opening_hours:
        return tuple(TICKS)
    hours = Hours.of(clinic)
    parts = [part for part, (_, begins, ends) in PARTS_OF_DAY.items() if begins < hours.closes and hours.opens < ends]
    return (*(f"call_day_{day}" for day in sorted(hours.days)), *(f"call_{part}" for part in parts))


@dataclass(frozen=True)
class CallTimes:
    """Days of the week (Monday is 1) and parts of the day. Without any, every one is good."""

    days: tuple[int, ...] = ()
    parts: tuple[str, ...] = ()

    @classmethod
    def of(cls, answers: Mapping[str, object]) -> "CallTimes":
        """The times in these answers, given by field. Requests from before there were ticks have none."""
        days = tuple(number for number, field in enumerate(DAYS, start=1) if answers.get(field))
        return cls(days, tuple(part for part in PARTS_OF_DAY if answers.get(f"call_{part}")))

    @property
    def windows(self) -> list[tuple[time, time]]:
        """The beginning and the end of each chosen part of the day."""
        return [PARTS_OF_DAY[part][1:] for part in self.parts] or [(time(0), time(23, 59))]

    def __str__(self) -> str:
        days = ", ".join(calendar.day_name[number - 1] for number in self.days)
        parts = ", ".join(PARTS_OF_DAY[part][0].lower() for part in self.parts)
        words = ": ".join(filter(None, [days, parts]))
        return words[:1].upper() + words[1:]
