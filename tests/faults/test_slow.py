"""People who are slow, on purpose or not, keep nobody else waiting, and are let go in the end."""

import contextlib
import resource
import select
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.wire import HOST, connect, get
from tests.server import Launcher, Run

SLOW, IDLE = 200, 2_000
PATIENCE = 30
DRIP = {
    "headers": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    "body": b"POST /request-a-consultation/ HTTP/1.1\r\n" + HOST + b"Content-Length: 5000\r\n\r\n",
    "idle": b"",
}


@pytest.fixture(scope="module")
def site(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    launcher = Launcher(tmp_path_factory.mktemp("slow"))
    yield launcher.serve(prepared).up()
    launcher.end_all()


def slowest(run: Run, path: str, enough: threading.Event) -> float:
    """The longest that anybody waited for this page until now."""
    longest = 0.0
    while not enough.is_set():
        reply = get(run.port, path)
        assert reply.status == 200
        longest = max(longest, reply.seconds)
        time.sleep(0.1)
    return longest


def dripping(sockets: dict[socket.socket, str], began: float) -> dict[socket.socket, float]:
    """Send a byte on each now and then; when each was closed by the other side."""
    closed: dict[socket.socket, float] = {}
    while len(closed) < len(sockets) and time.monotonic() - began < PATIENCE + 10:
        for connection, kind in sockets.items():
            if connection not in closed and is_closed(connection, drip=kind != "idle"):
                closed[connection] = time.monotonic() - began
        time.sleep(0.5)
    return closed


def is_closed(connection: socket.socket, *, drip: bool) -> bool:
    try:
        readable, _, _ = select.select([connection], [], [], 0)
        if readable and connection.recv(65536) == b"":
            return True
        if drip:
            connection.send(b"x")
    except OSError:
        return True
    return False


@pytest.mark.parametrize("path", ["/", "/request-a-consultation/"])
def test_two_hundred_slow_senders_keep_nobody_waiting_and_are_cut(site: Run, path: str) -> None:
    kinds = [list(DRIP)[number % len(DRIP)] for number in range(SLOW)]
    with contextlib.ExitStack() as stack:
        began = time.monotonic()
        sockets = {stack.enter_context(contextlib.closing(connect(site.port))): kind for kind in kinds}
        for connection, kind in sockets.items():
            connection.sendall(DRIP[kind])
        enough, waited = threading.Event(), []
        probe = threading.Thread(target=lambda: waited.append(slowest(site, path, enough)))
        probe.start()
        closed = dripping(sockets, began)
        enough.set()
        probe.join()
    assert len(closed) == SLOW
    assert max(closed.values()) < PATIENCE
    assert waited[0] < 1, waited


def test_two_thousand_who_say_nothing(site: Run) -> None:
    """They are more than are let in: whoever has waited longest makes room."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, IDLE + 1000), hard))
    try:
        with contextlib.ExitStack() as stack:
            for _ in range(IDLE):
                stack.enter_context(contextlib.closing(connect(site.port)))
            waited = [get(site.port, "/") for _ in range(10)]
            assert {reply.status for reply in waited} == {200}
            assert max(reply.seconds for reply in waited) < 1
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_whoever_does_not_read_is_let_go(site: Run) -> None:
    with socket.socket() as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        reader.connect(("127.0.0.1", site.port))
        began = time.monotonic()
        reader.settimeout(PATIENCE + 10)
        with contextlib.suppress(OSError):
            while time.monotonic() - began < PATIENCE:
                reader.sendall(b"GET /a-z/ HTTP/1.1\r\n" + HOST + b"\r\n")
        assert time.monotonic() - began < PATIENCE
