"""The fallback: any WSGI server serves the site without the edge, should a new gunicorn not suit it."""

import re
import sys
from pathlib import Path

import pytest

from tests.faults.asking import form_token, post
from tests.faults.wire import CLOSE, Reply, exchange, get
from tests.server import TIMEOUT, Launcher, free_port, until

ARTICLE = "/low-dose-naltrexone/side-effects/"
FORM = "/request-a-consultation/"
COMMANDS = {
    "alone": ["-k", "gthread", "clinic_site.wsgi"],
    "as the README says": ["-c", "clinic_site/gunicorn.conf.py", "-k", "gthread", "--threads", "6", "clinic_site.wsgi"],
}


def heading(reply: Reply) -> str:
    found = re.search(rb"<h1[^>]*>(.*?)</h1>", reply.body, re.DOTALL)
    return found[1].decode() if found else ""


@pytest.mark.parametrize("name", COMMANDS)
def test_patients_read_and_ask_without_the_edge(launch: Launcher, data_dir: Path, name: str) -> None:
    port = free_port()
    run = launch(
        [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *COMMANDS[name]], data_dir, port=port
    )
    assert until(lambda: run.answers() or run.process.poll() is not None), run.text()
    assert run.process.poll() is None, run.text()

    pages = {path: get(port, path) for path in ("/", ARTICLE, FORM)}
    assert {path: reply.status for path, reply in pages.items()} == dict.fromkeys(pages, 200)
    assert "side effects" in heading(pages[ARTICLE]).lower()
    assert post(port, form_token(port), "Ana Ruiz").status == 303

    files = set(re.findall(rb'="(/static/[^"]+)"', pages["/"].body))
    assert files
    replies = [*pages.values(), *(get(port, path.decode()) for path in files)]
    assert {reply.status for reply in replies} == {200}
    for reply in replies:
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
    assert exchange(port, b"GET / HTTP/1.1\r\nHost: elsewhere.example\r\n" + CLOSE + b"\r\n").status == 400

    run.process.terminate()
    assert run.process.wait(TIMEOUT) == 0, run.text()
    assert until(run.left_nothing)
