"""Slow clients, whether on purpose or not, keep nobody else waiting and are cut off in the end.

`make bench` says how soon exactly: here the machine may be busy. Without the edge readers would wait for ever.
"""

import contextlib
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.slow import LONGEST, connect_slow_clients, longest_wait_beside
from tests.faults.wire import HOST
from tests.server import Launcher, Run

SLOW, IDLE = 200, 2_000
SOON = 20  # seconds


@pytest.fixture(scope="module")
def site(launch_shared: Launcher, shared_dir: Path) -> Run:
    return launch_shared.serve(shared_dir).up()


def test_slow_clients_keep_nobody_waiting_and_are_cut_off(site: Run) -> None:
    """Those that send slowly and one that does not read, at once: each takes a while."""
    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(is_cut_off_without_reading, site.port)
        slow = connect_slow_clients(site.port, SLOW)
        assert slow.cut == SLOW
        assert max(slow.waited.values()) < SOON, slow.waited
        assert reader.result()


def is_cut_off_without_reading(port: int) -> bool:
    """Ask for page after page and read none; whether the server closes the connection."""
    with socket.socket() as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        reader.settimeout(LONGEST)
        reader.connect(("127.0.0.1", port))
        began = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - began < LONGEST:
                reader.sendall(b"GET /a-z/ HTTP/1.1\r\n" + HOST + b"\r\n")
            return False
        return True


def test_two_thousand_idle_connections_keep_nobody_waiting(site: Run) -> None:
    """They are more than may be connected: the one that has waited longest makes room."""
    assert longest_wait_beside(site.port, IDLE) < SOON
