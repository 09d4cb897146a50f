"""People who are slow, on purpose or not, keep nobody else waiting, and are let go in the end.

How long exactly is for `make bench` to say: here a machine may be busy. Without the edge one waits for ever.
"""

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.slow import besiege, longest_wait_beside
from tests.faults.wire import HOST
from tests.server import Launcher, Run

SLOW, IDLE = 200, 2_000
SOON, PATIENCE = 5, 30


@pytest.fixture(scope="module")
def site(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    launcher = Launcher(tmp_path_factory.mktemp("slow"))
    yield launcher.serve(shared_dir).up()
    launcher.end_all()


def test_two_hundred_slow_senders_keep_nobody_waiting_and_are_cut(site: Run) -> None:
    siege = besiege(site.port, SLOW)
    assert siege.cut == SLOW
    assert siege.last_cut < PATIENCE
    assert max(siege.waited.values()) < SOON, siege.waited


def test_two_thousand_who_say_nothing(site: Run) -> None:
    """They are more than are let in: whoever has waited longest makes room."""
    assert longest_wait_beside(site.port, IDLE) < SOON


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
