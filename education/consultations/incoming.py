"""Reading what a browser sent, without losing anything to a limit or a wrong byte."""

from collections.abc import Iterable
from urllib.parse import unquote_plus

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from education.consultations.forms import DEFAULTS, FIELD_NAMES
from education.core.text import clean_input

NAMES = (*FIELD_NAMES, "token", "action")
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
            pairs = ((name, request.POST.get(name, "")) for name in NAMES)
        sent = {name: clean_input(value) for name, value in pairs}
    except RequestDataTooBig:
        raise TooMuch from None
    except (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        raise Garbled from None
    defaults = {name: value for name, value in DEFAULTS.items() if not sent.get(name)}
    return {**sent, **defaults}


def _from_body(body: bytes) -> Iterable[tuple[str, str]]:
    """Django gives up on a list of a thousand fields; here only known names are looked at, however many there are."""
    known = {name.encode(): name for name in NAMES}
    for pair in body.split(b"&"):
        name, _, value = pair.partition(b"=")
        if name in known:
            yield known[name], unquote_plus(value.decode("utf-8", "replace"), errors="replace")
