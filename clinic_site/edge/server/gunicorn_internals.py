"""Everything private to gunicorn that the edge uses, in one module. Read in gunicorn 27.0.1.

gunicorn promises nothing about these names. So requirements.in pins it exactly, and after an upgrade
tests/clinic_site/edge/server/test_gunicorn_internals.py names each one that is missing or has changed. `Connection` and
`Worker` give them public names and hooks: protocol.py and worker.py use nothing else of gunicorn.
"""

import socket
from typing import Any

from gunicorn.asgi import protocol
from gunicorn.asgi.parser import ParseError
from gunicorn.workers import gasgi

READ_IN_VERSION = "27.0.1"
SERVER_HEADER: bytes = protocol._CACHED_SERVER_HEADER
CONNECTION_CLOSE = (b"connection", b"close")

date_header = protocol._get_cached_date_header  # the whole line, made once a second


class Connection(protocol.ASGIProtocol):  # type: ignore[misc]
    """One HTTP/1.1 connection. Subclasses override the hooks; the overridden private methods stay in here."""

    _response_buffer: Any

    def __init__(self, worker: Any) -> None:
        super().__init__(worker)
        self.application_closes = False  # the last response said "Connection: close"
        self.response_started = False

    # Hooks

    def on_request_headers(self, *, has_body: bool) -> None:
        """Called when all headers of a request have come."""

    def takes_body_part(self, count: int) -> bool:
        """A part of a request's body has arrived: a chunk, or what one packet brought. False refuses the request."""
        return True

    def on_request_complete(self) -> None:
        """A request has arrived whole."""

    def on_response_complete(self) -> None:
        """Between two requests. gunicorn would start a timer here; this class does not."""

    def on_linger(self) -> None:
        """The response is out and the connection half closed, but the sender still sends a body that nobody reads."""

    def closes_after_response(self) -> bool:
        """Whether the next response is the last on this connection, whatever gunicorn says."""
        return False

    def error_response(self, status: int) -> bytes:
        """The whole response for a request that gunicorn itself turns away."""
        raise NotImplementedError

    # What a subclass may ask and do

    @property
    def awaits_request(self) -> bool:
        """Whether the next byte is the first of a request."""
        parser = self._callback_parser
        return bool(
            self._awaiting_request
            and self._current_request is None
            and parser is not None
            and parser._state == "request_line"
            and not parser._buffer
        )

    @property
    def write_paused(self) -> bool:
        """Whether the client reads the response too slowly."""
        return bool(self._flow_control and self._flow_control.write_paused)

    @property
    def is_closed(self) -> bool:
        return bool(self._closed or self.transport.is_closing())

    @property
    def keepalive_seconds(self) -> float:
        return float(self._keepalive)

    def refuse(self, status: int) -> None:
        self._send_error_response(status, "")

    def close(self) -> None:
        """Close the connection, and wake the task that waits for a request on it so that it ends."""
        self._close_transport()
        if self._request_ready is not None:
            self._request_ready.set()

    # gunicorn's private methods

    def _on_headers_complete(self) -> bool:
        parser = self._callback_parser
        self.response_started = False
        self.on_request_headers(has_body=bool(parser.is_chunked or parser.content_length))
        return bool(super()._on_headers_complete())

    def _feed_callback_parser(self, data: bytes) -> bool:
        try:
            return bool(super()._feed_callback_parser(data))
        except ValueError:  # a Content-Length of more digits than int() reads
            self.refuse(400)
            self._close_transport()
            return False

    def _on_body(self, chunk: bytes) -> None:
        if not self.takes_body_part(len(chunk)):
            raise ParseError  # the one way to stop the parser, which may hold thousands of chunks more
        super()._on_body(chunk)

    def _on_message_complete(self) -> None:
        self.on_request_complete()
        super()._on_message_complete()

    def _arm_keepalive_timer(self) -> None:
        self.on_response_complete()

    def _will_close(self, request: Any, response_requires_close: bool) -> bool:
        return self.closes_after_response() or bool(super()._will_close(request, response_requires_close))

    def _send_response_start(self, status: int, headers: Any, request: Any, close: bool = False) -> None:
        """Without the Server header, which would tell attackers what to try."""
        self.response_started = True
        super()._send_response_start(status, headers, request, close=close)
        self._response_buffer = self._response_buffer.replace(SERVER_HEADER, b"", 1)
        self.application_closes = CONNECTION_CLOSE in headers

    async def _serve_http_request(self, request: Any, sockname: Any, peername: Any) -> bool:
        """gunicorn keeps a connection open although the application's own headers said "close"."""
        keeps = await super()._serve_http_request(request, sockname, peername)
        return bool(keeps) and not self.application_closes

    def _send_error_response(self, status: int, message: str, extra_headers: Any = ()) -> None:
        """Without `message`, which may quote the request. Nothing is added to a response that is on its way: the rest
        of a body that was refused may be malformed as well.
        """
        if not (self.response_started and self._current_request):
            self._safe_write(self.error_response(status))

    def _is_websocket_upgrade(self, request: Any) -> bool:
        return False  # the site speaks nothing but HTTP: such a request is answered as if it had not asked

    def _close_transport(self) -> None:
        """A lingering close while a refused body still comes in: a reset would discard the response unread."""
        receiver = self._body_receiver
        unread = receiver is not None and not receiver._complete
        if not unread or self.is_closed:
            super()._close_transport()
            return
        self._closed = True
        receiver.signal_disconnect()  # whoever waits for the rest of the body lets go of what has come
        self.on_linger()
        self._resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()


class Worker(gasgi.ASGIWorker):  # type: ignore[misc]
    """gunicorn's asgi worker, with a class of connections that it has no setting for."""

    connection_class: type[Connection]

    async def look_after_connections(self) -> None:
        """Hook: runs as a task beside the server, until the worker ends."""

    async def _serve(self) -> None:
        gasgi.ASGIProtocol = self.connection_class  # gunicorn's _serve finds it there by name
        task = self.loop.create_task(self.look_after_connections())
        try:
            await super()._serve()
        finally:
            task.cancel()

    async def _shutdown(self) -> None:
        """Take every connection that waits in the kernel's queue, then stop listening: what stays would be reset."""
        waiting = [connection for listener in self.sockets for connection in accept_all(listener.sock)]
        for server in self.servers:
            server.close()
        for connection in waiting:
            await self.loop.connect_accepted_socket(lambda: self.connection_class(self), connection)
        await super()._shutdown()


def accept_all(listener: socket.socket) -> list[socket.socket]:
    """The connections that the kernel holds and nobody has accepted yet. The socket must not block."""
    accepted = []
    while True:
        try:
            accepted.append(listener.accept()[0])
        except OSError:
            return accepted
