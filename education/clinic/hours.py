"""Time as the desk counts it: only while it is open."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from education.clinic.models import ClinicProfile
from education.core.text import counted


@dataclass(frozen=True)
class Hours:
    """On which days of the week (Monday is 1) and between which hours somebody is there."""

    days: frozenset[int]
    opens: time
    closes: time

    @classmethod
    def of(cls, clinic: ClinicProfile) -> "Hours":
        return cls(frozenset(int(day) for day in clinic.working_days), clinic.opens_at, clinic.closes_at)

    def deadline(self, moment: datetime, working_days: int) -> datetime:
        """The close of business so many working days after this one."""
        later = (day for day in _days_from(timezone.localdate(moment) + timedelta(days=1)) if self._works_on(day))
        for _ in range(working_days - 1):
            next(later)
        return _moment(next(later), self.closes)

    def next_opening(self, moment: datetime) -> datetime:
        """This moment while the desk is open, or else when it opens again."""
        here = timezone.localtime(moment)
        for day in _days_from(here.date()):
            opening = _moment(day, self.opens)
            if self._works_on(day) and _moment(day, self.closes) > moment:
                return max(opening, moment)
        raise AssertionError  # a week has a working day

    def open_time(self, begin: datetime, end: datetime) -> timedelta:
        """How much of the time between lies within opening hours. Whole weeks are counted, not walked through."""
        first, last = (timezone.localtime(moment).replace(tzinfo=None) for moment in (begin, end))
        if last <= first:
            return timedelta()
        return self._open_until(last, since=first.date()) - self._open_until(first, since=first.date())

    def _open_until(self, moment: datetime, *, since: date) -> timedelta:
        """The opening hours from the start of a day to a moment, by the clock on the wall."""
        weeks, rest = divmod((moment.date() - since).days, 7)
        days = weeks * len(self.days) + sum(self._works_on(since + timedelta(days=offset)) for offset in range(rest))
        total = days * self.day_length
        if self._works_on(moment.date()):
            opened = moment - datetime.combine(moment.date(), self.opens)
            total += min(max(opened, timedelta()), self.day_length)
        return total

    @property
    def day_length(self) -> timedelta:
        return datetime.combine(date.min, self.closes) - datetime.combine(date.min, self.opens)

    def in_words(self, waited: timedelta) -> str:
        """A stretch of opening hours as a receptionist says it; nothing while the desk has not been open."""
        if not waited:
            return ""
        if waited >= self.day_length:
            return counted(int(waited / self.day_length), "working day")
        if waited >= timedelta(hours=1):
            return counted(int(waited / timedelta(hours=1)), "working hour")
        minutes = int(waited / timedelta(minutes=1))
        return counted(minutes, "working minute") if minutes else "less than a minute"

    def _works_on(self, day: date) -> bool:
        return day.isoweekday() in self.days


def _days_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += timedelta(days=1)


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
