"""One connection: gunicorn's own, with a deadline wherever a client may be slow, and a fast lane.

The fast lane answers the plain request for a published page that browsers send all day, straight from the bytes that
came in to the bytes that go out. It handles only what it understands completely; gunicorn's parser gets the rest.
"""

import re
from time import perf_counter
from typing import Any

from clinic_site.edge.server.gunicorn_internals import Connection, date_header

HEADERS_SECONDS = 10  # from the first byte of a request, or from the connection, to the end of its headers
BODY_SECONDS = 180  # for a whole body
BODY_WINDOW_SECONDS = 15  # for the next BODY_WINDOW_BYTES of it, or its end: what came faster before buys no time
BODY_WINDOW_BYTES = 30_000
FREE_PARTS = 500  # of a body, however small they are
MIN_PART_BYTES = 500  # then on average: a sender of tiny chunks makes more work than he sends
READING_SECONDS = 20  # for a client to take the next piece of a response
LINGER_SECONDS = 8  # to read the response while a body that was refused still comes in
MAX_LINGER_BYTES = 400_000_000

MAX_PLAIN_BYTES = 4_000
PLAIN_REQUEST = re.compile(
    rb"(GET|HEAD) (/[!$%&'()*+,./0-9:;=?@A-Z_a-z~-]{0,2000}) HTTP/1\.1\r\n((?:[A-Za-z0-9-]+:[\t -~]*\r\n)+)\r\n"
)
HEADER_LINE = re.compile(rb"([a-z0-9-]+):[\t ]*([^\r]*)")
# A header that changes how the request is framed, or what the response is: for the full parser.
NOT_PLAIN = frozenset(
    [b"content-length", b"transfer-encoding", b"te", b"trailer", b"upgrade", b"expect", b"range", b"if-match"]
)


class EdgeProtocol(Connection):
    """`deadline` is when the worker cuts this connection (loop time); 0 while the client waits for the site."""

    def __init__(self, worker: Any) -> None:
        super().__init__(worker)
        self.deadline: float = 0
        self.body_ends: float = 0
        self.body_bytes = 0
        self.body_parts = 0
        self.window_bytes = 0
        self.lingering = False
        self.lingered_bytes = 0

    def connection_made(self, transport: Any) -> None:
        self.deadline = self.worker.now + HEADERS_SECONDS
        self.worker.admit(self)
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.worker.connections.pop(self, None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.lingering:
            self.lingered_bytes += len(data)
            if self.lingered_bytes > MAX_LINGER_BYTES:
                self.transport.abort()
            return
        awaits_request = self.awaits_request
        if awaits_request and self.answer_at_once(data):
            self.on_response_complete()
            return
        if awaits_request:
            self.deadline = self.worker.now + HEADERS_SECONDS
        super().data_received(data)

    # Deadlines

    def on_request_headers(self, *, has_body: bool) -> None:
        self.body_bytes = self.body_parts = self.window_bytes = 0
        self.body_ends = self.worker.now + BODY_SECONDS
        self.deadline = self.worker.now + BODY_WINDOW_SECONDS if has_body else 0

    def takes_body_part(self, count: int) -> bool:
        self.body_parts += 1
        self.body_bytes += count
        self.window_bytes += count
        if self.window_bytes >= BODY_WINDOW_BYTES:
            self.window_bytes = 0
            self.deadline = min(self.worker.now + BODY_WINDOW_SECONDS, self.body_ends)
        return self.body_bytes >= MIN_PART_BYTES * (self.body_parts - FREE_PARTS)

    def on_request_complete(self) -> None:
        self.deadline = 0

    def pause_writing(self) -> None:
        self.deadline = self.worker.now + READING_SECONDS
        super().pause_writing()

    def resume_writing(self) -> None:
        self.deadline = 0
        super().resume_writing()

    def on_response_complete(self) -> None:
        """The worker's sweep closes idle connections; a timer for each would cost more than the response."""
        self.deadline = self.worker.now + self.keepalive_seconds

    def on_linger(self) -> None:
        self.lingering = True
        self.deadline = self.worker.now + LINGER_SECONDS

    def cut(self) -> None:
        """The deadline has passed. A client that was sending is told so, if it still listens."""
        if self.is_closed:
            self.transport.abort()
            return
        if not (self.awaits_request or self.write_paused):
            self.refuse(408)
        self.close()
        self.deadline = self.worker.now + 1

    # The fast lane

    def answer_at_once(self, data: bytes) -> bool:
        """Whether `data` was one plain request for a cached page, and is answered."""
        began = perf_counter()
        plain = PLAIN_REQUEST.fullmatch(data) if len(data) < MAX_PLAIN_BYTES else None
        if not plain or self.closes_after_response() or self.write_paused or self.log.access_log_enabled:
            return False
        lines = HEADER_LINE.findall(plain[3].lower())
        headers = dict(lines)
        if len(headers) != len(lines) or not NOT_PLAIN.isdisjoint(headers):
            return False
        if headers.get(b"connection", b"keep-alive") != b"keep-alive":
            return False
        cached = self.app.cached(plain[2], headers)
        if cached is None:
            return False
        body = b"" if plain[1] == b"HEAD" else cached.body
        self.transport.write(b"".join((cached.head, date_header(), b"\r\n", body)))
        if self.app.observe:
            self.app.observe("store", cached.status, perf_counter() - began)
        return True

    # What gunicorn asks of it

    def closes_after_response(self) -> bool:
        return bool(self.worker.draining or not self.worker.alive)

    def error_response(self, status: int) -> bytes:
        refusal = self.app.guard.refusal(status)
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in refusal.headers)
        return b"HTTP/1.1 %d %s\r\n%s%s\r\n%s" % (status, REASONS[status], date_header(), lines, refusal.body)


REASONS = {
    400: b"Bad Request",
    405: b"Method Not Allowed",
    406: b"Not Acceptable",
    408: b"Request Timeout",
    413: b"Content Too Large",
    414: b"URI Too Long",
    431: b"Request Header Fields Too Large",
    500: b"Internal Server Error",
    501: b"Not Implemented",
    503: b"Service Unavailable",
}
