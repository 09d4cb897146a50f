"""What operators do while patients ask: reload, migrate, renew the keys, stop. Nobody notices, and nothing is lost."""

import os
import signal
import socket
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest

from education.outbox import actions as outbox
from tests.faults.asking import (
    ANSWERS,
    FORM,
    NO_LIMIT,
    Crowd,
    assert_all_are_there,
    call,
    form_token,
    post,
    rows,
)
from tests.faults.bodies import URLENCODED
from tests.faults.wire import CLOSE, HOST, connect, rest
from tests.server import TIMEOUT, Launcher, Run, manage, run_command, until

RELOADS = 4


@pytest.fixture(scope="module")
def site(launch_shared: Launcher, shared_dir: Path) -> Run:
    return launch_shared.serve(shared_dir, **NO_LIMIT).up()


def test_reloading_fails_nobody_who_asks(site: Run, shared_dir: Path) -> None:
    with Crowd(site.port, 4) as crowd:
        for _ in range(RELOADS):
            before = set(site.children(site.web()))
            os.kill(site.web(), signal.SIGHUP)
            assert until(lambda before=before: len(set(site.children(site.web())) - before) == 2)
            crowd.wait_for_more(3)
    assert crowd.failed == []
    assert_all_are_there(shared_dir, crowd)


def test_migrating_fails_nobody_who_asks(site: Run, shared_dir: Path) -> None:
    with Crowd(site.port, 4) as crowd:
        crowd.wait_for_more(3)
        manage(shared_dir, "migrate")
        manage(shared_dir, "prepare")
        crowd.wait_for_more(3)
    assert crowd.failed == []
    assert_all_are_there(shared_dir, crowd)


def test_renewing_the_keys_fails_nobody_who_asks(site: Run, shared_dir: Path) -> None:
    """What was sealed with the old key is sealed again; only then may the old key go."""

    def keys() -> set[str]:
        return {str(row[0]) for row in rows(shared_dir, "SELECT DISTINCT key_id FROM education_consultationrequest")}

    with Crowd(site.port, 4) as crowd:
        crowd.wait_for_more(10)
        (old,) = keys()
        manage(shared_dir, "seal_keys", "new")
        assert "envelopes need this key" in refused(shared_dir, "seal_keys", "retire", old)
        crowd.wait_for_more(3)
        manage(shared_dir, "seal_keys", "reseal")
        crowd.wait_for_more(3)
    assert_all_are_there(shared_dir, crowd)
    manage(shared_dir, "seal_keys", "reseal")
    (new,) = keys()
    assert new != old
    manage(shared_dir, "seal_keys", "recovery")
    manage(shared_dir, "seal_keys", "retire", old)
    assert crowd.failed == []


def refused(data_dir: Path, *words: str) -> str:
    done = run_command(data_dir, *words)
    assert done.returncode == 1, done.stdout
    return done.stderr


# Before the site starts: else it would send the first of them by itself, and wait for its answer before the others.
MAILS = f"""
from education.outbox import actions
for number in range({outbox.AT_ONCE}):
    actions.post(key=f"test/{{number}}", to="somebody@clinic.test", subject="Mail", body="It waits.")
"""


def _let_in(server: socket.socket, taken: list[socket.socket]) -> None:
    with suppress(OSError):  # once the server is closed
        while True:
            taken.append(server.accept()[0])


def test_a_mail_server_that_hangs_keeps_no_request_from_staff(launch: Launcher, data_dir: Path) -> None:
    """It takes connections and never says a word. Meanwhile the site also notes that it answers."""
    manage(data_dir, "shell", "--no-imports", "-c", MAILS)
    taken: list[socket.socket] = []

    def all_ingested() -> bool:
        return not rows(data_dir, "SELECT 1 FROM education_consultationrequest WHERE ingested_at IS NULL")

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_let_in, args=(server, taken), daemon=True).start()
        address = f"smtp://127.0.0.1:{server.getsockname()[1]}"
        run = launch.serve(data_dir, **NO_LIMIT, EMAIL_URL=address).up()
        for name in ("Hanna Hang", "Hugo Hang", "Hedda Hang"):
            assert post(run.port, form_token(run.port), name).status == 303
        assert until(lambda: len(taken) >= outbox.AT_ONCE), "several at once"
        assert post(run.port, form_token(run.port), "Later Lotte").status == 303
        assert until(all_ingested)
        assert until(lambda: rows(data_dir, "SELECT 1 FROM education_installationfact WHERE name LIKE 'web/%'"))
        assert "on the way, the oldest for" in call(run.port, "GET", "/health/ready").body
        assert rows(data_dir, "SELECT count(*) FROM education_outboxmessage WHERE state = 'sent'") == [(0,)]
    for connection in taken:
        connection.close()


def test_whoever_is_sending_when_the_site_stops_gets_a_receipt(launch: Launcher, data_dir: Path) -> None:
    run = launch.serve(data_dir, **NO_LIMIT).up()
    body = urlencode({**ANSWERS, "full_name": "Stina Stopped", "token": form_token(run.port)}).encode()
    head = b"POST " + FORM.encode() + b" HTTP/1.1\r\n" + HOST + CLOSE + URLENCODED
    with connect(run.port) as connection:
        connection.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body[:50])
        threading.Timer(1.5, connection.sendall, [body[50:]]).start()  # once nobody new is let in
        run.process.terminate()
        assert rest(connection).startswith(b"HTTP/1.1 303 ")
    assert run.process.wait(TIMEOUT) == 0
    assert rows(data_dir, "SELECT count(*) FROM education_consultationrequest") == [(1,)]
