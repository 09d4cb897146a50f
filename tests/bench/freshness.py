"""Four workers, a publication every 0.2 seconds, many reads: how soon every reader gets the new edition."""

import statistics
import time
from pathlib import Path

from tests.bench.figures import Refused, Report
from tests.faults.publishing import Readers, publisher
from tests.server import Launcher

READS = 30_000
MAX_SECONDS = 900


def show(report: Report, launch: Launcher, data_dir: Path, *, reads: int = READS) -> None:
    report.begin(f"Freshness: 4 workers, a publication every 0.2 s, {reads:,} reads")
    run = launch.serve(data_dir, GUNICORN_CMD_ARGS="--workers 4").up()
    publishing = publisher(data_dir, rounds=100_000, pause=0.2)
    try:
        with Readers(run, number=8) as readings:
            started = time.monotonic()
            while readings.count < reads and time.monotonic() - started < MAX_SECONDS and publishing.poll() is None:
                time.sleep(0.2)
            publishing.terminate()
            output, _ = publishing.communicate(timeout=60)
            time.sleep(1)
    finally:
        publishing.kill()
    if readings.failed or readings.refused or readings.count < reads:
        raise Refused(f"{readings.count:,} reads, {readings.failed} failed, {readings.refused} refused")
    committed = [(int(number), float(when)) for number, when in (line.split() for line in output.splitlines())]
    delays = [served_after(readings.last_seen, number, when) for number, when in committed[:-1]]
    report.add("reads", float(readings.count))
    report.add("publications", float(len(committed)))
    report.add("torn pages", float(readings.torn), most=0)
    report.add("pages older than one served before", float(readings.backwards), most=0)
    report.add("seconds until the previous edition was no longer served, median", statistics.median(delays), "s")
    report.add("seconds until the previous edition was no longer served, longest", max(delays), "s", most=0.5)


def served_after(last_seen: dict[int, float], number: int, committed: float) -> float:
    """How many seconds after edition `number` was committed somebody still requested and got an older one."""
    return max([0.0, *(when - committed for seen, when in last_seen.items() if seen < number)])
