"""wapiti against production mode behind nginx: as a visitor, as somebody who holds every role, and as each role.

python -m tests.faults.by_hand.wapiti path/to/wapiti [who …]

Whoever is not named is left out; `visitor` is one of the names. What the server of this module is asked for by the site
is a finding, too: wapiti tries to make it fetch something from there.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from education.accounts.roles import ROLES
from tests.faults.by_hand.site import at_work
from tests.faults.furnish import EVERYTHING
from tests.faults.production import Site

# All that need nothing from another machine and lock nobody's account.
MODULES = (
    *("backup", "buster", "cookieflags", "crlf", "csp", "csrf", "exec", "file", "htaccess", "http_headers", "ldap"),
    *("methods", "permanentxss", "redirect", "shellshock", "spring4shell", "sql", "ssl", "ssrf", "timesql", "upload"),
    *("xss", "xxe"),
)
VISITOR = "visitor"
SCAN_SECONDS, ATTACK_SECONDS = 90, 12  # for all pages; for each module
# The search finds other pages for other words, which is what this module looks for. There is no LDAP on this site.
KNOWN = "LDAP Injection"


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """The address of a server that stands for an attacker's, and which paths it was asked for."""
    called: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/" and not self.path.startswith("/get_"):  # those are wapiti itself
                called.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b"{}")

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", called
    server.shutdown()


def scan(program: str, site: Site, who: str, folder: Path, endpoint: str) -> dict[str, list[str]]:
    """What was found, by its kind."""
    root, report = f"https://127.0.0.1:{int(site.port)}", folder / f"{who}.json"
    command = [program, "-u", root + ("/" if who == VISITOR else "/admin/"), "--scope", "domain", "--verify-ssl", "0"]
    command += ["-x", f"{root}/accounts/*", "-H", "Origin: https://127.0.0.1", "-m", ",".join(MODULES)]
    command += ["--max-scan-time", f"{SCAN_SECONDS}", "--max-attack-time", f"{ATTACK_SECONDS}", "--endpoint", endpoint]
    command += ["--store-session", str(folder / who), "-f", "json", "-o", str(report), "--no-bugreport", "-v", "0"]
    if who != VISITOR:
        cookies = site.staff(who).cookies
        command += ["-C", "; ".join(f"{name}={value}" for name, value in cookies.items())]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    found = json.loads(report.read_text())
    kinds = {**found["vulnerabilities"], **found["anomalies"]}
    print(f"{who}: {found['infos']['crawled_pages_nbr']} pages", flush=True)
    return {kind: [f"{each['method']} {each['path']}: {each['info']}" for each in kinds[kind]] for kind in kinds}


def main(program: str, people: list[str]) -> int:
    failed = False
    with TemporaryDirectory() as folder, listening() as (endpoint, called), at_work("wapiti") as site:
        for who in people:
            for kind, lines in scan(program, site, who, Path(folder), endpoint).items():
                failed = failed or bool(lines and kind != KNOWN)
                print(*(f"  {kind}: {line}" for line in lines), sep="\n", end="\n" if lines else "", flush=True)
            if who != VISITOR and site.staff(who).get("/admin/").status != 200:
                sys.exit(f"{who} is not logged in any more.")
    print(f"The site called somebody else: {called or 'no'}")
    return int(failed or bool(called))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:] or [VISITOR, EVERYTHING, *ROLES]))
