"""How much comes down the line for the first look at each public page, headers included."""

import re
import time
from itertools import accumulate
from pathlib import Path

import brotli

from tests.bench import servers
from tests.bench.figures import Refused, Report
from tests.bench.load import Reader, Server
from tests.bench.reading import get_plain, public_paths
from tests.content.weight import MOST, NAMED
from tests.server import Launcher

BLOCKING = re.compile(r'<link[^>]+rel="stylesheet"|<script(?![^>]*(?:defer|async|type="module"))[^>]*\bsrc=')

STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
HEAD = 700  # bytes of an answer's headers
A_VISIT = [
    "/", "/fibromyalgia-and-chronic-pain/", "/fibromyalgia-and-chronic-pain/fibromyalgia/",
    "/low-dose-naltrexone/side-effects/", "/request-a-consultation/",
]  # fmt: skip


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
    show_styles(report, ours)


def show_styles(report: Report, ours: Server) -> None:
    """The styles inside each page, against one file that the browser keeps after the first page."""
    report.begin("Where the styles are: bytes of a visit of five pages, without pictures and scripts")
    pages = [get_plain(ours, path) for path in A_VISIT]
    inside = list(accumulate(HEAD + compressed(page) for page in pages))
    lines = dict.fromkeys(line for page in pages for sheet in STYLE.findall(page) for line in sheet.splitlines())
    file = HEAD + compressed("\n".join(lines))
    beside = list(accumulate((HEAD + compressed(STYLE.sub("", page)) for page in pages), initial=file))[1:]
    for name, sizes in (("inside each page", inside), ("in one file that is kept", beside)):
        report.add(f"{name}: after the first page", float(sizes[0]), "B")
        report.add(f"{name}: after the fifth page", float(sizes[-1]), "B")


def compressed(text: str) -> int:
    return len(brotli.compress(text.encode(), quality=11))
