"""No log line holds what a patient wrote."""

import json
import logging
import os
import sys

import pytest
from django.template.exceptions import TemplateDoesNotExist
from django.urls import get_resolver

from clinic_site.logs import SECRET_AFTER, CarefulFormatter, JsonFormatter

FORMATTER = CarefulFormatter("{levelname} {message}")


def line(message: str, *args: object, error: BaseException | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    return FORMATTER.format(logging.LogRecord("x", logging.ERROR, __file__, 1, message, args, info))


def test_each_line_says_when_in_utc_which_process_and_which_part() -> None:
    record = logging.LogRecord("education.outbox", logging.ERROR, __file__, 1, "A mail failed", (), None)
    record.created, record.msecs = 1_000_000_000.25, 250.0
    assert CarefulFormatter().format(record) == (
        f"2001-09-09T01:46:40.250Z {os.getpid()} ERROR education.outbox: A mail failed"
    )


def test_an_address_without_its_token() -> None:
    assert line("Not Found: %s", "/my-request/abc_DEF-123/withdraw/") == "ERROR Not Found: /my-request/…/withdraw/"
    assert line("Not Found: %s", "/setup/abc") == "ERROR Not Found: /setup/…"
    assert line("Error handling request GET %s", "/preview/abc:d-E_f/?x") == (
        "ERROR Error handling request GET /preview/…/?x"
    )
    assert line("Not Found: %s", "/ldn/what-ldn-is/") == "ERROR Not Found: /ldn/what-ldn-is/"


def test_every_address_with_a_token_is_in_the_list() -> None:
    found = get_resolver().reverse_dict
    ways = [way for name in found for way, *_ in found.getlist(name)]
    assert {way.partition("/")[0] for ((way, names),) in ways if "token" in names} == set(SECRET_AFTER)


def test_a_sender_of_a_broken_request_without_his_address() -> None:
    assert line("Invalid request from ip=192.0.2.7: bad") == "ERROR Invalid request from ip=…: bad"


def test_an_error_without_its_text() -> None:
    try:
        int("Jane Doe")
    except ValueError as error:
        told = line("failed", error=error)
    assert told.endswith("ValueError")
    assert "test_logs.py" in told
    assert "Jane" not in told.replace('int("Jane Doe")', "")


@pytest.mark.parametrize("error", [ImportError("no x"), AttributeError("no y"), TemplateDoesNotExist("z.html")])
def test_an_error_about_code_with_its_text(error: BaseException) -> None:
    assert line("failed", error=error).endswith(f"{type(error).__name__}: {error}")


def test_no_error_at_all() -> None:
    assert FORMATTER.formatException(sys.exc_info()) == "no error"


def test_as_json_each_line_is_one_object_just_as_careful() -> None:
    try:
        int("Jane Doe")
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("education.x", logging.ERROR, __file__, 1, "Not Found: %s", ("/my-request/abc/",), info)
    record.created, record.msecs = 1_000_000_000.25, 250.0
    written = JsonFormatter().format(record)
    told = json.loads(written)
    assert "\n" not in written
    assert told["time"] == "2001-09-09T01:46:40.250Z"
    assert (told["level"], told["logger"], told["process"]) == ("ERROR", "education.x", os.getpid())
    assert told["message"] == "Not Found: /my-request/…/"
    assert told["trace"].endswith("ValueError")
