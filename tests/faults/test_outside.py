"""What anybody on the internet may try with addresses and headers, in a trial and behind nginx."""

import re
import socket
import sqlite3
import ssl
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.faults.asking import ANSWERS, FORM, TOKEN
from tests.faults.bodies import URLENCODED
from tests.faults.furnish import PICTURE, SIGNED
from tests.faults.nginx import in_front_of
from tests.faults.odd import ODD
from tests.faults.production import Site
from tests.faults.visitor import Page, Visitor
from tests.faults.wire import CLOSE, HOST, TLS, exchange
from tests.server import Launcher, free_port, until

STATIC = "/static/css/base.css"
ANSWERED = {
    "/": 200,
    SIGNED: 200,
    FORM: 200,
    "/search/?q=gout": 200,
    "/accounts/login/": 200,
    "/health/live": 200,
    STATIC: 200,
    PICTURE: 200,
    SIGNED.rstrip("/"): 301,
    "/admin/": 302,
    "/no-such-page/": 404,
    "/static/no-such-file.css": 404,
    "/media/pictures/none.jpg": 404,
    "/.git/config": 404,
    "/my-request/guessed/": 404,
}
NEEDED = {
    "x-content-type-options": ("nosniff",),
    "x-frame-options": ("DENY",),
    "referrer-policy": ("same-origin", "no-referrer"),
    "cross-origin-opener-policy": ("same-origin",),
    "cross-origin-embedder-policy": ("require-corp",),
    "cross-origin-resource-policy": ("same-origin",),
}


def assert_safe_headers(site: Site, page: Page) -> None:
    assert {name: page.headers.get_all(name) for name in NEEDED if page.headers[name] not in NEEDED[name]} == {}
    assert all(len(page.headers.get_all(name) or []) == 1 for name in NEEDED)
    for directive in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert directive in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "camera=()" in page.headers["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in page.headers
    assert ("Strict-Transport-Security" in page.headers) is site.is_production
    assert page.headers["Server"] in (None, "nginx"), "no version of anything"


@pytest.mark.parametrize("path", ANSWERED)
def test_every_answer_has_every_header(either: Site, path: str) -> None:
    page = either.visitor().get(path)
    assert page.status == ANSWERED[path]
    assert_safe_headers(either, page)


@pytest.mark.parametrize("status", [400, 403, 405, 413])
def test_every_refusal_has_every_header(either: Site, status: int) -> None:
    visitor = either.visitor()
    page = {
        400: lambda: visitor.get("/", Host="evil.test"),
        403: lambda: visitor.post("/accounts/login/", {"login": "x", "password": "y"}),
        405: lambda: visitor.call("DELETE", "/"),
        413: lambda: visitor.post("/search/", {"q": "x" * 200_000}),
    }[status]()
    assert page.status == status
    assert_safe_headers(either, page)


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "DELETE", "PATCH", "FOO"])
def test_other_methods_are_refused_everywhere(either: Site, method: str) -> None:
    paths = [path for path in ANSWERED if path != "/health/live"]
    statuses = {path: either.visitor().call(method, path).status for path in paths}
    # Where nothing but a tunnel could be meant, nginx gives its plain 400.
    assert set(statuses.values()) <= ({405, 501} | ({400} if method == "CONNECT" else set())), statuses


def test_another_host_is_refused_and_never_repeated(either: Site) -> None:
    for name in ("evil.test", "127.0.0.1.evil.test", "evil.test:443", "127.0.0.1@evil.test"):
        page = either.visitor().get("/", Host=name)
        assert page.status == 400, name
        assert "evil" not in page.body
    for path in ("/", FORM, "/accounts/login/", SIGNED.rstrip("/"), "/sitemap.xml"):
        page = either.visitor().get(path, X_Forwarded_Host="evil.test", Forwarded="host=evil.test", X_Host="evil.test")
        assert page.status in (200, 301)
        assert "evil" not in page.body + page.location


@pytest.mark.parametrize("name", ODD)
def test_an_odd_request_gets_one_answer_behind_nginx(production: Site, name: str) -> None:
    """nginx refuses it, or hands it on as one well-formed request; what follows it is never a second one."""
    lines, status = ODD[name]
    reply = exchange(production.port, lines + b"Connection: close\r\n\r\n", b"GET /a-z/ HTTP/1.1\r\n" + HOST + b"\r\n")
    assert reply.raw.count(b"HTTP/1.1 ") == 1
    assert reply.status in REPAIRED.get(name, (status, 400, 405))


