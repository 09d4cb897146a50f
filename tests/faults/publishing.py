"""A process that publishes one page again and again, and many who read it meanwhile."""

import http.client
import re
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.meanwhile import Meanwhile
from tests.server import ROOT, TIMEOUT, Run, environment

PAGE = "/fibromyalgia-and-chronic-pain/fibromyalgia/"
PUBLISH = """
import time
from education.articles.models import Article
from tests import cast
article = Article.objects.get(slug="fibromyalgia")
for number in range(1, {rounds} + 1):
    time.sleep({pause})
    cast.live(cast.rewritten(article, summary=f"Round {{number}} of this page."))
    print(number, time.monotonic(), flush=True)
"""
ROUND = re.compile(rb"Round (\d+) of this page")


def publisher(data_dir: Path, *, rounds: int, pause: float, **settings: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", PUBLISH.format(rounds=rounds, pause=pause)]
    own = environment(data_dir, 8000, **settings)
    return subprocess.Popen(command, cwd=ROOT, env=own, stdout=subprocess.PIPE, text=True)


@dataclass
class Readings:
    """What the readers saw. `newest` is the latest round that any of them has seen: none may see an older one then."""

    newest: int = 0
    count: int = 0
    torn: int = 0
    backwards: int = 0
    failed: int = 0
    refused: int = 0
    errors: list[str] = field(default_factory=list)
    first_seen: dict[int, float] = field(default_factory=dict)
    last_seen: dict[int, float] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, known: int, body: bytes, began: float) -> None:
        rounds = {int(number) for number in ROUND.findall(body)} or {0}
        with self.lock:
            self.count += 1
            self.torn += len(rounds) > 1 or not body.rstrip().endswith(b"</html>")
            self.backwards += min(rounds) < known
            self.newest = max(self.newest, *rounds)
            self.first_seen.setdefault(max(rounds), time.monotonic())
            self.last_seen[min(rounds)] = max(began, self.last_seen.get(min(rounds), 0))


def read_on(run: Run, readings: Readings, enough: threading.Event, path: str, pause: float) -> None:
    """Read the page again and again, now on one worker, now on another."""
    connection: http.client.HTTPConnection | None = None
    reads = 0
    while not enough.wait(pause):
        fresh = connection is None or connection.sock is None
        if connection is None or fresh:
            connection = http.client.HTTPConnection("127.0.0.1", run.port, timeout=TIMEOUT)
        reads += 1
        known, began = readings.newest, time.monotonic()
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
        except ConnectionRefusedError:  # nobody is there any more
            connection, readings.refused = None, readings.refused + 1
            time.sleep(0.05)
            continue
        except (OSError, http.client.HTTPException) as error:
            connection, readings.failed = None, readings.failed + 1
            readings.errors.append(f"{type(error).__name__} on a {'new' if fresh else 'kept'} connection")
            continue
        finally:
            if connection is not None and reads % 20 == 0:
                connection.close()
        if answer.status == 200:
            readings.note(known, body, began)
        else:
            readings.failed += 1
            readings.errors.append(f"answered with {answer.status}")
    if connection is not None:
        connection.close()


class Readers(Meanwhile, Readings):
    """So many at once, each with so many seconds between two pages; and what they saw."""

    def __init__(self, run: Run, number: int = 4, path: str = PAGE, pause: float = 0) -> None:
        Readings.__init__(self)
        Meanwhile.__init__(self, *[lambda: read_on(run, self, self.enough, path, pause)] * number)
