"""Dates as people write them."""

import calendar
from datetime import date

MAX_AGE = 120  # years
MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
MIN_MONTH_LETTERS = 3


class DateProblem(ValueError):
    """What is wrong with a date, in words, and with which part of it: day, month or year."""

    def __init__(self, part: str, words: str) -> None:
        super().__init__(words)
        self.part, self.words = part, words


def read_date(day: str, month: str, year: str, *, today: date) -> date | None:
    """The date of three typed parts, None when all are empty. The month is a number or a name. Raises DateProblem."""
    typed = {"day": day.strip(), "month": month.strip().rstrip("."), "year": year.strip()}
    if not any(typed.values()):
        return None
    for part, value in typed.items():
        if not value:
            raise DateProblem(part, f"Enter the {part} of birth as well, or leave all three parts empty.")
    number = {"day": _number(typed["day"]), "month": _month(typed["month"]), "year": _number(typed["year"])}
    _require_plausible(number, today)
    try:
        born = date(number["year"], number["month"], number["day"])
    except ValueError:
        raise DateProblem("day", f"{calendar.month_name[number['month']]} {number['year']} has no such day.") from None
    if born > today:
        raise DateProblem("year", "This date is in the future. Check the date of birth.")
    return born


def age_on(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def in_words(day: date) -> str:
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def _require_plausible(number: dict[str, int], today: date) -> None:
    if not 1 <= number["day"] <= 31:
        raise DateProblem("day", "Enter the day as a number from 1 to 31.")
    if not 1 <= number["month"] <= 12:
        raise DateProblem("month", "Enter the month as a name or a number, for example March or 3.")
    if not today.year - MAX_AGE <= number["year"] <= today.year:
        raise DateProblem("year", "Enter the year with four digits, for example 1980.")


def _number(value: str) -> int:
    return int(value) if value.isdecimal() and len(value) <= len("2000") else 0


def _month(value: str) -> int:
    """A number, a name, or the beginning of a name: 3, March, Mar."""
    typed = value.casefold()
    if len(typed) >= MIN_MONTH_LETTERS:
        for name, number in MONTHS.items():
            if name.startswith(typed):
                return number
    return _number(value)
