"""No log line holds what a patient wrote."""

import json
import logging
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.template.exceptions import TemplateDoesNotExist
from django.test import Client
from django.urls import get_resolver

from clinic_site import logs, urls
from clinic_site.logs import SECRET_AFTER, CarefulFormatter, JsonFormatter
from tests.clinic_site.production import COMPLETE
from tests.clinic_site.test_variables import refused

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


@pytest.mark.django_db
def test_as_json_all_lines_of_one_request_have_its_number(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[dict[str, str]] = []
    django, handler = logging.getLogger("django.request"), logging.Handler()
    monkeypatch.setattr(handler, "emit", lambda record: lines.append(json.loads(JsonFormatter().format(record))))
    monkeypatch.setattr(django, "handlers", [handler])

    def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
        django.warning("ours")
        return HttpResponse(status=404)

    monkeypatch.setattr(urls, "handler404", not_found)
    for _ in range(2):
        client.get("/not/there/")
    ours, djangos, *another = lines
    assert (ours["message"], djangos["message"]) == ("ours", "Not Found: /not/there/")
    assert len(ours["request"]) == 8
    assert ours["request"] == djangos["request"] != another[0]["request"] == another[1]["request"]


# Reports of errors


def test_no_answer_can_get_into_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the package puts into an event, only types and lines of code go on."""
    given: dict[str, Any] = {}
    monkeypatch.setattr(logs, "sentry_sdk", SimpleNamespace(init=lambda **options: given.update(options)))
    assert logs.report_errors_to("https://key@reports.test/1")
    assert given["max_request_body_size"] == "never"
    assert not given["send_default_pii"]
    assert not given["include_local_variables"]
    secret = {"Jane": "Canary", "list": ["Canary"]}
    frame = {
        "module": "education.x",
        "filename": "x.py",
        "function": "f",
        "lineno": 3,
        "vars": secret,
        "context_line": "Canary",
    }
    error = {
        "type": "ValueError",
        "value": "Canary",
        "module": "m",
        "mechanism": secret,
        "stacktrace": {"frames": [frame]},
    }
    everything = (
        *("message", "logentry", "request", "user", "tags", "extra", "contexts", "breadcrumbs", "transaction"),
        *("server_name", "fingerprint", "modules", "threads", "spans", "sdk", "anything that is new"),
    )
    event = {"event_id": "e1", "level": "error", "exception": {"values": [error]}}
    event |= dict.fromkeys(everything, secret)
    sent = given["before_send"](event, {"exc_info": secret})
    assert "Canary" not in repr(sent)
    assert "Jane" not in repr(sent)
    assert (sent["exception"]["values"][0]["type"], sent["event_id"]) == ("ValueError", "e1")
    assert sent["exception"]["values"][0]["stacktrace"]["frames"][0]["lineno"] == 3
    assert given["before_send"]({"message": "Canary"}, {}) is None
    assert given["before_send_transaction"]({"transaction": "Canary"}, {}) is None


def test_without_the_package_a_line_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "sentry_sdk", None)
    assert not logs.report_errors_to("https://key@reports.test/1")
    line = refused(tmp_path, **COMPLETE, SENTRY_DSN="https://key@reports.test/1")
    assert line.startswith("SENTRY_DSN needs sentry-sdk, which is not installed")
    assert "key@" not in line
