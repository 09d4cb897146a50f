"""How long a reader waits beside slow clients, idle ones and huge bodies, and what a reload loses."""

import os
import signal
import threading
import time
from collections import Counter
from pathlib import Path

from tests.bench.figures import Report
from tests.faults.bodies import BODIES, HUGE, PIECE, memory, send_on, written
from tests.faults.publishing import Readers
from tests.faults.slow import connect_slow_clients, longest_wait_beside
from tests.faults.wire import connect
from tests.server import Launcher, Run, until

SLOW, IDLE = 200, 2_000


def show(report: Report, launch: Launcher, data_dir: Path) -> None:
    report.begin("Resilience without a reverse proxy")
    run = launch.serve(data_dir).up()
    slow = connect_slow_clients(run.port, SLOW)
    for path, seconds in slow.waited.items():
        report.add(f"{SLOW} slow clients: longest wait for {path}", seconds, "s", most=1)
    report.add(f"{SLOW} slow clients: last one disconnected after", slow.last_cut, "s", most=30)
    report.add(f"{SLOW} slow clients: not disconnected", float(SLOW - slow.cut), most=0)
    report.add(f"{IDLE:,} idle connections: longest wait for /", longest_wait_beside(run.port, IDLE), "s", most=1)
    for name, (head, piece) in BODIES.items():
        show_body(report, run, data_dir, name, head, piece)
    show_reload(report, run)


def show_body(report: Report, run: Run, data_dir: Path, name: str, head: bytes, piece: bytes) -> None:
    disk_before, memory_before, started = written(run, data_dir), memory(run), time.monotonic()
    with connect(run.port) as connection:
        sending = threading.Thread(target=send_on, args=(connection, head, piece, HUGE // len(PIECE)))
        sending.start()
        status = connection.recv(65536)[9:12].decode()
        waited = time.monotonic() - started
        sending.join(60)
    label = f"{HUGE / 1e6:.0f} MB body, {name}"
    report.add(f"{label}: refused with {status} after", waited, "s", most=1)
    report.add(f"{label}: additional memory", max(0.0, (memory(run) - memory_before) / 1e6), "MB", most=50)
    report.add(f"{label}: additional disk space", max(0.0, (written(run, data_dir) - disk_before) / 1e6), "MB", most=1)


def show_reload(report: Report, run: Run) -> None:
    with Readers(run) as readings:
        old_workers = set(run.children(run.web()))
        os.kill(run.web(), signal.SIGHUP)
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in old_workers))
        time.sleep(1)
        lost_by_reload = readings.failed + readings.refused
        run.process.terminate()
        run.process.wait(20)
    report.add("reload under load: requests lost", float(lost_by_reload), most=0)
    report.add("reload and stop under load: requests served meanwhile", float(readings.count))
    lost = ", ".join(f"{error}: {times}" for error, times in Counter(readings.errors).items())
    report.add("stop under load: in-flight requests lost", float(readings.failed - lost_by_reload), most=0, note=lost)
