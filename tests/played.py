"""Servers of others, played in a thread: a CDN, a search engine, sources of studies."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TypeVar

Server = TypeVar("Server", bound=HTTPServer)
HERE = ("127.0.0.1", 0)  # at a port that is free
SOON = 0.01  # seconds after which it ends once it is told to


class Quiet(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def running(server: Server) -> Iterator[Server]:
    with server:
        thread = threading.Thread(target=server.serve_forever, args=[SOON], daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
