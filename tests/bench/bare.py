"""The bare server that everything is measured against: gunicorn with our settings and constant bytes."""

import os
from collections.abc import Callable, Iterable

BODY = b"x" * int(os.environ.get("BENCH_BYTES", "16384"))


def application(environ: dict[str, object], start_response: Callable[..., object]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(BODY)))])
    return [BODY]
