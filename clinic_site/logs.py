"""Log lines and reports without patients' data: addresses without their secret part, errors without their message."""

import json
import logging
import re
import secrets
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from types import TracebackType
from typing import Any

from django.template.exceptions import TemplateDoesNotExist

try:
    import sentry_sdk
except ImportError:  # a clinic that wants reports installs it
    sentry_sdk = None

# Their messages name code, never data.
ABOUT_CODE = (ImportError, NameError, AttributeError, TemplateDoesNotExist)
# Segments of an address that a secret token follows: who has such an address needs no password.
SECRET_AFTER = ("my-request", "request-a-consultation", "preview", "setup")
TOKENS = re.compile(rf"/({'|'.join(SECRET_AFTER)})/[^/\s?]+")
ADDRESSES = re.compile(r"\bip=[^\s:]+(:[^\s:]+)*")  # gunicorn's word for whoever sent a broken request
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
request_id: ContextVar[str] = ContextVar("request_id", default="")


def with_request_id(get_response: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Middleware: all lines of one request carry the same number, drawn by chance, which says nothing of who asked.

    It stays until this thread answers the next one: Django writes its own line last.
    """

    def middleware(request: Any) -> Any:
        request_id.set(secrets.token_hex(4))
        return get_response(request)

    return middleware


class CarefulFormatter(logging.Formatter):
    """Of an error it writes type and traceback only: the message may quote what a patient wrote. Times are in UTC."""

    converter = staticmethod(time.gmtime)
    default_time_format, default_msec_format = "%Y-%m-%dT%H:%M:%S", "%s.%03dZ"

    def __init__(self, fmt: str = "{asctime} {process} {levelname} {name}: {message}") -> None:
        super().__init__(fmt, style="{")

    def format(self, record: logging.LogRecord) -> str:
        return ADDRESSES.sub("ip=…", TOKENS.sub(r"/\1/…", super().format(record)))

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802  the name that logging calls
        kind, error, trace = ei
        words = f": {error}" if isinstance(error, ABOUT_CODE) else ""
        return "".join(traceback.format_tb(trace)) + (kind.__name__ if kind else "no error") + words


class JsonFormatter(CarefulFormatter):
    """The same as one JSON object a line, for programs that collect logs."""

    def __init__(self) -> None:
        super().__init__("{message}")

    def format(self, record: logging.LogRecord) -> str:
        words, _, trace = super().format(record).partition("\n")
        facts: dict[str, object] = {"time": self.formatTime(record), "level": record.levelname, "logger": record.name}
        facts |= {"process": record.process, "message": words, "request": request_id.get(), "trace": trace}
        return json.dumps({name: value for name, value in facts.items() if value != ""}, ensure_ascii=False)


FORMATTERS = {"text": CarefulFormatter, "json": JsonFormatter}


def to_console(log_format: str) -> dict[str, Any]:
    """LOGGING of Django's settings: `log_format` is a key of FORMATTERS."""
    ours = {"handlers": ["console"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": FORMATTERS[log_format]}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {"django": {**ours, "level": "WARNING"}, "education": {**ours, "level": "INFO"}},
    }


def report_errors_to(dsn: str) -> bool:
    """Send errors to a server that speaks Sentry's language. False when its package is not installed."""
    if sentry_sdk is None:
        return False
    sentry_sdk.init(
        dsn=dsn,
        before_send=careful_event,
        before_send_transaction=lambda *_: None,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        server_name="",
    )
    return True


def careful_event(event: dict[str, Any], _: object) -> dict[str, Any] | None:
    """Of an error, its types and the lines of code that it went through; nothing else, whatever the event holds."""
    errors = (event.get("exception") or {}).get("values") or []
    if not errors:
        return None
    kept: dict[str, Any] = {
        name: event[name] for name in ("event_id", "timestamp", "platform", "level") if name in event
    }
    return {**kept, "exception": {"values": [_types_and_lines(error) for error in errors]}}


def _types_and_lines(error: dict[str, Any]) -> dict[str, Any]:
    frames = (error.get("stacktrace") or {}).get("frames") or []
    lines = [{name: frame.get(name) for name in ("module", "filename", "function", "lineno")} for frame in frames]
    return {"type": error.get("type"), "module": error.get("module"), "stacktrace": {"frames": lines}}
