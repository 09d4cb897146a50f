"""The size of the first response of each public page, headers included, and how far its words reach on a phone."""

import re
import time
from itertools import accumulate
from pathlib import Path

import brotli
from playwright.sync_api import sync_playwright

from clinic_site.bootstrap import CHROMIUM
from tests.bench import servers
from tests.bench.figures import Refused, Report
from tests.bench.load import Reader, Server
from tests.bench.reading import get_plain, public_paths
from tests.browser.flags import FLAGS
from tests.content.weight import EXEMPT, MAX_BYTES, MAX_EXEMPT_BYTES
from tests.server import ROOT, Launcher

# What a browser waits for before it draws: a style sheet in the head that applies to screens, a script at once.
BLOCKING = re.compile(
    r'<link[^>]+rel="stylesheet"(?![^>]*\bmedia=)|<script(?![^>]*(?:defer|async|type="module"))[^>]*\bsrc='
)

STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
HEADERS = 700  # bytes of a response's headers
PHONE_HEIGHT = 844
LDN = "/low-dose-naltrexone/ldn-for-autoimmune-diseases-and-fibromyalgia/"
CONDITION = re.compile(r"^topic: (\S+)\nkind: condition$", re.MULTILINE)
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
    show_screens(report, ours)


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


def show_screens(report: Report, ours: Server) -> None:
    """From the first to the last word of a page: without header and footer, the band of the title and related pages."""
    report.begin("The words of a page on a phone of 390 x 844 pixels, in screens")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 390, "height": PHONE_HEIGHT})
        for path in (LDN, *condition_paths()):
            page.goto(f"http://127.0.0.1:{ours.run.port}{path}")
            height = page.evaluate("document.querySelector('.prose').getBoundingClientRect().height")
            report.add(path, round(height / PHONE_HEIGHT, 2), most=13 if path == LDN else 9)
        browser.close()


def condition_paths() -> list[str]:
    files = sorted((ROOT / "education" / "starter_content").glob("*.md"))
    found = ((CONDITION.search(file.read_text(encoding="utf-8")), file.stem) for file in files)
    return [f"/{match[1]}/{slug}/" for match, slug in found if match]


def compressed(text: str) -> int:
    return len(brotli.compress(text.encode(), quality=11))
