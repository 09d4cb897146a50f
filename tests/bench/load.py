"""Clients that send the same request again and again, and what it costs the server in processor time."""

import socket
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench.figures import Refused
from tests.server import Run, until

WARM_UP = 200
ROUNDS = 5
AT_REST = 0.05  # of one processor: a server that does less has nothing of its own to do any more
AT_REST_SECONDS = 3.0  # the site begins to render pages in advance a second after its start
BROWSER_HEADERS = (
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\r\n"
    "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n"
    "Accept-Language: en-GB,en;q=0.7\r\n"
    "Accept-Encoding: gzip, deflate, br\r\n"
)


@dataclass(frozen=True)
class Server:
    """A server and the path to request from it; `cookies` for staff pages."""

    run: Run
    path: str = "/"
    cookies: str = ""

    @property
    def request(self) -> bytes:
        cookies = f"Cookie: {self.cookies}\r\n" if self.cookies else ""
        return f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{BROWSER_HEADERS}{cookies}\r\n".encode()

    def ready(self) -> "Server":
        if not until(self._is_up, 60):
            raise Refused(f"a server did not start: {self.run.text()[-800:]}")
        return self

    def at_rest(self) -> "Server":
        """Once it has rendered all pages in advance, which would count as the cost of the first requests."""
        if not until(lambda: _busy_share(self.run) < AT_REST, 120):
            raise Refused("a server that nobody asks anything does not come to rest")
        return self

    def _is_up(self) -> bool:
        try:
            return Reader(self).read()[0] == 200
        except (OSError, ValueError):
            return False


class Reader:
    """A client with one connection, which it keeps open as long as the server does."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.request = server.request
        self.connection = socket.create_connection(("127.0.0.1", server.run.port), 60)

    def read(self) -> tuple[int, bytes, bytes]:
        """Send one request; status, head and body of the response."""
        self.send()
        return self.receive()

    def send(self) -> None:
        self.connection.sendall(self.request)

    def receive(self) -> tuple[int, bytes, bytes]:
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        status, lower = int(head[9:12]), head.lower()
        if b"transfer-encoding: chunked" in lower:
            while not body.endswith(b"0\r\n\r\n"):
                body += self._more()
        else:
            start = lower.index(b"content-length:") + 15
            length = int(lower[start:].split(b"\r\n", 1)[0])
            while len(body) < length:
                body += self._more()
        if b"connection: close" in lower:
            self.connection.close()
            self.connection = socket.create_connection(("127.0.0.1", self.server.run.port), 60)
        return status, head, body

    def _more(self) -> bytes:
        data = self.connection.recv(262_144)
        if not data:
            raise ValueError("the server closed the connection")
        return data


def read_all(readers: list[Reader], times: int) -> None:
    """`times` requests in all: the readers all send one, wait for all responses, and begin again."""
    for _ in range(times // len(readers)):
        for reader in readers:
            reader.send()
        for reader in readers:
            status, _, body = reader.receive()
            if status != 200 or not body:
                raise Refused(f"{reader.server.path} answered {status} with {len(body)} bytes")


def processor_seconds(run: Run) -> float:
    """The processor time that all threads of all processes of this run have used so far, as the kernel counts it."""
    total = 0
    for pid in run.members():
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def _busy_share(run: Run) -> float:
    before = processor_seconds(run)
    time.sleep(AT_REST_SECONDS)
    return (processor_seconds(run) - before) / AT_REST_SECONDS


def cost(server: Server, requests: int, concurrency: int = 1) -> float:
    """Milliseconds of processor time per request."""
    readers = [Reader(server) for _ in range(concurrency)]
    requests -= requests % concurrency
    before = processor_seconds(server.run)
    try:
        read_all(readers, requests)
    except (OSError, ValueError) as error:
        raise Refused(f"{server.path}: {error}") from error
    return (processor_seconds(server.run) - before) / requests * 1000


def interleaved(
    servers: dict[str, Server], requests: int, rounds: int = ROUNDS, concurrency: int = 1
) -> dict[str, list[float]]:
    """The cost per request of each server in each round. Servers take turns, so that other load affects them all."""
    costs: dict[str, list[float]] = {name: [] for name in servers}
    for server in servers.values():
        read_all([Reader(server.ready())], min(WARM_UP, requests))
    for _ in range(rounds):
        for name, server in servers.items():
            costs[name].append(cost(server, requests, concurrency))
    return costs


def ratios(costs: list[float], others: list[float]) -> list[float]:
    """Round by round, because both had the same other load in a round."""
    return [one / other for one, other in zip(costs, others, strict=True)]
