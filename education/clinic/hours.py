"""Working time: deadlines and waiting times that count only the desk's opening hours, and no day off."""

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays
from django.utils import timezone
from django.utils.formats import date_format, get_format, time_format
from django.utils.text import capfirst

from education.clinic.models import ClinicProfile
from education.core.text import counted

MAX_AHEAD = timedelta(days=366)  # a pause that ends later than this is like one whose end nobody knows yet
MINUTES_PER_HOUR = 60
DAYS_A_WEEK = 7
MIN_RUN = 3  # days that are said as the first and the last of them
HALF_OF_DAY = re.compile(r"(?<=\d)[ \xa0]?([ap])\.?m\b\.?", re.IGNORECASE)  # 5 pm, 5PM, 5 p.m.
TELEPHONE_LINE = re.compile(r"(?:tele)?phone\s*:\s*(.+)", re.IGNORECASE)  # among the opening hours
BEGINS_WITH_A_TIME = re.compile(r"(?:from |between )?(?:\d|noon|midnight|mornings?\b|afternoons?\b)", re.IGNORECASE)
NAMES_DAYS = re.compile(r"day|daily|week|\b(?:mon|tues?|wed|thu(?:rs)?|fri|sat|sun)s?\b|\bm ?[–-] ?f\b", re.IGNORECASE)
Period = tuple[date, date | None]  # its first and its last day; None: not known yet


@dataclass(frozen=True)
class DaysOff:
    """Public holidays, the days on which the clinic itself is closed, and pauses, each from its first to its last day.

    Without a country no public holiday counts.
    """

    country: str = ""
    region: str = ""
    own: frozenset[date] = frozenset()
    pauses: tuple[tuple[date, date], ...] = ()

    @classmethod
    def of(cls, clinic: ClinicProfile, pauses: Iterable[Period]) -> "DaysOff":
        """A pause without a known end counts up to today."""
        today = timezone.localdate()
        known = tuple((begins, until if until and until <= today + MAX_AHEAD else today) for begins, until in pauses)
        own = frozenset(date.fromisoformat(day) for day in clinic.closed_days)
        return cls(clinic.country if clinic.closed_on_holidays else "", clinic.region, own, known)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and (
            day in self.own
            or any(begins <= day <= until for begins, until in self.pauses)
            or day in public_holidays(self.country, self.region, day.year)
        )

    def between(self, first: date, end: date) -> set[date]:
        """The days off from `first` to the day before `end`."""
        found = {day for day in self.own if first <= day < end}
        for begins, until in self.pauses:
            start = max(begins, first)
            length = (min(until + timedelta(days=1), end) - start).days
            found |= {start + timedelta(days=offset) for offset in range(length)}
        for year in range(first.year, end.year + 1):
            found |= {day for day in public_holidays(self.country, self.region, year) if first <= day < end}
        return found


@lru_cache(maxsize=64)
def public_holidays(country: str, region: str, year: int) -> frozenset[date]:
    """The holidays of the whole country and of this region of it; an unknown region adds none."""
    if not country:
        return frozenset()
    try:
        return frozenset(holidays.country_holidays(country, subdiv=region or None, years=year))
    except NotImplementedError:
        return public_holidays(country, "", year) if region else frozenset()


def regions_of(country: str) -> list[str]:
    """The short forms of the regions that have public holidays of their own to know of."""
    return holidays.utils.list_supported_countries().get(country, [])


