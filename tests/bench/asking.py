"""What asking costs: requests taken in against bare commits, the queue and the search with a thousand and a million."""

import sqlite3
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from tests.faults.asking import form_token, post, rows
from tests.server import ROOT, Launcher, environment

CLIENTS, EACH = 8, 60
QUEUE_BENCH = "from tests.bench.queue import bench; bench({count})"


def show_intake(launch: Launcher, data_dir: Path) -> None:
    """Acknowledged requests a second with eight clients, as a ratio of bare durable commits to the same disk."""
    run = launch.serve(data_dir, INTAKE_LIMIT_PER_HOUR="0").up()
    with ThreadPoolExecutor(CLIENTS) as pool:
        tokens = list(pool.map(lambda _: form_token(run.port), range(CLIENTS * EACH)))
        began = time.monotonic()
        answers = list(pool.map(lambda token: post(run.port, token, "Bea Bench").status, tokens))
        took = time.monotonic() - began
    stored = rows(data_dir, "SELECT count(*) FROM education_consultationrequest")[0][0]
    if set(answers) != {303} or stored != len(tokens):
        sys.exit(f"Intake: {set(answers)}, {stored} of {len(tokens)} stored.")
    commits = _bare_commits(data_dir.parent)
    print(f"{'acknowledged requests a second, 8 clients':<46}{len(tokens) / took:>8.0f}")
    print(f"{'bare durable commits of 2 KB a second':<46}{commits:>8.0f}{len(tokens) / took / commits:>10.3f} of it")


def _bare_commits(folder: Path) -> float:
    with tempfile.TemporaryDirectory(dir=folder) as place, closing(sqlite3.connect(f"{place}/bare.sqlite3")) as bare:
        bare.isolation_level = None
        bare.execute("PRAGMA journal_mode=WAL")
        bare.execute("PRAGMA synchronous=FULL")
        bare.execute("CREATE TABLE row (sealed BLOB)")
        began = time.monotonic()
        for _ in range(500):
            bare.execute("INSERT INTO row VALUES (zeroblob(2048))")
        return 500 / (time.monotonic() - began)


def show_queue(data_dir: Path) -> None:
    """In a process of its own, as a web worker would, on the real database file."""
    for count in (1_000, 1_000_000):
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", QUEUE_BENCH.format(count=count)]
        subprocess.run(command, cwd=ROOT, env=environment(data_dir, 8000), check=True, timeout=1800)