# What nginx puts right before the site sees it; and a header that is longer than it reads.
REPAIRED = {
    "a bare line feed": (200, 400),
    "a folded header": (200, 400),
    "another site's address": (200, 400),
    "a long address": (414,),
    "a long header": (400, 431),
}


@pytest.mark.parametrize(
    "path",
    [
        "/.git/HEAD",
        "/.env",
        "/db.sqlite3",
        "/clinic.sqlite3",
        "/var/clinic.sqlite3",
        "/media/../clinic.sqlite3",
        "/media/%2e%2e/clinic.sqlite3",
        "/media/pictures/..%2f..%2fclinic.sqlite3",
        "/static/..;/manage.py",
        "/static/../keys/secret_key",
        "/static/%2e%2e/keys/secret_key",
        "/backups/erasures.txt",
        "/server-status/",
        "/static/staticfiles.json",  # names of packages
    ],
)
def test_no_file_of_the_site_is_reachable(either: Site, path: str) -> None:
    page = either.visitor().get(path)
    assert page.status in (400, 404), page.body[:200]
    assert b"SQLite format" not in page.content


@pytest.mark.parametrize(
    "target", ["//evil.test", "/\\evil.test", "https:evil.test", "https://evil.test/", "javascript:alert(1)"]
)
def test_logging_in_leads_nowhere_else(either: Site, target: str) -> None:
    """Somebody who is logged in already is sent on at once."""
    page = either.staff("editor").get(f"/accounts/login/?next={target}")
    assert page.status == 302
    assert page.location == "/admin/"
    for path in ("//evil.test/", "//evil.test//..", "/\\evil.test", "/%5Cevil.test"):
        location = either.visitor().get(path).location
        assert not re.match(r"(https?:)?[/\\]{2}(?!127\.0\.0\.1)", location), location


def test_staff_forms_need_their_token_and_their_origin(either: Site) -> None:
    staff = either.staff("editor")
    fresh = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', staff.get("/admin/").body)
    assert fresh
    for data, headers in (
        ({}, {}),
        ({"csrfmiddlewaretoken": "x" * 64}, {}),
        ({"csrfmiddlewaretoken": fresh[1]}, {"Origin": "https://evil.test"}),
        ({"csrfmiddlewaretoken": fresh[1]}, {"Origin": "null"}),
    ):
        page = staff.post("/accounts/password/change/", {"oldpassword": "x", **data}, **headers)
        assert page.status == 403, (data, headers)


def send(visitor: Visitor, name: str, **headers: str) -> Page:
    """A whole request for a consultation, from the empty form to the receipt."""
    token = TOKEN.search(visitor.get(FORM).body)
    assert token
    return visitor.post(FORM, {**ANSWERS, "full_name": name, "token": token[1]}, **headers)


def test_a_patient_asks(either: Site) -> None:
    """The receipt's address holds nothing of what was sent, no cookie is set, and nothing of it is kept on the way."""
    visitor = either.visitor()
    page = send(visitor, "Agneta Wire")
    assert page.status == 303
    assert "agneta" not in page.location.lower()
    receipt = visitor.get(page.location)
    assert receipt.status == 200
    assert receipt.headers["Cache-Control"] == "no-store"
    assert visitor.cookies == {}


def test_fifty_posts_of_one_token_at_once_are_one_request(either: Site) -> None:
    visitor = either.visitor()
    token = TOKEN.search(visitor.get(FORM).body)
    assert token
    with ThreadPoolExecutor(50) as pool:
        pages = list(
            pool.map(
                lambda _: visitor.post(FORM, {**ANSWERS, "full_name": "Dora Double", "token": token[1]}), range(50)
            )
        )
    assert {page.status for page in pages} == {303}
    assert len({page.location for page in pages}) == 1


