"""From ASGI to Django on WSGI: a few threads, a short queue, and a watch on requests that hang.

a2wsgi was tried first: it leaves out CONTENT_LENGTH on chunked bodies, and lets a slow sender occupy a thread. Here a
body is read completely before a thread is asked for, and a response is complete when it leaves its thread.
"""

import asyncio
import io
import logging
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO, cast
from urllib.parse import unquote_to_bytes

from clinic_site.edge.responses import Headers, Response, Scope

log = logging.getLogger(__name__)
WSGIApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
MAX_FILE_IN_MEMORY = 262_144  # bytes; a larger file is read while it is sent
HUNG_SECONDS = 30


class QueueFull(Exception):
    """As many requests are waiting for a thread as are allowed to wait."""


class RequestHung(Exception):
    """The application did not answer in time; its thread may still be running."""


class FileWrapper:
    """The `wsgi.file_wrapper`: Django hands over an open file instead of its bytes."""

    def __init__(self, file: BinaryIO, block_size: int = 8192) -> None:
        self.file = file

    def __iter__(self) -> Iterable[bytes]:
        return iter(lambda: self.file.read(MAX_FILE_IN_MEMORY), b"")

    def read(self, size: int = -1) -> bytes:
        return self.file.read(size)

    def close(self) -> None:
        self.file.close()  # Django has put its own close() there, which ends the request


@dataclass(eq=False)
class Job:
    """One request to the application. `finish` is applied to its response in the same thread."""

    environ: dict[str, Any]
    response: "asyncio.Future[Response]"
    finish: Callable[[Response], Response]
    thread: threading.Thread | None = None
    started_at: float = 0
    hung: bool = False


class Bridge:
    """Threads start with `start`, after a fork. `on_all_hung` is called when no thread is left that works."""

    def __init__(
        self,
        application: WSGIApplication,
        *,
        threads: int,
        max_waiting: int,
        on_all_hung: Callable[[], None] = lambda: None,
    ) -> None:
        self.application = application
        self.threads = threads
        self.max_waiting = max_waiting
        self.on_all_hung = on_all_hung
        self.waiting: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self.running: set[Job] = set()
        self.hung_threads = 0

    def start(self) -> None:
        self.loop = asyncio.get_running_loop()
        for _ in range(self.threads):
            self._add_thread()

    def _add_thread(self) -> None:
        threading.Thread(target=self._work, name="django", daemon=True).start()

    async def __call__(
        self, scope: Scope, body: io.BytesIO | None = None, finish: Callable[[Response], Response] = lambda made: made
    ) -> Response:
        """The application's response to one request. Raises QueueFull and RequestHung."""
        if self.waiting.qsize() >= self.max_waiting:
            raise QueueFull
        job = Job(wsgi_environ(scope, body or io.BytesIO()), self.loop.create_future(), finish)
        self.waiting.put(job)
        return await job.response

    def _work(self) -> None:
        while True:
            job = self.waiting.get()
            if job.response.cancelled():  # the client has left
                continue
            job.thread, job.started_at = threading.current_thread(), time.monotonic()
            self.running.add(job)
            try:
                outcome: Response | BaseException = job.finish(call_application(self.application, job.environ))
            except BaseException as error:
                outcome = error
            self.running.discard(job)
            try:
                self.loop.call_soon_threadsafe(_resolve, job.response, outcome)
            except RuntimeError:  # the loop is closed: this process ends, and nobody waits any more
                return
            if job.hung:  # another thread has taken this one's place
                self.hung_threads -= 1
                return

    def replace_hung_threads(self) -> None:
        """Called every second. Whoever waits for a hung thread gets RequestHung, and another thread takes its place."""
        now = time.monotonic()
        for job in [job for job in list(self.running) if not job.hung and now - job.started_at > HUNG_SECONDS]:
            job.hung = True
            self.hung_threads += 1
            path, where = job.environ["PATH_INFO"], code_location(job)
            log.error("a request to %s has hung for %d s, at %s", path, HUNG_SECONDS, where)
            _resolve(job.response, RequestHung())
            if self.hung_threads < self.threads:
                self._add_thread()
            else:
                log.critical("all threads hang: this process ends, and another takes over")
                self.on_all_hung()


def _resolve(future: "asyncio.Future[Response]", outcome: Response | BaseException) -> None:
    if future.done():
        if isinstance(outcome, Response) and outcome.file:
            outcome.file.close()
    elif isinstance(outcome, Response):
        future.set_result(outcome)
    else:
        future.set_exception(outcome)


def code_location(job: Job) -> str:
    """The file and line at which the job's thread is now; nothing of its data."""
    frame = sys._current_frames().get(job.thread.ident or 0) if job.thread else None
    return f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame else "an unknown place"


def call_application(application: WSGIApplication, environ: dict[str, Any]) -> Response:
    """Call a WSGI application in this thread, from its first line to its close()."""
    started: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
        started[:] = [(status, headers)]
        return written.append

    result = application(environ, start_response)
    if isinstance(result, FileWrapper):
        written.append(result.read(MAX_FILE_IN_MEMORY))
        if len(written[0]) == MAX_FILE_IN_MEMORY:
            return response_from(*started[0], b"", cast(BinaryIO, PartlyReadFile(written[0], result)))
        result.close()
        return response_from(*started[0], written[0])
    try:
        written.extend(result)
    finally:
        getattr(result, "close", lambda: None)()
    return response_from(*started[0], b"".join(written))


class PartlyReadFile:
    """A file whose first bytes have been read already."""

    def __init__(self, first: bytes, file: FileWrapper) -> None:
        self.first, self.file = first, file

    def read(self, size: int = -1) -> bytes:
        first, self.first = self.first, b""
        return first or self.file.read(size)

    def close(self) -> None:
        self.file.close()


def response_from(status: str, headers: list[tuple[str, str]], body: bytes, file: BinaryIO | None = None) -> Response:
    """From what a WSGI application says: `status` is a line such as "200 OK"."""
    pairs: Headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return Response(int(status[:3]), pairs, body, file)


CONSTANT_ENVIRON: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.file_wrapper": FileWrapper,
}


def wsgi_environ(scope: Scope, body: io.BytesIO) -> dict[str, Any]:
    """PEP 3333. The length is that of the body as it came, so that a chunked one has one too."""
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    environ = {
        **CONSTANT_ENVIRON,
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0],
        "CONTENT_LENGTH": str(body.getbuffer().nbytes),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
    }
    for name, value in scope["headers"]:
        if name in (b"content-length", b"transfer-encoding"):
            continue
        key = "CONTENT_TYPE" if name == b"content-type" else f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}"
        separator = "; " if name == b"cookie" else ","
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]}{separator}{text}" if key in environ else text
    return environ
