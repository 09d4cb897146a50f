"""Reading what a browser sent, without losing anything to a limit or a wrong byte."""

import re
from collections.abc import Iterable
from urllib.parse import unquote_plus

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from education.consultations.form.forms import DEFAULTS, FIELD_NAMES
from education.core.text import clean_input

NAMES = (*FIELD_NAMES, "token", "action", "stop_read", "remove")
SCREENING = re.compile(r"screening_[a-z0-9_]{1,40}")
MOST_QUESTIONS = 60
LISTS = ("share_pages", "questions")  # what was brought along, one a line
URLENCODED = "application/x-www-form-urlencoded"


class TooMuch(Exception):
    """More than this site takes at once."""


class Garbled(Exception):
    """It can't be read at all."""


def read_post(request: HttpRequest) -> dict[str, str]:
    """The form's own fields and nothing else; the last one counts where a name comes twice."""
    try:
        if request.content_type == URLENCODED:
            pairs = _from_body(request.body)
        else:
            pairs = ((name, request.POST.get(name, "")) for name in (*NAMES, *_screening(request.POST)))
        sent = {name: clean_input(value) for name, value in pairs}
    except RequestDataTooBig:
        raise TooMuch from None
    except (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        raise Garbled from None
    defaults = {name: value for name, value in DEFAULTS.items() if not sent.get(name)}
    return {**sent, **defaults}


def _screening(names: Iterable[str]) -> list[str]:
    """Staff choose the questions, so their names are known by their form only."""
    return [name for name in names if SCREENING.fullmatch(name)][:MOST_QUESTIONS]


def _from_body(body: bytes) -> Iterable[tuple[str, str]]:
    """Django gives up on a list of a thousand fields; here only known names are looked at, however many there are."""
    known = set(NAMES)
    questions: set[str] = set()
    for pair in body.split(b"&"):
        raw, _, value = pair.partition(b"=")
        name = raw[:64].decode("ascii", "replace")
        if SCREENING.fullmatch(name) and len(questions) < MOST_QUESTIONS:
            questions.add(name)
        if name in known or name in questions:
            yield name, unquote_plus(value.decode("utf-8", "replace"), errors="replace")


def without_line(typed: dict[str, str]) -> dict[str, str]:
    """The check page takes away single lines of a list: `remove` names the field and the line."""
    field, _, number = typed.get("remove", "").partition(":")
    if field not in LISTS or not number.isdecimal():
        return typed
    kept = [line for place, line in enumerate(typed.get(field, "").splitlines()) if place != int(number[:6])]
    return {**typed, field: "\n".join(kept)}
