"""First contentful paint of an article, against the same page with Bootstrap 5, on a slow line and a slow phone."""

import gzip
import re
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.bench import servers
from tests.bench.figures import Refused, Report
from tests.bench.load import ratios
from tests.bench.reading import get_plain, longest_article
from tests.server import Launcher

ROUNDS = 7
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
CPU_SLOWDOWN = 4
BOOTSTRAP = "bootstrap@5"
HEAD = '<link rel="stylesheet" href="/bootstrap.min.css"><script src="/bootstrap.bundle.min.js" defer></script>'


def bootstrap() -> dict[str, bytes]:
    """Bootstrap's files by path. Downloaded on demand for this comparison; never part of the site."""
    folder = servers.EXTRAS / "bootstrap"
    if not folder.exists():
        folder.mkdir(parents=True)
        try:
            command = ["npm", "pack", "--silent", BOOTSTRAP]
            subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
        except (OSError, subprocess.SubprocessError) as error:
            folder.rmdir()
            raise Refused(f"{BOOTSTRAP} can’t be fetched with npm ({error})") from error
    with tarfile.open(next(folder.glob("*.tgz"))) as package:
        names = {
            "/bootstrap.min.css": "css/bootstrap.min.css",
            "/bootstrap.bundle.min.js": "js/bootstrap.bundle.min.js",
        }
        files = {path: package.extractfile(f"package/dist/{name}") for path, name in names.items()}
        return {path: file.read() for path, file in files.items() if file}


def with_bootstrap(page: str) -> str:
    """The same page with Bootstrap’s styles and script instead of ours."""
    bare = re.sub(r"<style>.*?</style>|<script\b[^>]*></script>", "", page, flags=re.DOTALL)
    return bare.replace("</title>", f"</title>{HEAD}", 1).replace('class="wrap', 'class="container wrap')


@contextmanager
def served(files: dict[str, bytes]) -> Iterator[str]:
    """Serve both pages from one server, with the same compression. Yields its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = packed.get(self.path, b"")
            kind = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}.get(
                self.path.rpartition(".")[2], "text/html; charset=utf-8"
            )
            self.send_response(200 if body else 404)
            for name, value in (("Content-Type", kind), ("Content-Encoding", "gzip"), ("Content-Length", len(body))):
                if body or name == "Content-Length":
                    self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    packed = {path: gzip.compress(body, 9) for path, body in files.items()}
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def first_paint(browser: Any, address: str) -> float:
    """In milliseconds, with an empty browser cache."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", NETWORK)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    page.goto(address, wait_until="load")
    entry = "performance.getEntriesByName('first-contentful-paint').map(e => e.startTime)"
    page.wait_for_function(f"{entry}.length")
    painted = page.evaluate(entry)[0]
    context.close()
    return float(painted)


def show(report: Report, launch: Launcher, data_dir: Path) -> None:
    from playwright.sync_api import sync_playwright

    from clinic_site.bootstrap import CHROMIUM
    from tests.browser.flags import FLAGS

    report.begin("First contentful paint of the longest article: a phone on a slow line, empty cache")
    ours = servers.site(launch, data_dir)
    page = get_plain(ours, longest_article(ours))
    scripts = {path: get_plain(ours, path).encode() for path in re.findall(r'<script src="([^"]+)"', page)}
    files = {"/ours": page.encode(), "/bootstrap": with_bootstrap(page).encode(), **bootstrap(), **scripts}
    with served(files) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        first_paint(browser, f"{address}/ours")
        painted: dict[str, list[float]] = {"/ours": [], "/bootstrap": []}
        for _ in range(ROUNDS):
            for path, times in painted.items():
                times.append(first_paint(browser, f"{address}{path}"))
        browser.close()
    report.add("the site", painted["/ours"], "ms")
    report.add("the same page with Bootstrap 5", painted["/bootstrap"], "ms")
    report.add("ratio to Bootstrap 5", ratios(painted["/ours"], painted["/bootstrap"]), most=0.65)
