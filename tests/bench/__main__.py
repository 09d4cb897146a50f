"""`make bench`: how fast the site starts, its memory, and processor time for one request against the bare server.

Ratios hold from machine to machine; seconds do not.
"""

import http.client
import re
import sys
import tempfile
import time
from pathlib import Path

from tests.bench import asking, editing, start
from tests.bench.start import processor_seconds
from tests.server import Launcher, Run, free_port, until

WARM_UP = 60
REQUESTS = 600
LIKE_OURS = ["--worker-class", "gthread", "--workers", "2", "--threads", "6", "--keep-alive", "5"]


def get(port: int, path: str, times: int) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    body = b""
    for _ in range(times):
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            sys.exit(f"{path} answered {answer.status}.")
    connection.close()
    return body


def measure(run: Run, path: str) -> tuple[float, float]:
    """Milliseconds of processor time, and of waiting, for one request."""
    get(run.port, path, WARM_UP)
    used, began = processor_seconds(run), time.monotonic()
    get(run.port, path, REQUESTS)
    ended = time.monotonic()
    return (processor_seconds(run) - used) / REQUESTS * 1000, (ended - began) / REQUESTS * 1000


def longest_page(port: int) -> str:
    """The path of the published page with the most to say."""
    sitemap = get(port, "/sitemap.xml", 1).decode()
    paths = re.findall(r"<loc>https?://[^/<]+(/[^<]*)</loc>", sitemap)
    return str(max(paths, key=lambda path: len(get(port, path, 1))))


def show(name: str, size: int, cost: tuple[float, float], bare: float) -> None:
    print(f"{name:<46}{size:>8}{cost[0]:>10.2f}{cost[1]:>10.2f}{bare / cost[0]:>10.3f}")


def bench(folder: Path) -> None:
    launch = Launcher(folder)
    try:
        site = start.show_starts(launch, start.prepared(launch, folder / "data"))
        start.show_memory(site)
        editing.show_editing(site, folder / "data")
        article = longest_page(site.port)
        pages = [article, "/", "/search/?q=naltrexone", "/health/live"]
        sizes = {path: len(get(site.port, path, 1)) for path in pages}
        port = free_port()
        command = [sys.executable, "-m", "gunicorn", *LIKE_OURS, "--bind", f"127.0.0.1:{port}", "tests.bench.bare"]
        plain = launch(command, folder, port=port, BENCH_BYTES=str(sizes[article]))
        until(plain.answers)
        bare = measure(plain, "/")
        print(f"{'':<46}{'bytes':>8}{'cpu ms':>10}{'ms':>10}{'of bare':>10}")
        show("bare gunicorn, constant bytes", sizes[article], bare, bare[0])
        for path in pages:
            show(path, sizes[path], measure(site, path), bare[0])
        asking.show_intake(launch, start.prepared(launch, folder / "asking"))
    finally:
        launch.end_all()
    asking.show_queue(start.prepared(launch, folder / "queue"))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        bench(Path(temporary))
