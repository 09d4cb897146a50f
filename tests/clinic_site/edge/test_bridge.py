"""The bridge to Django, where a process ends while somebody is still being answered."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from clinic_site.edge.bridge import Bridge

SCOPE: dict[str, Any] = {
    "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": "/", "raw_path": b"/",
    "query_string": b"", "headers": [],
}  # fmt: skip


def test_a_thread_that_answers_too_late_ends_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, let_go, complaints = threading.Event(), threading.Event(), []
    monkeypatch.setattr(threading, "excepthook", complaints.append)

    def slow(variables: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        asked.set()
        let_go.wait(20)
        start_response("200 OK", [])
        return [b"late"]

    async def ask_and_leave() -> None:
        bridge = Bridge(slow, threads=1, max_waiting=1)
        bridge.start()
        asyncio.get_running_loop().create_task(bridge(SCOPE))
        assert await asyncio.to_thread(asked.wait, 20)

    asyncio.run(ask_and_leave())
    (thread,) = [thread for thread in threading.enumerate() if thread.name == "django"]
    let_go.set()
    thread.join(20)
    assert not thread.is_alive()
    assert complaints == []
