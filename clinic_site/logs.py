"""Log lines without patients' data: addresses without their secret part, errors without their message."""

import logging
import re
import traceback
from types import TracebackType

from django.template.exceptions import TemplateDoesNotExist

# Their messages name code, never data.
ABOUT_CODE = (ImportError, NameError, AttributeError, TemplateDoesNotExist)
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class CarefulFormatter(logging.Formatter):
    """`secret_after` lists path segments that a token follows. Of an error it writes type and traceback only: the
    message may quote what a patient wrote.
    """

    def __init__(self, fmt: str, *, secret_after: list[str]) -> None:
        super().__init__(fmt, style="{")
        self.tokens = re.compile(rf"/({'|'.join(map(re.escape, secret_after))})/[^/\s]+")

    def format(self, record: logging.LogRecord) -> str:
        return self.tokens.sub(r"/\1/…", super().format(record))

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802  the name that logging calls
        kind, error, trace = ei
        words = f": {error}" if isinstance(error, ABOUT_CODE) else ""
        return "".join(traceback.format_tb(trace)) + (kind.__name__ if kind else "no error") + words
