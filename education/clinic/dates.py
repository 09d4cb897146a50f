"""How the clinic's country writes dates and times, and reads them. The formats are in `clinic_site/formats`."""

import calendar
import re
from datetime import date

from django.utils.formats import get_format

MONTH_FIRST = "en"  # the United States
TWELVE_HOURS = {"AU", "CA", "GB", "IN", "NZ", "ZA"}
# Spanish too: whoever asks for an interpreter may write a date of birth as at home.
IN_SPANISH = "enero, febrero, marzo, abril, mayo, junio, julio, agosto, septiembre, octubre, noviembre, diciembre"
MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name: number for number, name in enumerate(IN_SPANISH.split(", "), start=1)}
MIN_MONTH_LETTERS = 3
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
WRITTEN = re.compile(r"(\w+)\.?[ ./,-]+(\w+)\.?[ ./,-]+(\d{4})")
ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)", re.IGNORECASE)


def language_of(country: str) -> str:
    """The kind of English whose dates and times a country uses, as Django names languages."""
    if country == "US":
        return MONTH_FIRST
    return "en-gb" if country in TWELVE_HOURS else "en-ie"


def order() -> tuple[str, str, str]:
    """The order of day, month and year in the active language."""
    month_first = get_format("SHORT_DATE_FORMAT").startswith("m")
    return ("month", "day", "year") if month_first else ("day", "month", "year")


def parts_of(typed: str) -> dict[str, str] | None:
    """Day, month and year of a whole date, as typed; None for anything else.

    Two numbers before the year are read as the country reads them, unless only the other way makes a month.
    """
    typed = typed.strip()
    if iso := ISO.fullmatch(typed):
        return dict(zip(("year", "month", "day"), iso.groups(), strict=True))
    written = WRITTEN.fullmatch(typed)
    if written is None:
        return None
    first, second, year = (ORDINAL.sub(r"\1", part) for part in written.groups())
    day_first = order()[0] == "day"
    if not (first.isdecimal() and second.isdecimal()):
        day_first = first.isdecimal()
    elif not is_month(second if day_first else first) and is_month(first if day_first else second):
        day_first = not day_first
    day, month = (first, second) if day_first else (second, first)
    return {"day": day, "month": month, "year": year}


def read_date(typed: str) -> date | None:
    """A whole date, as people write it in the clinic's country or in ISO 8601; None for what is none."""
    parts = parts_of(typed)
    if parts is None:
        return None
    try:
        return date(whole(parts["year"]), month_number(parts["month"]), whole(parts["day"]))
    except ValueError:
        return None


def is_month(typed: str) -> bool:
    return 1 <= month_number(typed) <= 12


def month_number(typed: str) -> int:
    """The month that a number, a name or the beginning of a name means: 3, March, Mar. 0 for none of these."""
    name = typed.casefold()
    if len(name) >= MIN_MONTH_LETTERS:
        for month, number in MONTHS.items():
            if month.startswith(name):
                return number
    return whole(typed)


def whole(typed: str) -> int:
    """A number of at most four digits; 0 for anything else."""
    return int(typed) if typed.isdecimal() and len(typed) <= len("2000") else 0
