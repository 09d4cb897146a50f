"""How long a reader waits while others are slow, silent or far too much, and who is lost when the site is reloaded."""

import os
import signal
import threading
import time
from pathlib import Path

from tests.bench.figures import Report
from tests.faults.publishing import Readers
from tests.faults.slow import besiege, longest_wait_beside
from tests.faults.test_requests import BODIES, HUGE, PIECE, memory, send_on, written
from tests.faults.wire import connect
from tests.server import Launcher, Run, until

SLOW, IDLE = 200, 2_000


def show(report: Report, launch: Launcher, data_dir: Path) -> None:
    report.begin("Unshakable, without a proxy before it")
    run = launch.serve(data_dir).up()
    siege = besiege(run.port, SLOW)
    for path, seconds in siege.waited.items():
        report.add(f"{SLOW} slow senders: the longest wait for {path}", seconds, "s", most=1)
    report.add(f"{SLOW} slow senders: the last is cut after", siege.last_cut, "s", most=30)
    report.add(f"{SLOW} slow senders: not cut", float(SLOW - siege.cut), most=0)
    report.add(f"{IDLE:,} who say nothing: the longest wait for /", longest_wait_beside(run.port, IDLE), "s", most=1)
    for name, (head, piece) in BODIES.items():
        show_body(report, run, data_dir, name, head, piece)
    show_reload(report, run)


def show_body(report: Report, run: Run, data_dir: Path, name: str, head: bytes, piece: bytes) -> None:
    files, held, began = written(run, data_dir), memory(run), time.monotonic()
    with connect(run.port) as connection:
        sending = threading.Thread(target=send_on, args=(connection, head, piece, HUGE // len(PIECE)))
        sending.start()
        status = connection.recv(65536)[9:12].decode()
        waited = time.monotonic() - began
        sending.join(60)
    words = f"{HUGE / 1e6:.0f} MB, {name}"
    report.add(f"{words}: refused with {status} after", waited, "s", most=1)
    report.add(f"{words}: more memory", max(0.0, (memory(run) - held) / 1e6), "MB", most=50)
    report.add(f"{words}: more in files", max(0.0, (written(run, data_dir) - files) / 1e6), "MB", most=1)


def show_reload(report: Report, run: Run) -> None:
    with Readers(run) as readings:
        before = set(run.children(run.web()))
        os.kill(run.web(), signal.SIGHUP)
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in before))
        time.sleep(1)
        lost_by_reload = readings.failed + readings.refused
        run.process.terminate()
        run.process.wait(20)
    report.add("reload under load: requests lost", float(lost_by_reload), most=0)
    report.add("reload and stop under load: requests read meanwhile", float(readings.count))
    report.add("stop under load: requests in flight that were lost", float(readings.failed - lost_by_reload), most=0)
