"""A CDN in front keeps public pages and nothing else, and lets go of a page as soon as it has changed."""

import http.client
import json
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from education.core.http import cdn_key
from tests.faults.asking import form_token, post
from tests.faults.publishing import PAGE, publisher
from tests.faults.visitor import Visitor
from tests.played import HERE, Quiet, running
from tests.server import TIMEOUT, Launcher, Run, free_port, manage, until

OTHER = "/autoimmune-conditions/crohns-disease/"
PUBLIC = ("/", PAGE, OTHER, f"{PAGE}history/", "/a-z/", "/people/", "/sitemap.xml")
PICTURE = "from tests import cast; print(cast.picture().url)"
DELETED = """
from education.images.actions import delete_picture
from education.images.models import Picture
delete_picture(Picture.objects.get(), by=None)
"""
PRIVATE = (
    "/request-a-consultation/",
    "/search/?q=pain",
    "/no-such-page/",
    "/accounts/login/",
    "/admin/",
    "/health/live",
)


@dataclass
class Kept:
    status: int
    headers: dict[str, str]
    body: bytes


class PlayedCDN(ThreadingHTTPServer):
    """Keeps what names a time for shared caches, passes on all else, and forgets what it is told to by its keys."""

    def __init__(self, origin: int) -> None:
        super().__init__(HERE, Handler)
        self.origin = origin
        self.kept: dict[str, Kept] = {}
        self.purges: list[list[str]] = []
        self.deaf = 0  # refuses so many purges
        self.headers: set[str | None] = set()  # that came with purges
        self.passed: dict[str, str] = {}  # the Cache-Control of what it did not keep

    def forget(self, keys: list[str]) -> None:
        self.purges.append(keys)
        for path, page in list(self.kept.items()):
            if set(keys) & set(page.headers["surrogate-key"].split()):
                self.kept.pop(path, None)


class Handler(Quiet):
    server: PlayedCDN

    def do_GET(self) -> None:
        cdn = self.server
        page = cdn.kept.get(self.path) or self.fetched()
        self.send_response(page.status)
        self.end_headers()
        self.wfile.write(page.body)

    def fetched(self) -> Kept:
        cdn = self.server
        connection = http.client.HTTPConnection("127.0.0.1", cdn.origin, timeout=TIMEOUT)
        connection.request("GET", self.path, headers={"Cookie": self.headers.get("Cookie", "")})
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        page = Kept(answer.status, headers, answer.read())
        connection.close()
        if "s-maxage=" in headers.get("cache-control", ""):
            cdn.kept[self.path] = page
        else:
            cdn.passed[self.path] = headers.get("cache-control", "")
        return page

    def do_POST(self) -> None:
        cdn = self.server
        keys = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["tags"]
        cdn.headers.add(self.headers["Authorization"])
        cdn.deaf -= 1
        if cdn.deaf < 0:
            cdn.forget(keys)
        self.send_response(204 if cdn.deaf < 0 else 503)
        self.end_headers()


@pytest.fixture
def cdn() -> Iterator[PlayedCDN]:
    with running(PlayedCDN(free_port())) as server:
        yield server


def read(cdn: PlayedCDN, path: str, cookie: str = "") -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", cdn.server_port, timeout=TIMEOUT)
    connection.request("GET", path, headers={"Cookie": cookie})
    body = connection.getresponse().read()
    connection.close()
    return body


def of_each_worker(run: Run, path: str) -> list[int]:
    """What each web worker answers past the CDN, while the others are stopped."""
    workers, found = run.children(run.web()), []
    for answers in workers:
        others = [pid for pid in workers if pid != answers]
        for pid in others:
            os.kill(pid, signal.SIGSTOP)
        try:
            found.append(Visitor(run.port).get(path).status)
        finally:
            for pid in others:
                os.kill(pid, signal.SIGCONT)
    return found


def test_pages_are_kept_until_they_change_and_nothing_else_is(launch: Launcher, data_dir: Path, cdn: PlayedCDN) -> None:
    told = {
        "CDN_PURGE_URL": f"http://127.0.0.1:{cdn.server_port}/zones/1/purge_cache",
        "CDN_PURGE_FIELD": "tags",
        "CDN_PURGE_HEADER": "Authorization: Bearer a-token",
    }
    picture = manage(data_dir, "shell", "--no-imports", "-c", PICTURE).strip()
    run = launch.serve(data_dir, port=cdn.origin, **told).up()
    assert until(lambda: cdn.purges[:2] == [["every-page"]] * 2), "whatever it kept of the time before"
    receipt = post(run.port, form_token(run.port), "Ana").location
    for path in (*PUBLIC, *PRIVATE, receipt):
        for cookie in ("sessionid=ended", "", ""):  # Django takes away the cookie of a session that has ended
            read(cdn, path, cookie)
    assert b"JFIF" in read(cdn, picture)
    assert set(cdn.kept) == {*PUBLIC, picture}
    for path, page in cdn.kept.items():
        assert "set-cookie" not in page.headers, path
        assert {"surrogate-control", "surrogate-scope", "surrogate-query"}.isdisjoint(page.headers), path
        assert page.headers["cache-tag"].split(",") == page.headers["surrogate-key"].split(), path
    for path in (*PRIVATE, receipt):
        assert "private" in cdn.passed[path], path

    cdn.deaf, before = 2, len(cdn.purges)
    publisher(data_dir, rounds=1, pause=0, **told).communicate(timeout=TIMEOUT)
    assert until(lambda: b"Round 1 of this page" in read(cdn, PAGE))
    assert cdn.deaf < 0, "it was told again"
    assert cdn.headers == {"Bearer a-token"}
    assert all(cdn_key(PAGE) in keys and cdn_key(OTHER) not in keys for keys in cdn.purges[before:])
    assert OTHER in cdn.kept

    assert of_each_worker(run, picture) == [200, 200]
    manage(data_dir, "shell", "--no-imports", "-c", DELETED, **told)
    assert of_each_worker(run, picture) == [404, 404]
    assert until(lambda: b"JFIF" not in read(cdn, picture))
    assert OTHER in cdn.kept