@dataclass(frozen=True)
class Hours:
    """The desk's opening hours: the days of the week (Monday is 1), from when to when, and the days off."""

    days: frozenset[int]
    opens: time
    closes: time
    off: DaysOff = DaysOff()

    @classmethod
    def of(cls, clinic: ClinicProfile, pauses: Iterable[Period] = ()) -> "Hours":
        """`pauses` are those of the request form: while it takes none, nobody answers any."""
        days = frozenset(int(day) for day in clinic.working_days)
        return cls(days, clinic.opens_at, clinic.closes_at, DaysOff.of(clinic, pauses))

    def deadline(self, moment: datetime, working_days: int) -> datetime:
        """Closing time, that many working days after this moment."""
        later = (day for day in _days_from(timezone.localdate(moment) + timedelta(days=1)) if self._works_on(day))
        for _ in range(working_days - 1):
            next(later)
        return _moment(next(later), self.closes)

    def next_opening(self, moment: datetime) -> datetime:
        """This moment if the desk is open, otherwise the next one at which it opens."""
        here = timezone.localtime(moment)
        for day in _days_from(here.date()):
            opening = _moment(day, self.opens)
            if self._works_on(day) and _moment(day, self.closes) > moment:
                return max(opening, moment)
        raise AssertionError  # a week has a working day, and days off come to an end

    def is_open(self, moment: datetime) -> bool:
        return self.next_opening(moment) == moment

    def now_in_words(self, moment: datetime) -> str:
        """Whether the desk is open at this moment, and until or from when."""
        opening = timezone.localtime(self.next_opening(moment))
        if opening <= moment:
            return f"Open now, until {time_format(self.closes)}"
        day = _day(opening.date(), timezone.localdate(moment))
        return f"Closed now. Open {day} from {time_format(opening.time())}"

    def open_time(self, begin: datetime, end: datetime) -> timedelta:
        """How much of the time from `begin` to `end` is within opening hours."""
        first, last = (timezone.localtime(moment).replace(tzinfo=None) for moment in (begin, end))
        if last <= first:
            return timedelta()
        return self._open_until(last, since=first.date()) - self._open_until(first, since=first.date())

    def _open_until(self, moment: datetime, *, since: date) -> timedelta:
        """The opening hours from the start of the day `since` until a moment, both in local time without a zone."""
        weeks, rest = divmod((moment.date() - since).days, 7)
        days = weeks * len(self.days)
        days += sum((since + timedelta(days=offset)).isoweekday() in self.days for offset in range(rest))
        days -= sum(day.isoweekday() in self.days for day in self.off.between(since, moment.date()))
        total = days * self.day_length
        if self._works_on(moment.date()):
            opened = moment - datetime.combine(moment.date(), self.opens)
            total += min(max(opened, timedelta()), self.day_length)
        return total

    @property
    def day_length(self) -> timedelta:
        return datetime.combine(date.min, self.closes) - datetime.combine(date.min, self.opens)

    def waited(self, begin: datetime, end: datetime) -> str:
        """How long, in words: in working days; what came the same day, by the clock. Empty if the desk has not been
        open since.
        """
        waited = self.open_time(begin, end)
        if not waited:
            return ""
        if waited >= self.day_length:
            return counted(int(waited / self.day_length), "working day")
        if timezone.localdate(begin) < timezone.localdate(end):
            return "less than a working day"  # nobody counts hours across a night
        return _by_the_clock(end - begin)

    def within(self, waited: timedelta) -> str:
        """The fewest whole working days that hold this much opening time, in words: what patients may be told."""
        return counted(max(-(-waited // self.day_length), 1), "working day")

    def _works_on(self, day: date) -> bool:
        return day.isoweekday() in self.days and day not in self.off


def _by_the_clock(length: timedelta) -> str:
    minutes = length // timedelta(minutes=1)
    if minutes >= MINUTES_PER_HOUR:
        return counted(minutes // MINUTES_PER_HOUR, "hour")
    return counted(minutes, "minute") if minutes else "less than a minute"


def _day(day: date, today: date) -> str:
    """With its date where the name of a day could be that of the week before."""
    if day == today:
        return "today"
    return f"on {date_format(day, 'l' if day < today + timedelta(days=7) else 'WEEKDAY_FORMAT')}"


def _days_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += timedelta(days=1)


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


def open_now(clinic: ClinicProfile) -> str:
    """Whether the desk is open, in words for patients; empty unless the clinic says when it is."""
    return Hours.of(clinic).now_in_words(timezone.now()) if clinic.opening_hours else ""


def as_the_site_writes(opening_hours: str) -> str:
    """Opening hours as the clinic types them, each “5 pm” as all other times are written: 5 p.m."""
    if get_format("TIME_FORMAT") != "P":
        return opening_hours
    return HALF_OF_DAY.sub(lambda half: f" {half[1].lower()}.m.", opening_hours)


def hours_to_call(clinic: ClinicProfile) -> str:
    """When the telephone is answered: its own line among the opening hours, or else their first line.

    Beside the number it has lost the line above it, which may have named the days: without any, a reader would take its
    hours for those of every day. Then those on which somebody answers come first.
    """
    lines = [line.strip() for line in as_the_site_writes(clinic.opening_hours).splitlines() if line.strip()]
    own = next(filter(None, map(TELEPHONE_LINE.match, lines)), None)
    hours = own[1] if own else "".join(lines[:1])
    if BEGINS_WITH_A_TIME.match(hours) and not NAMES_DAYS.search(hours):
        return f"{_days(clinic.working_days)}, {hours[0].lower()}{hours[1:]}"
    return capfirst(hours)


def _days(digits: str) -> str:
    """1235 is Monday to Wednesday and Friday."""
    days = [int(digit) for digit in digits]
    if len(days) == DAYS_A_WEEK:
        return "Daily"
    begins = [day for day in days if day - 1 not in days]
    ends = [day for day in days if day + 1 not in days]
    said = [words for run in zip(begins, ends, strict=True) for words in _run(*run)]
    return " and ".join(filter(None, [", ".join(said[:-1]), said[-1]]))


def _run(first: int, last: int) -> list[str]:
    names = [calendar.day_name[day - 1] for day in range(first, last + 1)]
    return names if len(names) < MIN_RUN else [f"{names[0]} to {names[-1]}"]
