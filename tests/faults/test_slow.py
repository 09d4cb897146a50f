"""People who are slow, on purpose or not, keep nobody else waiting, and are let go in the end.

How long exactly is for `make bench` to say: here a machine may be busy. Without the edge one waits for ever.
"""

import contextlib
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.slow import LONGEST, besiege, longest_wait_beside
from tests.faults.wire import HOST
from tests.server import Launcher, Run

SLOW, IDLE = 200, 2_000
SOON = 20  # seconds; a slow sender is cut after ten at the soonest, and there are more of them than there are threads


@pytest.fixture(scope="module")
def site(launch_shared: Launcher, shared_dir: Path) -> Run:
    return launch_shared.serve(shared_dir).up()


def test_slow_senders_and_readers_keep_nobody_waiting_and_are_cut(site: Run) -> None:
    """Both at once: each takes a while."""
    with ThreadPoolExecutor(1) as pool:
        let_go = pool.submit(read_nothing, site.port)
        siege = besiege(site.port, SLOW)
        assert siege.cut == SLOW
        assert max(siege.waited.values()) < SOON, siege.waited
        assert let_go.result(), "somebody who does not read is still served"


def read_nothing(port: int) -> bool:
    """Ask for page after page and read none; whether the server lets go of the connection."""
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


def test_two_thousand_who_say_nothing(site: Run) -> None:
    """They are more than are let in: whoever has waited longest makes room."""
    assert longest_wait_beside(site.port, IDLE) < SOON
