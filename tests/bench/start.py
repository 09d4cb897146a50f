"""How fast the site is there after a start, and what memory its web workers take. The budgets are the project's own."""

import http.client
import os
import re
import statistics
import sys
import time
from pathlib import Path

from tests.server import Launcher, Run, until

STARTS = 5
VISITS = 100
MOST_SECONDS = 2.0
MOST_MEGABYTES = 110
TICKS = os.sysconf("SC_CLK_TCK")
MEMORY = re.compile(r"^(Rss|Pss):\s+(\d+) kB$", re.M)


def processor_seconds(run: Run) -> float:
    """What all processes of this run have used so far."""
    total = 0
    for pid in run.members():
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def prepared(launch: Launcher, folder: Path) -> Path:
    if launch([sys.executable, "manage.py", "prepare"], folder).process.wait(120):
        sys.exit(launch.runs[-1].text())
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
    """From the command to the first home page that came whole."""
    began = time.monotonic()
    run = launch.serve(data_dir)
    if not until(lambda: answers(run.port)):
        sys.exit(run.text())
    return time.monotonic() - began, run.up()


def end(run: Run) -> None:
    run.process.terminate()
    run.process.wait(20)


def memory(pid: int) -> tuple[float, float]:
    """Megabytes of one process: all it uses (RSS), and its share of what several use together (PSS)."""
    found = dict(MEMORY.findall(Path(f"/proc/{pid}/smaps_rollup").read_text()))
    return int(found["Rss"]) / 1024, int(found["Pss"]) / 1024


def show_starts(launch: Launcher, data_dir: Path) -> Run:
    """Prints, and returns the last run for more to be measured on."""
    seconds = []
    for number in range(STARTS):
        took, run = seconds_to_first_page(launch, data_dir)
        seconds.append(took)
        if number < STARTS - 1:
            end(run)
    each = ", ".join(f"{took:.2f}" for took in sorted(seconds))
    print(f"Cold start to the first page: {statistics.median(seconds):.2f} s ({each}); at most {MOST_SECONDS} s")
    return run


def show_memory(run: Run) -> None:
    for _ in range(VISITS):
        answers(run.port)
    workers = {f"web worker {number}": pid for number, pid in enumerate(run.children(run.web()), start=1)}
    for name, pid in {**workers, "web server": run.web(), "worker": run.worker(), "supervisor": run.pid}.items():
        rss, pss = memory(pid)
        print(f"Memory of the {name:<14}{rss:6.0f} MB (RSS){pss:6.0f} MB (PSS)")
    print(f"A web worker may take at most {MOST_MEGABYTES} MB.")
