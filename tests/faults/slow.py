"""Clients that are slow, on purpose or not, and how long a reader waits beside them."""

import contextlib
import resource
import select
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from tests.faults.meanwhile import Meanwhile
from tests.faults.wire import HOST, connect, get

FORM = "/request-a-consultation/"
LONGEST = 300  # seconds for which slow clients are watched
FIRST_BYTES = {  # of each kind; then one byte now and then, from idle ones none
    "headers": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    "body": b"POST /request-a-consultation/ HTTP/1.1\r\n" + HOST + b"Content-Length: 5000\r\n\r\n",
    "idle": b"",
}


@dataclass
class SlowClients:
    """How many were cut off, and after how many seconds the last; the longest wait of a reader for each page."""

    cut: int
    last_cut: float
    waited: dict[str, float]


def connect_slow_clients(port: int, number: int) -> SlowClients:
    """So many slow clients of every kind, and readers who want a page meanwhile, until all are cut off."""
    kinds = [list(FIRST_BYTES)[one % len(FIRST_BYTES)] for one in range(number)]
    with many_files(number), contextlib.ExitStack() as stack, Probes(port, ("/", FORM)) as probes:
        began = time.monotonic()
        sockets = {stack.enter_context(contextlib.closing(connect(port))): kind for kind in kinds}
        for connection, kind in sockets.items():
            connection.sendall(FIRST_BYTES[kind])
        closed = drip_until_cut(sockets, began)
    return SlowClients(len(closed), max(closed.values(), default=0.0), probes.longest)


def drip_until_cut(sockets: dict[socket.socket, str], began: float) -> dict[socket.socket, float]:
    """Send a byte on each now and then; after how many seconds each was closed by the other side."""
    closed: dict[socket.socket, float] = {}
    while len(closed) < len(sockets) and time.monotonic() - began < LONGEST:
        for connection, kind in sockets.items():
            if connection not in closed and _is_closed(connection, drip=kind != "idle"):
                closed[connection] = time.monotonic() - began
        time.sleep(0.5)
    return closed


def _is_closed(connection: socket.socket, *, drip: bool) -> bool:
    try:
        readable, _, _ = select.select([connection], [], [], 0)
        if readable and connection.recv(65536) == b"":
            return True
        if drip:
            connection.send(b"x")
    except OSError:
        return True
    return False


class Probes(Meanwhile):
    """Readers who ask for a page each, again and again, until the block ends."""

    def __init__(self, port: int, paths: tuple[str, ...]) -> None:
        self.port = port
        self.longest = dict.fromkeys(paths, 0.0)
        super().__init__(*[partial(self._ask, path) for path in paths])

    def _ask(self, path: str) -> None:
        while not self.enough.is_set():
            reply = get(self.port, path)
            seconds = reply.seconds if reply.status == 200 else float("inf")
            self.longest[path] = max(self.longest[path], seconds)
            time.sleep(0.1)


@contextlib.contextmanager
def many_files(number: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, number + 1000)), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def longest_wait_beside(port: int, idle: int, reads: int = 10) -> float:
    """Seconds for the home page beside so many idle connections."""
    with many_files(idle), contextlib.ExitStack() as stack:
        for _ in range(idle):
            stack.enter_context(contextlib.closing(connect(port)))
        replies = [get(port, "/") for _ in range(reads)]
        return max(reply.seconds if reply.status == 200 else float("inf") for reply in replies)
