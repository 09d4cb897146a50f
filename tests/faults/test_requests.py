"""Requests that no browser sends: each gets one answer with a clear status, and none is smuggled in behind another."""

import threading
from pathlib import Path

import pytest

from tests.faults.bodies import BODIES, FORM, PIECE, URLENCODED, memory, send_on, written
from tests.faults.odd import ODD
from tests.faults.wire import CLOSE, HOST, connect, exchange, get
from tests.server import Launcher, Run


@pytest.fixture(scope="module")
def site(launch_shared: Launcher, shared_dir: Path) -> Run:
    return launch_shared.serve(shared_dir).up()


@pytest.mark.parametrize("name", ODD)
def test_an_odd_request_gets_one_answer(site: Run, name: str) -> None:
    lines, status = ODD[name]
    reply = exchange(site.port, lines + b"\r\n", b"GET /a-z/ HTTP/1.1\r\n" + HOST + b"\r\n")
    assert (reply.status, reply.answers) == (status, 1)
    assert b"<h1>" in reply.body
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
    assert "server" not in reply.headers


@pytest.mark.parametrize("path", ["/", "/static/css/base.css", "/no-such-page/", "/admin/", "/health/live"])
def test_every_response_has_one_policy_and_no_server_header(site: Run, path: str) -> None:
    head = get(site.port, path).raw.partition(b"\r\n\r\n")[0].lower()
    for name in (b"content-security-policy:", b"x-frame-options:", b"x-content-type-options:", b"referrer-policy:"):
        assert head.count(b"\r\n" + name) == 1, name
    for name in (b"\r\nserver:", b"surrogate-", b"set-cookie: sessionid"):
        assert name not in head


def test_two_pipelined_requests_get_two_answers_in_order(site: Run) -> None:
    first = b"GET /robots.txt HTTP/1.1\r\n" + HOST + b"\r\n"
    reply = exchange(site.port, first + b"GET /health/live HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n")
    assert reply.answers == 2
    assert reply.raw.index(b"User-agent") < reply.raw.index(b"\r\n\r\nok\n")


def test_a_request_in_pieces_is_one_request(site: Run) -> None:
    whole = b"GET /robots.txt HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n"
    pieces = [whole[start : start + 7] for start in range(0, len(whole), 7)]
    assert b"User-agent" in exchange(site.port, *pieces).body


@pytest.mark.parametrize("name", BODIES)
def test_a_body_of_300_megabytes_is_refused_at_once(site: Run, name: str, shared_dir: Path) -> None:
    """Nothing of it is written anywhere, and hardly any of it is held, though the sender goes on sending.

    At once: a third of it is sent at most, so whoever waited for the whole would never answer.
    """
    head, piece = BODIES[name]
    files, held = written(site, shared_dir), memory(site)
    with connect(site.port) as connection:
        sending = threading.Thread(target=send_on, args=(connection, head, piece))
        sending.start()
        reply = connection.recv(65536)
        most = memory(site) - held
        sending.join()
        most = max(most, memory(site) - held)
    assert reply.startswith(b"HTTP/1.1 413 ")
    assert most < 50_000_000
    assert written(site, shared_dir) - files < len(PIECE)


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"full_name=" + b"x" * 5_000_000, 413), (b"&".join(b"field_%d=x" % number for number in range(10_000)), 400)],
    ids=["5 megabytes", "10,000 fields"],
)
def test_a_form_that_is_too_large_is_refused_and_little_of_it_is_held(site: Run, body: bytes, status: int) -> None:
    held = memory(site)
    reply = exchange(site.port, FORM + HOST + CLOSE + URLENCODED + b"Content-Length: %d\r\n\r\n" % len(body), body)
    assert (reply.status, reply.answers) == (status, 1)
    assert memory(site) - held < 50_000_000


def test_a_chunked_form_arrives_whole(site: Run) -> None:
    """Its length is known to Django although nobody declared one."""
    body = b"token=lost&full_name=Patricia+Example"
    reply = exchange(
        site.port,
        FORM + HOST + CLOSE + URLENCODED + b"Sec-Fetch-Site: same-origin\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body),
    )
    assert reply.status == 400
    assert b'value="Patricia Example"' in reply.body
