"""People who take more than their share: of memory, by large bodies, and of the processor, by tiny chunks and log-ins.

Each function takes the port of a site, in whatever way it is served.
"""

import contextlib
import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from tests.faults.slow import FORM, Probes, drip_until_cut
from tests.faults.wire import CLOSE, HOST, HttpsPort, Reply, connect, exchange
from tests.server import Run

LARGE = 2_900_000  # a little less than the form takes
FILLING = [*[LARGE] * 24, *[200_000] * 48, *[20_000] * 40, *[2_000] * 40, *[100] * 80]  # bytes: until nothing fits in
URLENCODED = b"Content-Type: application/x-www-form-urlencoded\r\n"
LOG_IN = "/accounts/login/"
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


def post_head(path: str, *headers: bytes) -> bytes:
    return b"POST " + path.encode() + b" HTTP/1.1\r\n" + HOST + URLENCODED + b"".join(headers) + b"\r\n"


@dataclass
class Hoard:
    """What came of many large bodies: seconds that readers waited, and until the last sender was cut."""

    waited: dict[str, float]
    last_cut: float


def hoard(port: int, sources: list[str]) -> contextlib.ExitStack:
    """Open connections, closed with the stack: bodies of all sizes that lack only their last byte."""
    stack = contextlib.ExitStack()
    for place, size in enumerate(FILLING):
        connection = stack.enter_context(contextlib.closing(connect(port, source=sources[place % len(sources)])))
        with contextlib.suppress(OSError):  # refused already
            connection.sendall(post_head(FORM, b"Content-Length: %d\r\n" % (size + 1)) + b"x" * size)
    return stack


def drip_after_a_fast_start(port: int, number: int) -> Hoard:
    """Send nearly all of a large body at once and the rest byte by byte, from as many addresses."""
    with contextlib.ExitStack() as stack, Probes(port, ("/", FORM)) as probes:
        began = time.monotonic()
        sockets = {}
        for place in range(number):
            connection = stack.enter_context(contextlib.closing(connect(port, source=f"127.0.1.{place + 1}")))
            connection.sendall(post_head(FORM, b"Content-Length: %d\r\n" % LARGE) + b"x" * (LARGE - 5_000))
            sockets[connection] = "body"
        closed = drip_until_cut(sockets, began)
    return Hoard(probes.longest, max(closed.values()) if len(closed) == number else float("inf"))


def tiny_chunks(port: int, senders: int, chunks: int = 400_000) -> tuple[list[Reply], dict[str, float]]:
    """Each sends so many chunks of one byte; what each was told, and how long readers waited."""
    head = post_head(FORM, b"Transfer-Encoding: chunked\r\n")
    with Probes(port, ("/", FORM)) as probes, ThreadPoolExecutor(senders) as pool:
        sent = [pool.submit(exchange, port, head, b"1\r\nx\r\n" * chunks) for _ in range(senders)]
        return [one.result() for one in sent], probes.longest


def processor_seconds(site: Run) -> float:
    """What the processes of the site have used so far."""
    total = 0
    for pid in site.members():
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def log_in_wrongly(port: int, source: str) -> Reply:
    """One attempt, as a browser makes it."""
    page = exchange(port, f"GET {LOG_IN} HTTP/1.1\r\n".encode() + HOST + CLOSE + b"\r\n", source=source)
    token = TOKEN.search(page.body)
    assert token, page.raw
    cookie = page.headers["set-cookie"].partition(";")[0].encode()
    body = urlencode({"csrfmiddlewaretoken": token[1].decode(), "login": source, "password": "not the password"})
    origin = b"Origin: https://127.0.0.1\r\n" if isinstance(port, HttpsPort) else b""
    headers = (b"Cookie: " + cookie + b"\r\n", origin, CLOSE, b"Content-Length: %d\r\n" % len(body))
    return exchange(port, post_head(LOG_IN, *headers), body.encode(), source=source)


def all_log_in(port: int, number: int) -> tuple[list[Reply], dict[str, float]]:
    """So many at once, each from another address; how long readers waited."""
    with Probes(port, ("/", FORM)) as probes, ThreadPoolExecutor(number) as pool:
        replies = list(pool.map(lambda place: log_in_wrongly(port, f"127.0.2.{place + 1}"), range(number)))
        return replies, probes.longest


def piled_marks(port: int, senders: int) -> tuple[list[Reply], dict[str, float]]:
    """Each sends a letter under 100,000 marks in the wrong order, which take for ever to be sorted."""
    body = urlencode({"token": "x", "full_name": "a" + "\u0301" * 50_000 + "\u0316" * 50_000}).encode()
    head = post_head(FORM, CLOSE, b"Content-Length: %d\r\n" % len(body))
    with Probes(port, ("/", FORM)) as probes, ThreadPoolExecutor(senders) as pool:
        sent = [pool.submit(exchange, port, head, body) for _ in range(senders)]
        return [one.result() for one in sent], probes.longest
