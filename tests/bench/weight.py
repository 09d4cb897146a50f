"""How much comes down the line for the first look at each public page, headers included."""

import re
import time
from pathlib import Path

from tests.bench import servers
from tests.bench.figures import Refused, Report
from tests.bench.load import Reader, Server
from tests.bench.reading import get_plain, public_paths
from tests.content.weight import MOST, NAMED
from tests.server import Launcher

BLOCKING = re.compile(r'<link[^>]+rel="stylesheet"|<script(?![^>]*(?:defer|async|type="module"))[^>]*\bsrc=')


def first_bytes(server: Server, path: str) -> int:
    """Once it is compressed at its best, which takes a moment after a page was drawn."""
    reader = Reader(Server(server.run, path))
    for _ in range(50):
        status, head, body = reader.read()
        if status != 200:
            raise Refused(f"{path} answered {status}")
        if b"content-encoding: br" in head.lower():
            break
        time.sleep(0.1)
    return len(head) + 4 + len(body)


def show(report: Report, launch: Launcher, data_dir: Path) -> None:
    report.begin("First answer of every public page, headers included")
    ours = servers.site(launch, data_dir)
    for path in public_paths(ours):
        report.add(
            path,
            float(first_bytes(ours, path)),
            "B",
            most=MOST if path not in NAMED else None,
            note=NAMED.get(path, ""),
        )
    blocking = [path for path in public_paths(ours) if BLOCKING.search(get_plain(ours, path))]
    report.add("pages with something that keeps the browser from drawing", float(len(blocking)), most=0)
