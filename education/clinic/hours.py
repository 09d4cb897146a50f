"""Working time: deadlines and waiting times that count only the desk's opening hours."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format, time_format

from education.clinic.models import ClinicProfile
from education.core.text import counted


@dataclass(frozen=True)
class Hours:
    """The desk's opening hours: the days of the week (Monday is 1), and from when to when."""

    days: frozenset[int]
    opens: time
    closes: time

    @classmethod
    def of(cls, clinic: ClinicProfile) -> "Hours":
        return cls(frozenset(int(day) for day in clinic.working_days), clinic.opens_at, clinic.closes_at)

    def deadline(self, moment: datetime, working_days: int) -> datetime:
        """Closing time, that many working days after this moment."""
        later = (day for day in _days_from(timezone.localdate(moment) + timedelta(days=1)) if self._works_on(day))
        for _ in range(working_days - 1):
            next(later)
        return _moment(next(later), self.closes)

    def next_opening(self, moment: datetime) -> datetime:
        """This moment if the desk is open, otherwise when it opens next."""
        here = timezone.localtime(moment)
        for day in _days_from(here.date()):
            opening = _moment(day, self.opens)
            if self._works_on(day) and _moment(day, self.closes) > moment:
                return max(opening, moment)
        raise AssertionError  # a week has a working day

    def now_in_words(self, moment: datetime) -> str:
        """Whether the desk is open at this moment, and until or from when."""
        opening = timezone.localtime(self.next_opening(moment))
        if opening <= moment:
            return f"Open now, until {time_format(self.closes, 'P')}"
        day = "today" if opening.date() == timezone.localdate(moment) else f"on {date_format(opening, 'l')}"
        return f"Closed now. Open {day} from {date_format(opening, 'P')}"

    def open_time(self, begin: datetime, end: datetime) -> timedelta:
        """How much of the time from `begin` to `end` is within opening hours. Takes the same time for any period."""
        first, last = (timezone.localtime(moment).replace(tzinfo=None) for moment in (begin, end))
        if last <= first:
            return timedelta()
        return self._open_until(last, since=first.date()) - self._open_until(first, since=first.date())

    def _open_until(self, moment: datetime, *, since: date) -> timedelta:
        """The opening hours from the start of the day `since` until a moment, both in local time without a zone."""
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
        """A waiting time in working days, hours or minutes, in words; empty if the desk has not been open since."""
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


def open_now(clinic: ClinicProfile) -> str:
    """Whether the desk is open, in words for patients; empty unless the clinic says when it is."""
    return Hours.of(clinic).now_in_words(timezone.now()) if clinic.opening_hours else ""
