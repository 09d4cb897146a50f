"""How much comes down the line for the first look at each public page, headers included."""

import re
from pathlib import Path

from tests.bench import servers
from tests.bench.figures import Report
from tests.bench.load import Reader, Server
from tests.bench.reading import get_plain, public_paths
from tests.server import Launcher

MOST = 14_000  # what fits into the first ten packets that a server may send before it hears from the browser
BLOCKING = re.compile(r'<link[^>]+rel="stylesheet"|<script(?![^>]*(?:defer|async|type="module"))[^>]*\bsrc=')


def first_bytes(server: Server, path: str) -> int:
    reader = Reader(Server(server.run, path))
    for _ in range(3):  # the first may come before it is compressed at its best
        _, head, body = reader.read()
    return len(head) + 4 + len(body)


def show(report: Report, launch: Launcher, data_dir: Path) -> None:
    report.begin("First answer of every public page, headers included")
    ours = servers.site(launch, data_dir)
    for path in public_paths(ours):
        report.add(path, float(first_bytes(ours, path)), "B", most=MOST, note=NAMED.get(path, ""))
    blocking = [path for path in public_paths(ours) if BLOCKING.search(get_plain(ours, path))]
    report.add("pages with something that keeps the browser from drawing", float(len(blocking)), most=0)


# Heavier than the rest, and why.
NAMED: dict[str, str] = {}
