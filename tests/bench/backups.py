"""The nightly backup of a million requests, and how long a request that comes meanwhile waits for the worker.

Run by `.venv/bin/python -m tests.bench.backups [COUNT]`. With a million it takes a quarter of an hour and 30 GB of the
disk; exit code 1 if a request waited for too long.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.figures import Refused, Report
from tests.bench.start import prepared
from tests.faults.asking import form_token, post, rows
from tests.faults.backups import manage
from tests.server import ROOT, Launcher, environment, until

COUNT = 1_000_000
MOST_SECONDS = 5
FURNISH = "from tests.bench.queue import furnish; furnish({count})"
WAITING = "SELECT count(*) FROM education_consultationrequest WHERE ingested_at IS NULL"
REST_SECONDS = 0.5
HOURS = 3


def show(report: Report, launch: Launcher, data_dir: Path, count: int) -> None:
    report.begin(f"The nightly backup, {count:,} requests")
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", FURNISH.format(count=count)]
    done = subprocess.run(command, cwd=ROOT, env=environment(data_dir, 8000), capture_output=True, text=True)
    if done.returncode:
        raise Refused(f"{count:,} requests could not be made: {done.stderr.strip()[-300:]}")
    report.add("the database", (data_dir / "clinic.sqlite3").stat().st_size / 1e9, "GB")
    manage(data_dir, "seal_keys", "recovery")
    began = time.monotonic()
    run = launch.serve(data_dir, INTAKE_LIMIT_PER_HOUR="0").up()
    waits, log = [_wait(run.port, data_dir)], [0.0]
    while not list((data_dir / "backups").glob("clinic-*.backup")):
        time.sleep(REST_SECONDS)
        waits.append(_wait(run.port, data_dir))
        log.append((data_dir / "clinic.sqlite3-wal").stat().st_size / 1e6)
        if time.monotonic() > began + HOURS * 3600:
            raise Refused("There was no backup.")
    report.add("until the backup was there", time.monotonic() - began, "s")
    report.add(f"longest wait of {len(waits)} requests until the worker had them", max(waits), "s", most=MOST_SECONDS)
    report.add("write-ahead log at its largest", max(log), "MB")


def _wait(port: int, data_dir: Path) -> float:
    """Seconds from the receipt of one request until the worker has taken it in."""
    if post(port, form_token(port), "Bea Bench").status != 303:
        raise Refused("A request was not taken.")
    stored = time.monotonic()
    if not until(lambda: rows(data_dir, WAITING) == [(0,)]):
        raise Refused("A request was not taken in.")
    return time.monotonic() - stored


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    with tempfile.TemporaryDirectory(prefix="clinic-backups-") as name:
        launch, report = Launcher(Path(name)), Report()
        try:
            show(report, launch, prepared(launch, Path(name) / "data"), count)
        finally:
            launch.end_all()
    return not report.targets_met


if __name__ == "__main__":
    sys.exit(main())
