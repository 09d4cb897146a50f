"""Reading what a browser sent, without losing anything to a limit or an invalid byte."""

import re
from collections.abc import Iterable
from urllib.parse import unquote_plus

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from education.consultations.form.forms import DEFAULTS, FIELD_NAMES
from education.core.contact import email
from education.core.text import clean_input

NAMES = (*FIELD_NAMES, "token", "action", "stop_read", "stop_shown", "remove")
SCREENING = re.compile(r"screening_[a-z0-9_]{1,40}")
MAX_SCREENING_FIELDS = 60
USE_SUGGESTION = "use_suggestion"  # the button under “Did you mean …?”
LINE_LISTS = ("share_pages", "questions")  # one entry a line; the check page can remove single ones
URLENCODED = "application/x-www-form-urlencoded"


# Where nobody catches these, Django answers 400.
class TooLarge(RequestDataTooBig):
    """The body is larger than the site accepts."""


class Unreadable(BadRequest):
    """The body can't be parsed at all."""


def read_post(request: HttpRequest) -> dict[str, str]:
    """The form's own fields and nothing else, cleaned; the last value counts where a name comes twice.

    Raises TooLarge or Unreadable.
    """
    try:
        if request.content_type == URLENCODED:
            pairs = _pairs_in(request.body)
        else:
            pairs = ((name, request.POST.get(name, "")) for name in (*NAMES, *_screening(request.POST)))
        sent = {name: clean_input(value) for name, value in pairs}
    except RequestDataTooBig:
        raise TooLarge from None
    except (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        raise Unreadable from None
    defaults = {name: value for name, value in DEFAULTS.items() if not sent.get(name)}
    return {**sent, **defaults}


def _screening(names: Iterable[str]) -> list[str]:
    """Staff choose the questions, so their fields are recognised by the shape of their names."""
    return [name for name in names if SCREENING.fullmatch(name)][:MAX_SCREENING_FIELDS]


def _pairs_in(body: bytes) -> Iterable[tuple[str, str]]:
    """Django refuses a body of a thousand fields; here only known names are read, however many there are."""
    known = set(NAMES)
    questions: set[str] = set()
    for pair in body.split(b"&"):
        raw, _, value = pair.partition(b"=")
        name = raw[:64].decode("ascii", "replace")
        if SCREENING.fullmatch(name) and len(questions) < MAX_SCREENING_FIELDS:
            questions.add(name)
        if name in known or name in questions:
            yield name, unquote_plus(value.decode("utf-8", "replace"), errors="replace")


def with_accepted_suggestion(typed: dict[str, str]) -> dict[str, str]:
    """What was typed, with the address that was proposed for it, if the page was asked to use that."""
    if typed.get("action") != USE_SUGGESTION:
        return typed
    return {**typed, "email": email.suggestion(typed.get("email", "").strip()) or typed.get("email", "")}


def without_removed_line(typed: dict[str, str]) -> dict[str, str]:
    """What was typed without the line that the check page was asked to remove, such as `remove=questions:0`."""
    field, _, number = typed.get("remove", "").partition(":")
    if field not in LINE_LISTS or not number.isdecimal():
        return typed
    kept = [line for place, line in enumerate(typed.get(field, "").splitlines()) if place != int(number[:6])]
    return {**typed, field: "\n".join(kept)}
