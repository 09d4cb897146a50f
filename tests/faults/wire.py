"""Requests byte by byte, such as no browser would send them."""

import contextlib
import socket
import ssl
import time
from dataclasses import dataclass

HOST = b"Host: 127.0.0.1\r\n"
CLOSE = b"Connection: close\r\n"


TLS = ssl.create_default_context()
TLS.check_hostname, TLS.verify_mode = False, ssl.CERT_NONE  # the certificate was made for this run by the tests


class HttpsPort(int):
    """A port of nginx, which speaks TLS: whoever is given a port need not ask."""


@dataclass
class Reply:
    raw: bytes
    seconds: float

    @property
    def status(self) -> int:
        return int(self.raw[9:12]) if self.raw.startswith(b"HTTP/1.1 ") else 0

    @property
    def answers(self) -> int:
        return self.raw.count(b"HTTP/1.1 ")

    @property
    def headers(self) -> dict[str, str]:
        lines = self.raw.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
        return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}

    @property
    def body(self) -> bytes:
        return self.raw.partition(b"\r\n\r\n")[2]


def connect(port: int, timeout: float = 120, source: str = "127.0.0.1") -> socket.socket:
    """`source` is the address to come from: each 127.x.y.z is another visitor."""
    plain = socket.create_connection(("127.0.0.1", int(port)), timeout, (source, 0))
    return TLS.wrap_socket(plain) if isinstance(port, HttpsPort) else plain


def rest(connection: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    pieces = []
    with contextlib.suppress(ConnectionResetError, ssl.SSLEOFError):
        while piece := connection.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


def exchange(port: int, *parts: bytes, source: str = "127.0.0.1") -> Reply:
    """Send these bytes, then read until the other side closes."""
    began = time.monotonic()
    with connect(port, source=source) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for part in parts:
                connection.sendall(part)
        return Reply(rest(connection), time.monotonic() - began)


def get(port: int, path: str, *headers: bytes) -> Reply:
    lines = b"".join(header + b"\r\n" for header in headers)
    return exchange(port, b"GET " + path.encode() + b" HTTP/1.1\r\n" + HOST + CLOSE + lines + b"\r\n")
