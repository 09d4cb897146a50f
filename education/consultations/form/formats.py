"""What a browser can tell of a wrong answer by its shape: said at “Continue” of its part, in the server's words.

The server checks every answer again, and more closely. Nothing that it takes may be stopped here.
"""

from collections.abc import Mapping

from django.forms import Field

from education.consultations.form import dates
from education.core.contact import email, telephone

WHOLE_DATE = r"[\p{L}\p{N}]+([ .\/,\-]+[\p{L}\p{N}]+){2}"  # in one of its three boxes
OTHER_DIGITS = r"(?![0-9])\p{Nd}+"
# By field: a pattern, and what to do.
FORMATS = {
    "email": (r".*[^\s@]@[^\s@]+\.[^\s@].*", email.NEEDED),
    "phone": (rf"(\P{{Nd}}*\p{{Nd}}){{{telephone.MIN_DIGITS},}}.*", telephone.NEEDED),
    "date_of_birth_day": (rf"\s*(0?[1-9]|[12]\d|3[01]|{OTHER_DIGITS}|{WHOLE_DATE})\s*", dates.DAY_NEEDED),
    "date_of_birth_month": (
        rf"\s*(0?[1-9]|1[0-2]|{OTHER_DIGITS}|\p{{L}}{{3,}}\.?|{WHOLE_DATE})\s*",
        dates.MONTH_NEEDED,
    ),
    "date_of_birth_year": (rf"\s*(\p{{Nd}}{{4}}|{WHOLE_DATE})\s*", dates.YEAR_NEEDED),
}


def mark(fields: Mapping[str, Field]) -> None:
    for name, (pattern, words) in FORMATS.items():
        fields[name].widget.attrs.update({"data-wrong": words, "data-pattern": pattern})
    for part in ("day", "month", "year"):
        fields[f"date_of_birth_{part}"].widget.attrs["data-missing"] = dates.PART_NEEDED.format(part=part)
