"""A date of birth, as people type it: in three boxes or in one."""

import calendar
from datetime import date

from django.utils.formats import date_format

from education.clinic.dates import month_number, parts_of, whole

MAX_AGE = 120  # years
DAY_NEEDED = "Enter the day as a number from 1 to 31."
MONTH_NEEDED = "Enter the month as a name or a number, for example March or 3."
YEAR_NEEDED = "Enter the year with four digits, for example 1980."
PART_NEEDED = "Enter the {part} of birth as well, or leave all three parts empty."


class DateProblem(ValueError):
    """What is wrong with a date, in words, and with which part of it: day, month or year."""

    def __init__(self, part: str, words: str) -> None:
        super().__init__(words)
        self.part, self.words = part, words


def read_date(day: str, month: str, year: str, *, today: date) -> date | None:
    """The date of three typed parts, or of a whole date in one of them; None when all are empty. Raises DateProblem."""
    typed = {"day": day.strip(), "month": month.strip().rstrip("."), "year": year.strip()}
    filled = [value for value in typed.values() if value]
    if not filled:
        return None
    if len(filled) == 1:
        typed = parts_of(filled[0]) or typed
    for part, value in typed.items():
        if not value:
            raise DateProblem(part, PART_NEEDED.format(part=part))
    number = {"day": whole(typed["day"]), "month": month_number(typed["month"]), "year": whole(typed["year"])}
    _require_plausible(number, typed["year"], today)
    try:
        born = date(number["year"], number["month"], number["day"])
    except ValueError:
        raise DateProblem("day", f"{calendar.month_name[number['month']]} {number['year']} has no such day.") from None
    if born > today:
        raise DateProblem("year", f"{date_format(born)} is in the future. Check the date of birth.")
    return born


def age_on(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _require_plausible(number: dict[str, int], year: str, today: date) -> None:
    if not 1 <= number["day"] <= 31:
        raise DateProblem("day", DAY_NEEDED)
    if not 1 <= number["month"] <= 12:
        raise DateProblem("month", MONTH_NEEDED)
    if number["year"] < 1000:
        raise DateProblem("year", YEAR_NEEDED)
    if number["year"] > today.year:
        raise DateProblem("year", f"The year {year} is in the future. Enter the year of birth, for example 1980.")
    if number["year"] < today.year - MAX_AGE:
        raise DateProblem("year", f"The year {year} is more than {MAX_AGE} years ago. Check the year of birth.")
