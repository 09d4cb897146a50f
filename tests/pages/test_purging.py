"""What the worker tells a CDN, when, and what it does when nobody listens. In tests/faults a whole site has one."""

import json
import time
from collections.abc import Iterator
from http.server import HTTPServer
from typing import Any

import pytest
from django.db import OperationalError

from education.audit import facts
from education.pages.actions import changed, gone, mark_stale
from education.pages.models import ChangeCount
from education.pages.purging import MAX_KEYS, SETTLED_SECONDS, TROUBLE, Purger, Refused
from tests.played import HERE, Quiet, running

pytestmark = pytest.mark.django_db
LUPUS = "/autoimmune-conditions/lupus/"


class Playing(Quiet):
    keys: list[list[str]] = []
    status = 200

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.keys.append(asked["surrogate_keys"])
        self.send_response(self.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()


@pytest.fixture(autouse=True)
def cdn(settings: Any) -> Iterator[type[Playing]]:
    Playing.keys, Playing.status = [], 200
    with running(HTTPServer(HERE, Playing)) as server:
        settings.CDN_PURGE_URL, settings.CDN_PURGE_HEADER = f"http://127.0.0.1:{server.server_port}/purge", "A: b"
        settings.CDN_PURGE_FIELD, settings.CDN_SECONDS = "surrogate_keys", 3600
        yield Playing


class Clock:
    now = 0.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setattr(time, "monotonic", lambda: clock.now)
    clock = Clock()
    return clock


@pytest.fixture
def purger(cdn: type[Playing], clock: Clock) -> Purger:
    """One that has told all there is."""
    changed(LUPUS, title="Lupus")
    found = Purger()
    for _ in range(2):
        found.tell()
        clock.now += SETTLED_SECONDS
    assert cdn.keys == [["every-page"]] * 2
    cdn.keys.clear()
    return found


def test_each_change_is_told_at_once_and_again_when_the_site_has_settled(
    purger: Purger, cdn: type[Playing], clock: Clock
) -> None:
    changed(LUPUS, title="Lupus")
    for moment in (0, 0.5, SETTLED_SECONDS, SETTLED_SECONDS + 9):
        clock.now = 100 + moment
        purger.tell()
    assert cdn.keys == [["any-page", "page-autoimmune-conditions-lupus"]] * 2
    gone(LUPUS, named_on="/autoimmune-conditions/*")
    purger.tell()
    assert cdn.keys[2] == ["any-page", "under-autoimmune-conditions", "page-autoimmune-conditions-lupus"]


def test_what_the_cdn_did_not_take_is_told_again(purger: Purger, cdn: type[Playing], clock: Clock) -> None:
    cdn.status = 307  # nor is the secret sent on to where that leads
    mark_stale([LUPUS])
    with pytest.raises(Refused):
        purger.tell()
    known = facts.known(TROUBLE)
    assert known
    assert known.value == "it answers with status 307"
    cdn.status = 200
    mark_stale(["/privacy/"])
    purger.tell()
    assert cdn.keys[1:] == [["any-page", "page-autoimmune-conditions-lupus", "page-privacy"]]
    assert facts.known(TROUBLE) is None


def test_all_pages_are_forgotten_where_nobody_can_say_which(
    purger: Purger, cdn: type[Playing], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark_stale([f"/topic/{number}/" for number in range(MAX_KEYS)])
    purger.tell()
    assert cdn.keys == [["every-page"]]
    ChangeCount.objects.update(number=0)  # another database than before
    purger.tell()
    assert cdn.keys[1:] == [["every-page"]]

    def away(*_: Any, **__: Any) -> None:
        raise OperationalError

    clock.now += SETTLED_SECONDS
    purger.tell()
    with monkeypatch.context() as patch:
        patch.setattr(ChangeCount.objects, "values_list", away)
        with pytest.raises(OperationalError):
            purger.tell()
    cdn.keys.clear()
    purger.tell()
    assert cdn.keys == [["every-page"]], "meanwhile an older page may have been shown, and kept"


def test_without_a_cdn_nobody_is_told_anything(cdn: type[Playing], settings: Any) -> None:
    settings.CDN_PURGE_URL = ""
    mark_stale()
    Purger().tell()
    assert cdn.keys == []
