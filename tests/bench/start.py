"""How soon the site answers after a start, and the memory of its processes. The targets are the project's own."""

import http.client
import re
import sys
import time
from pathlib import Path

from tests.bench.figures import Refused, Report
from tests.server import Launcher, Run, until

STARTS = 5
VISITS = 100
MAX_SECONDS = 2.0
MAX_MEGABYTES = 110
MEMORY = re.compile(r"^(Rss|Pss):\s+(\d+) kB$", re.M)


def prepared(launch: Launcher, folder: Path) -> Path:
    if launch([sys.executable, "manage.py", "prepare"], folder).process.wait(600):
        raise Refused(launch.runs[-1].text())
    return folder


def answers(port: int, path: str = "/") -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def seconds_to_first_page(launch: Launcher, data_dir: Path) -> tuple[float, Run]:
    """From the command until the first complete home page; also the run."""
    started = time.monotonic()
    run = launch.serve(data_dir)
    if not until(lambda: answers(run.port)):
        raise Refused(run.text())
    return time.monotonic() - started, run.up()


def end(run: Run) -> None:
    run.process.terminate()
    run.process.wait(20)


def memory(pid: int) -> tuple[float, float]:
    """Megabytes of one process: its RSS, and its PSS, which divides shared memory among the processes that share it."""
    found = dict(MEMORY.findall(Path(f"/proc/{pid}/smaps_rollup").read_text()))
    return int(found["Rss"]) / 1024, int(found["Pss"]) / 1024


def show(report: Report, launch: Launcher, data_dir: Path) -> None:
    report.begin("Start and memory, as `make run` serves it")
    seconds = []
    for number in range(STARTS):
        took, run = seconds_to_first_page(launch, data_dir)
        seconds.append(took)
        if number < STARTS - 1:
            end(run)
    report.add("cold start to first page", seconds, "s", most=MAX_SECONDS)
    for _ in range(VISITS):
        answers(run.port)
    workers = {f"web worker {number}": pid for number, pid in enumerate(run.children(run.web()), start=1)}
    for name, pid in {
        **workers,
        "web server": run.web(),
        "background worker": run.worker(),
        "supervisor": run.pid,
    }.items():
        rss, pss = memory(pid)
        most = MAX_MEGABYTES if name in workers else None
        report.add(f"memory of {name}, RSS", rss, "MB", most=most, note=f"PSS {pss:.0f} MB")
    end(run)
