"""From ASGI to Django on WSGI: a few threads, a short queue, and an eye on those that hang.

a2wsgi was tried first: it leaves out CONTENT_LENGTH on chunked bodies, and lets a slow sender hold a thread. Here a
body is read before a thread is asked for, and an answer leaves the thread whole.
"""

import asyncio
import io
import logging
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast
from urllib.parse import unquote_to_bytes

from clinic_site.edge.responses import Answer, Headers, Scope

log = logging.getLogger(__name__)
WSGIApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
SMALL_FILE = 262_144  # read at once; a larger file is read while it is sent
HUNG_SECONDS = 30


class Busy(Exception):
    """As many requests wait as may."""


class Hung(Exception):
    """The application did not answer in time; its thread may still be at it."""


class File:
    """What `wsgi.file_wrapper` makes: Django hands over an open file instead of its bytes."""

    def __init__(self, file: BinaryIO, block_size: int = 8192) -> None:
        self.file = file

    def __iter__(self) -> Iterable[bytes]:
        return iter(lambda: self.file.read(SMALL_FILE), b"")

    def read(self, size: int = -1) -> bytes:
        return self.file.read(size)

    def close(self) -> None:
        self.file.close()  # Django has put its own close() there, which ends the request


@dataclass(eq=False)
class Job:
    variables: dict[str, Any]
    answered: "asyncio.Future[Answer]"
    finish: Callable[[Answer], Answer]
    thread: threading.Thread | None = None
    began: float = 0
    hung: bool = field(default=False)


class Bridge:
    """Threads start with `start`, after a fork. When all of them hang, `give_up` is called: others must take over."""

    def __init__(
        self, application: WSGIApplication, *, threads: int, waiting: int, give_up: Callable[[], None] = lambda: None
    ) -> None:
        self.application = application
        self.threads = threads
        self.waiting = waiting
        self.give_up = give_up
        self.jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self.running: set[Job] = set()
        self.hung = 0

    def start(self) -> None:
        self.loop = asyncio.get_running_loop()
        for _ in range(self.threads):
            self._add_thread()

    def _add_thread(self) -> None:
        threading.Thread(target=self._work, name="django", daemon=True).start()

    async def __call__(
        self, scope: Scope, body: io.BytesIO | None = None, finish: Callable[[Answer], Answer] = lambda answer: answer
    ) -> Answer:
        """The application's answer, after `finish` has had it in the same thread."""
        if self.jobs.qsize() >= self.waiting:
            raise Busy
        job = Job(variables(scope, body or io.BytesIO()), self.loop.create_future(), finish)
        self.jobs.put(job)
        return await job.answered

    def _work(self) -> None:
        while True:
            job = self.jobs.get()
            if job.answered.cancelled():  # whoever asked has left
                continue
            job.thread, job.began = threading.current_thread(), time.monotonic()
            self.running.add(job)
            try:
                outcome: Answer | BaseException = job.finish(run(self.application, job.variables))
            except BaseException as error:
                outcome = error
            self.running.discard(job)
            try:
                self.loop.call_soon_threadsafe(_settle, job.answered, outcome)
            except RuntimeError:  # this process ends, and nobody waits any more
                return
            if job.hung:  # another thread has taken this one's place
                self.hung -= 1
                return

    def look_after(self) -> None:
        """Called every second: whoever waits for a hung thread is told, and another thread takes its place."""
        now = time.monotonic()
        for job in [job for job in list(self.running) if not job.hung and now - job.began > HUNG_SECONDS]:
            job.hung = True
            self.hung += 1
            log.error("a request to %s has hung for %d s, at %s", job.variables["PATH_INFO"], HUNG_SECONDS, place(job))
            _settle(job.answered, Hung())
            if self.hung < self.threads:
                self._add_thread()
            else:
                log.critical("all threads hang: this process ends, and another takes over")
                self.give_up()


def _settle(answered: "asyncio.Future[Answer]", outcome: Answer | BaseException) -> None:
    if answered.done():
        if isinstance(outcome, Answer) and outcome.file:
            outcome.file.close()
    elif isinstance(outcome, Answer):
        answered.set_result(outcome)
    else:
        answered.set_exception(outcome)


def place(job: Job) -> str:
    """Where in the code a thread is: file and line, nothing of its data."""
    frame = sys._current_frames().get(job.thread.ident or 0) if job.thread else None
    return f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame else "an unknown place"


def run(application: WSGIApplication, variables: dict[str, Any]) -> Answer:
    """Call the application, in this thread, from its first line to its close()."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
        started[:] = [(status, headers)]
        return written.append

    written: list[bytes] = []
    result = application(variables, start_response)
    if isinstance(result, File):
        written.append(result.read(SMALL_FILE))
        if len(written[0]) == SMALL_FILE:
            return answer(*started[0], b"", cast(BinaryIO, Rest(written[0], result)))
        result.close()
        return answer(*started[0], written[0])
    try:
        written.extend(result)
    finally:
        getattr(result, "close", lambda: None)()
    return answer(*started[0], b"".join(written))


class Rest:
    """A file of which the first bytes have been read already."""

    def __init__(self, first: bytes, file: File) -> None:
        self.first, self.file = first, file

    def read(self, size: int = -1) -> bytes:
        first, self.first = self.first, b""
        return first or self.file.read(size)

    def close(self) -> None:
        self.file.close()


def answer(status: str, headers: list[tuple[str, str]], body: bytes, file: BinaryIO | None = None) -> Answer:
    pairs: Headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return Answer(int(status[:3]), pairs, body, file)


ALWAYS: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.file_wrapper": File,
}


def variables(scope: Scope, body: io.BytesIO) -> dict[str, Any]:
    """PEP 3333. The length is that of the body as it came, so that a chunked one has one too."""
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    made = {
        **ALWAYS,
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
        joint = "; " if name == b"cookie" else ","
        text = value.decode("latin-1")
        made[key] = f"{made[key]}{joint}{text}" if key in made else text
    return made