def test_nothing_secret_is_written_down_on_the_way(production: Site) -> None:
    assert production.proxy
    visitor = production.visitor()
    receipt = send(visitor, "Lotte Logless").location
    secret = ["preview/token-1-secret", "setup/token-2-secret", "my-request/token-3-secret", receipt.strip("/")]
    for path in secret:
        visitor.get(f"/{path}/")
        exchange(production.port, f"GET /{path}/ HTTP/1.1\r\nHost : x\r\n\r\n".encode())
    visitor.post(FORM, {"full_name": "Lotte Logless " * 20_000})
    written = production.run.text() + production.proxy.logged()
    for words in (*(path.partition("/")[2] for path in secret), "Logless"):
        assert words not in written


@pytest.mark.parametrize("chunked", [False, True], ids=["with a length", "in chunks"])
def test_nginx_keeps_no_answers_in_a_file(production: Site, chunked: bool) -> None:
    """The harness makes it an error: nginx would answer 500."""
    body = b"full_name=" + b"Lotte+" * 30_000
    head = b"POST " + FORM.encode() + b" HTTP/1.1\r\n" + HOST + CLOSE + URLENCODED + b"Sec-Fetch-Site: same-origin\r\n"
    if chunked:
        head += b"Transfer-Encoding: chunked\r\n\r\n"
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    else:
        head += b"Content-Length: %d\r\n\r\n" % len(body)
    reply = exchange(production.port, head, body)
    assert reply.status == 400
    assert b"Lotte" in reply.body


def test_nothing_secret_is_written_down_while_the_site_is_away(tmp_path: Path) -> None:
    """nginx would name the visitor, and the address that it could not hand on; and who began TLS in a broken way."""
    with in_front_of(free_port(), tmp_path / "nginx") as proxy:
        for place in range(3, 160):
            send_and_leave(int(proxy.port), broken_hello(place))
        send_and_leave(proxy.plain_port, b"GET /my-request/token-4-secret/ HTTP/1.1\r\nHost : x\r\n\r\n")
        assert Visitor(proxy.port).get("/my-request/token-4-secret/").status == 502
        assert Visitor(proxy.port).post(FORM, {"full_name": "Lotte Logless " * 20_000}).status == 502
    assert proxy.logged() == ""


def broken_hello(place: int) -> bytes:
    """The first message of a TLS connection with one byte changed."""
    sent = ssl.MemoryBIO()
    connection = TLS.wrap_bio(ssl.MemoryBIO(), sent, server_hostname="a.test")
    with suppress(ssl.SSLWantReadError):
        connection.do_handshake()
    message = bytearray(sent.read())
    message[place] ^= 0xFF
    return bytes(message)


def send_and_leave(port: int, message: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection, suppress(OSError):
        connection.sendall(message)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(9999):
            pass


def test_an_error_of_ours_tells_nobody_anything(launch: Launcher, data_dir: Path) -> None:
    """Visitors get a page without a word about the cause; the log gets the cause once, without what was typed."""
    run = launch.serve(data_dir).up()
    with closing(sqlite3.connect(data_dir / "clinic.sqlite3", timeout=60)) as database:
        database.execute("ALTER TABLE education_searchentry RENAME TO gone")
    page = Visitor(run.port).get("/search/?q=Clarissa+Canary")
    assert page.status == 500
    assert_safe_headers(Site(run, data_dir, run.port), page)
    assert "our side" in page.body
    for word in ("Traceback", "site-packages", "searchentry", "sqlite", "Django", str(data_dir)):
        assert word not in page.body
    assert until(lambda: "OperationalError" in run.text())
    assert run.text().count("Traceback") + run.text().count("Internal Server Error") <= 2
    assert "Canary" not in run.text()


def test_the_public_side_has_no_staff_address(launch: Launcher, data_dir: Path) -> None:
    """Started with what it needs only: the key that seals, and none that opens."""
    for file in (data_dir / "keys").iterdir():
        if not file.name.startswith(("seal_public", "secret_key")):
            file.unlink()
    command = [sys.executable, "-m", "gunicorn", "-c", "clinic_site/gunicorn.conf.py", "clinic_site.asgi"]
    run = launch(command, data_dir, CLINIC_ROLE="public")
    assert until(lambda: run.answers() or run.process.poll() is not None), run.text()
    visitor = Visitor(run.port)
    for path in ("/admin/", "/admin/login/", "/admin/education/consultationrequest/", "/accounts/login/", "/setup/x/"):
        assert visitor.get(path).status == 404, path
    assert send(visitor, "Petra Public").status == 303
