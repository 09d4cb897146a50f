"""The bare servers that the site is compared with: they send a constant response, the one that the site sends."""

import base64
import json
import os
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

RESPONSE = json.loads(Path(os.environ["BENCH_ANSWER"]).read_text())
HEADERS: list[tuple[str, str]] = [(name, value) for name, value in RESPONSE["headers"]]
RAW_HEADERS = [(name.encode(), value.encode()) for name, value in HEADERS]
BODY = base64.b64decode(RESPONSE["body"])
ESSENTIAL_HEADERS = [pair for pair in HEADERS if pair[0] in ("content-type", "content-encoding", "content-length")]


def application(environ: dict[str, object], start_response: Callable[..., object]) -> Iterable[bytes]:
    """WSGI, with only the headers that are indispensable."""
    start_response("200 OK", ESSENTIAL_HEADERS)
    return [BODY]


async def asgi(scope: dict[str, Any], receive: Any, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
    """ASGI, with every header of the site."""
    if scope["type"] == "lifespan":
        return
    await send({"type": "http.response.start", "status": 200, "headers": RAW_HEADERS})
    await send({"type": "http.response.body", "body": BODY})
