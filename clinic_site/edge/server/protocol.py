"""One connection: gunicorn's own, with a deadline for everything that somebody else may be slow at, and a fast lane.

The fast lane answers the plain request for a published page that browsers send all day, straight from the bytes that
came in to the bytes that go out. It takes only what it understands completely; all else goes to gunicorn's parser.
"""

import re
from typing import Any

from gunicorn.asgi.protocol import ASGIProtocol, _get_cached_date_header

from clinic_site.edge.guard import page, refused
from clinic_site.edge.responses import with_defaults

HEADERS_SECONDS = 10  # from the first byte of a request, or from the connection, to the end of its headers
BODY_SECONDS = 15  # for a body, plus what it takes at the slowest rate that is still a sender
SLOWEST_BODY = 2_000  # bytes a second
READING_SECONDS = 20  # for a reader to take the next piece of an answer
LINGER_SECONDS = 8  # to read the answer while a body that was refused still comes in
LINGER_BYTES = 400_000_000

LONGEST_PLAIN = 4_000
PLAIN = re.compile(
    rb"(GET|HEAD) (/[!$%&'()*+,./0-9:;=?@A-Z_a-z~-]{0,2000}) HTTP/1\.1\r\n((?:[A-Za-z0-9-]+:[\t -~]*\r\n)+)\r\n"
)
FIELD = re.compile(rb"([a-z0-9-]+):[\t ]*([^\r]*)")
# Whatever changes how a request is framed, or what is answered, is for the whole parser.
NOT_PLAIN = frozenset(
    [b"content-length", b"transfer-encoding", b"te", b"trailer", b"upgrade", b"expect", b"range", b"if-match"]
)
CLOSE = (b"connection", b"close")
SERVER = b"Server: gunicorn/asgi\r\n"


class EdgeProtocol(ASGIProtocol):  # type: ignore[misc]
    """`deadline` is when the worker cuts this connection; 0 while it is we who take the time."""

    def __init__(self, worker: Any) -> None:
        super().__init__(worker)
        self._response_buffer: Any = None
        self._closed = False
        self.deadline: float = 0
        self.body_began: float = 0
        self.body_bytes = 0
        self.said_close = False
        self.lingering = False
        self.lingered = 0

    # From the first byte to the last

    def connection_made(self, transport: Any) -> None:
        self.deadline = self.worker.now + HEADERS_SECONDS
        self.worker.welcome(self)
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.worker.connections.pop(self, None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.lingering:
            self.lingered += len(data)
            if self.lingered > LINGER_BYTES:
                self.transport.abort()
            return
        waiting = self.waiting
        if waiting and self.answer_at_once(data):
            self.deadline = self.worker.now + self._keepalive
            return
        if waiting:
            self.deadline = self.worker.now + HEADERS_SECONDS
        super().data_received(data)

    @property
    def waiting(self) -> bool:
        """Whether the next byte is the first of a request."""
        parser = self._callback_parser
        return bool(
            self._awaiting_request
            and self._current_request is None
            and parser is not None
            and parser._state == "request_line"
            and not parser._buffer
        )

    def _on_headers_complete(self) -> bool:
        parser = self._callback_parser
        has_body = bool(parser.is_chunked or parser.content_length)
        self.body_began, self.body_bytes = self.worker.now, 0
        self.deadline = self.worker.now + BODY_SECONDS if has_body else 0
        return bool(super()._on_headers_complete())

    def _on_body(self, chunk: bytes) -> None:
        self.body_bytes += len(chunk)
        self.deadline = self.body_began + BODY_SECONDS + self.body_bytes / SLOWEST_BODY
        super()._on_body(chunk)

    def _on_message_complete(self) -> None:
        self.deadline = 0
        super()._on_message_complete()

    def pause_writing(self) -> None:
        self.deadline = self.worker.now + READING_SECONDS
        super().pause_writing()

    def resume_writing(self) -> None:
        self.deadline = 0
        super().resume_writing()

    def _arm_keepalive_timer(self) -> None:
        """Between two requests. The worker's sweep cuts; a timer for each request would cost more than its answer."""
        self.deadline = self.worker.now + self._keepalive

    def cut(self) -> None:
        """The deadline has passed. Whoever was sending is told, as far as they listen."""
        if self._closed or self.transport.is_closing():
            self.transport.abort()
            return
        if not (self.waiting or self._write_is_paused()):
            self._send_error_response(408, "")
        self._close_transport()
        self.deadline = self.worker.now + 1
        if self._request_ready is not None:
            self._request_ready.set()

    def _write_is_paused(self) -> bool:
        return bool(self._flow_control and self._flow_control.write_paused)

    # The fast lane

    def answer_at_once(self, data: bytes) -> bool:
        """Whether `data` was one plain request for a page that lies ready, and is answered."""
        plain = PLAIN.fullmatch(data) if len(data) < LONGEST_PLAIN else None
        if not plain or self.leaving or self._write_is_paused() or self.log.access_log_enabled:
            return False
        fields = FIELD.findall(plain[3].lower())
        headers = dict(fields)
        if len(headers) != len(fields) or not NOT_PLAIN.isdisjoint(headers):
            return False
        if headers.get(b"connection", b"keep-alive") != b"keep-alive":
            return False
        ready = self.app.ready(plain[2], headers)
        if ready is None:
            return False
        body = b"" if plain[1] == b"HEAD" else ready.body
        self.transport.write(b"".join((ready.head, _get_cached_date_header(), b"\r\n", body)))
        return True

    @property
    def leaving(self) -> bool:
        return self.worker.leaving or not self.worker.alive

    # What gunicorn says by itself

    def _will_close(self, request: Any, response_requires_close: bool) -> bool:
        return self.leaving or bool(super()._will_close(request, response_requires_close))

    def _send_response_start(self, status: int, headers: Any, request: Any, close: bool = False) -> None:
        """As gunicorn does, without its name: nobody need know what serves."""
        super()._send_response_start(status, headers, request, close=close)
        self._response_buffer = self._response_buffer.replace(SERVER, b"", 1)
        self.said_close = CLOSE in headers

    async def _serve_http_request(self, request: Any, sockname: Any, peername: Any) -> bool:
        return bool(await super()._serve_http_request(request, sockname, peername)) and not self.said_close

    def _send_error_response(self, status: int, message: str, extra_headers: Any = ()) -> None:
        """A page with words, which repeats nothing of what was sent."""
        headers = with_defaults(*refused(status, self.app.guard.headers))
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        self._safe_write(b"HTTP/1.1 %d %s\r\n%s%s\r\n" % (status, REASONS[status], _get_cached_date_header(), lines))
        self._safe_write(page(status))

    def _is_websocket_upgrade(self, request: Any) -> bool:
        return False  # nothing here speaks anything else: the request is answered as it stands

    def _close_transport(self) -> None:
        """Whoever still sends a body that nobody wants gets the time to read why: a reset would swallow the answer."""
        receiver = self._body_receiver
        unread = receiver is not None and not receiver._complete
        if self._closed or not unread or self.transport.is_closing():
            super()._close_transport()
            return
        self._closed = self.lingering = True
        self.deadline = self.worker.now + LINGER_SECONDS
        self._resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()


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
