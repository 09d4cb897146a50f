"""What a browser can tell of a wrong answer by its shape: said at “Continue” of its part, in the server's words.

The server checks every answer again, and more closely.
"""

from collections.abc import Mapping

from django.forms import Field

EMAIL = "Enter an e-mail address such as name@example.org."
# By field: a pattern, or nothing where the type of the input says enough, and what to do.
FORMATS = {
    "email": ("", EMAIL),
    "phone": (r"(\P{Nd}*\p{Nd}){5,}.*", "Enter the whole telephone number, with its area code."),
    "date_of_birth_day": (r"\s*(0?[1-9]|[12]\d|3[01])\s*", "Enter the day as a number from 1 to 31."),
    "date_of_birth_month": (
        r"\s*(0?[1-9]|1[0-2]|\p{L}{3,}\.?)\s*",
        "Enter the month as a name or a number, for example March or 3.",
    ),
    "date_of_birth_year": (r"\s*\d{4}\s*", "Enter the year with four digits, for example 1980."),
}


def mark(fields: Mapping[str, Field]) -> None:
    for name, (pattern, words) in FORMATS.items():
        attrs = {"data-wrong": words, "data-pattern": pattern} if pattern else {"data-wrong": words}
        fields[name].widget.attrs.update(attrs)
