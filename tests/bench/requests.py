"""Consultation requests: taking them in, against bare commits; the queue and the search at 1,000 and 1,000,000."""

import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from tests.bench.figures import Refused, Report
from tests.bench.load import ratios
from tests.faults.asking import form_token, post, rows
from tests.server import ROOT, Launcher, environment

CLIENTS, EACH, ROUNDS = 8, 60, 3
MIN_PER_SECOND = 150
FEW, MANY = 1_000, 1_000_000
QUEUE_BENCH = "from tests.bench.queue import bench; bench({count})"


def show(report: Report, launch: Launcher, data_dir: Path) -> None:
    report.begin(f"Consultation requests: {CLIENTS} clients; {FEW:,} to {MANY:,} requests")
    show_queue(report, data_dir)
    show_intake(report, launch, data_dir)


def show_intake(report: Report, launch: Launcher, data_dir: Path) -> None:
    """Acknowledged requests per second, absolute and as a ratio to bare durable commits on the same disk."""
    run = launch.serve(data_dir, INTAKE_LIMIT_PER_HOUR="0").up()
    acknowledged, bare = [], []
    for _ in range(ROUNDS):
        acknowledged.append(_acknowledged_per_second(run.port, data_dir))
        bare.append(_commits_per_second(data_dir.parent))
    report.add("acknowledged requests per second", acknowledged, least=MIN_PER_SECOND)
    report.add("bare durable 2 KB commits per second", bare)
    report.add("ratio of acknowledged requests to bare commits", ratios(acknowledged, bare))


def _acknowledged_per_second(port: int, data_dir: Path) -> float:
    before = _stored(data_dir)
    with ThreadPoolExecutor(CLIENTS) as pool:
        tokens = list(pool.map(lambda _: form_token(port), range(CLIENTS * EACH)))
        started = time.monotonic()
        answers = list(pool.map(lambda token: post(port, token, "Bea Bench").status, tokens))
        seconds = time.monotonic() - started
    stored = _stored(data_dir) - before
    if set(answers) != {303} or stored != len(tokens):
        raise Refused(f"Intake answered {set(answers)}; {stored} of {len(tokens)} are stored.")
    return len(tokens) / seconds


def _stored(data_dir: Path) -> int:
    return int(rows(data_dir, "SELECT count(*) FROM education_consultationrequest")[0][0])


def _commits_per_second(folder: Path) -> float:
    with (
        tempfile.TemporaryDirectory(dir=folder) as directory,
        closing(sqlite3.connect(f"{directory}/bare.sqlite3")) as bare,
    ):
        bare.isolation_level = None
        bare.execute("PRAGMA journal_mode=WAL")
        bare.execute("PRAGMA synchronous=FULL")
        bare.execute("CREATE TABLE row (sealed BLOB)")
        began = time.monotonic()
        for _ in range(500):
            bare.execute("INSERT INTO row VALUES (zeroblob(2048))")
        return 500 / (time.monotonic() - began)


def show_queue(report: Report, data_dir: Path) -> None:
    """Timed in a separate process, like a web worker, on the real database file."""
    few, many = _timed(data_dir, FEW), _timed(data_dir, MANY)
    report.add(f"first page of the queue, {FEW:,} requests", few["page"], "ms")
    report.add(f"first page of the queue, {MANY:,} requests", many["page"], "ms", most=60)
    report.add(f"first page of the queue, ratio of {MANY:,} to {FEW:,}", many["page"] / few["page"], most=1.5)
    report.add(f"search by e-mail address, {MANY:,} requests", many["search"], "ms", most=10)


def _timed(data_dir: Path, count: int) -> dict[str, float]:
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", QUEUE_BENCH.format(count=count)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(data_dir, 8000), capture_output=True, text=True, timeout=1800
    )
    if done.returncode:
        raise Refused(f"{count:,} requests could not be timed: {done.stderr.strip()[-300:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))
