"""The size of the first response of each public page, headers included."""

import re
import time
from itertools import accumulate
from pathlib import Path

import brotli

from tests.bench import servers
from tests.bench.figures import Refused, Report
from tests.bench.load import Reader, Server
from tests.bench.reading import get_plain, public_paths
from tests.content.weight import EXEMPT, MAX_BYTES, MAX_EXEMPT_BYTES
from tests.server import Launcher

# What a browser waits for before it draws: a style sheet in the head that applies to screens, a script at once.
BLOCKING = re.compile(
    r'<link[^>]+rel="stylesheet"(?![^>]*\bmedia=)|<script(?![^>]*(?:defer|async|type="module"))[^>]*\bsrc='
)

STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
HEADERS = 700  # bytes of a response's headers
VISIT = [
    "/", "/fibromyalgia-and-chronic-pain/", "/fibromyalgia-and-chronic-pain/fibromyalgia/",
    "/low-dose-naltrexone/side-effects/", "/request-a-consultation/",
]  # fmt: skip


def first_bytes(server: Server, path: str) -> int:
    """The size of the response after its best compression, which takes a moment after the page was rendered."""
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
    report.begin("First response of every public page, headers included")
    ours = servers.site(launch, data_dir)
    for path in public_paths(ours):
        report.add(
            path,
            float(first_bytes(ours, path)),
            "B",
            most=MAX_EXEMPT_BYTES if path in EXEMPT else MAX_BYTES,
            note=EXEMPT.get(path, ""),
        )
    blocking = [path for path in public_paths(ours) if BLOCKING.search(get_plain(ours, path).partition("</head>")[0])]
    report.add("pages with a render-blocking resource", float(len(blocking)), most=0)
    show_styles(report, ours)


def show_styles(report: Report, ours: Server) -> None:
    """Styles inside each page, against one style sheet that the browser caches after the first page."""
    report.begin("Inline styles against one style sheet: bytes of a visit to five pages, without pictures and scripts")
    pages = [get_plain(ours, path) for path in VISIT]
    inline = list(accumulate(HEADERS + compressed(page) for page in pages))
    lines = dict.fromkeys(line for page in pages for sheet in STYLE.findall(page) for line in sheet.splitlines())
    sheet_size = HEADERS + compressed("\n".join(lines))
    cached = list(accumulate((HEADERS + compressed(STYLE.sub("", page)) for page in pages), initial=sheet_size))[1:]
    for name, sizes in (("inline", inline), ("one cached style sheet", cached)):
        report.add(f"{name}: after 1 page", float(sizes[0]), "B")
        report.add(f"{name}: after 5 pages", float(sizes[-1]), "B")


def compressed(text: str) -> int:
    return len(brotli.compress(text.encode(), quality=11))
