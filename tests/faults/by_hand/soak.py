"""Twenty minutes of everything: readers, patients and staff, while the site is backed up, purged and reloaded.

python -m tests.faults.by_hand.soak [minutes]
"""

import itertools
import os
import signal
import sqlite3
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from tests.faults.asking import REQUESTS, form_token, post, rows
from tests.faults.backups import recovery_key
from tests.faults.by_hand.site import at_work
from tests.faults.furnish import EVERYTHING, SIGNED
from tests.faults.production import Site, variables
from tests.server import manage, until

READS, READERS = 20, 10  # pages a second, and who reads them
ASKS, ASKERS = 1, 2  # requests for a consultation a second, and who sends them
PAGES = ("/", SIGNED, "/a-z/", "/autoimmune-conditions/", "/search/?q=pain")
QUEUE = "/admin/education/consultationrequest/"
LARGEST_LOG = 64 * 2**20  # bytes


@dataclass
class Soak:
    site: Site
    minutes: float
    answers: Counter[str] = field(default_factory=Counter)
    acknowledged: list[str] = field(default_factory=list)
    purged: set[str] = field(default_factory=set)
    memory: list[str] = field(default_factory=list)
    largest_log: int = 0
    slowest: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        jobs: list[tuple[Callable[[], None], float]] = [
            (self.measure, 5),
            (self.work, 10),
            (self.upkeep, self.minutes * 5),
            *[(self.reader(number), READERS / READS) for number in range(READERS)],
            *[(self.asker(number), ASKERS / ASKS) for number in range(ASKERS)],
        ]
        threads = [threading.Thread(target=self.every, args=job) for job in jobs]
        for thread in threads:
            thread.start()
        for _ in range(3):  # reloads, in the first third: the last workers then grow old
            self.over.wait(self.minutes * 60 / 9)
            self.remember("reload")
            os.kill(self.site.run.web(), signal.SIGHUP)
        self.over.wait(self.minutes * 60 * 2 / 3)
        self.remember("end")
        self.over.set()
        for thread in threads:
            thread.join()

    def every(self, job: Callable[[], None], seconds: float) -> None:
        """However long the last one took: whoever is late catches up."""
        due = time.monotonic() + seconds
        while not self.over.wait(max(0, due - time.monotonic())):
            due += seconds
            try:
                job()
            except Exception as error:  # counted, whatever it is
                self.answers[f"{job.__name__}: {error!r}"] += 1

    def reader(self, number: int) -> Callable[[], None]:
        visitor, paths = self.site.visitor(f"127.0.1.{number + 1}"), itertools.cycle(PAGES)

        def read() -> None:
            page = visitor.get(next(paths))
            self.answers[f"page {page.status}"] += 1
            self.slowest = max(self.slowest, page.seconds)

        return read

    def asker(self, number: int) -> Callable[[], None]:
        counted = itertools.count()

        def ask() -> None:
            answer = post(self.site.port, form_token(self.site.port), f"Patient {number} {next(counted)}")
            self.acknowledged += [answer.location] if answer.status == 303 else []
            self.answers[f"form {answer.status}"] += 1

        return ask

    def work(self) -> None:
        self.answers[f"queue {self.site.staff(EVERYTHING).get(QUEUE).status}"] += 1

    def upkeep(self) -> None:
        """A backup, and the end of the time for which the first requests are kept."""
        data_dir = self.site.data_dir
        due = self.acknowledged[len(self.purged) : len(self.purged) + 50]
        with closing(sqlite3.connect(data_dir / "clinic.sqlite3", timeout=60, isolation_level=None)) as database:
            for where in due:
                database.execute(
                    f"UPDATE {REQUESTS} SET delete_after = date('now', '-1 day') WHERE receipt_hash = ?",
                    [hashed(where)],
                )
        self.purged.update(due)
        backup = data_dir.parent / f"{len(self.purged)}.backup"
        manage(data_dir, "backup", str(backup), **variables(data_dir))
        backup.unlink()
        manage(data_dir, "purge_requests", **variables(data_dir))
        self.answers["backups and purges"] += 1

    def measure(self) -> None:
        log = self.site.data_dir / "clinic.sqlite3-wal"
        self.largest_log = max(self.largest_log, log.stat().st_size if log.exists() else 0)
        if int(time.monotonic()) % 60 < 5:
            self.remember("")

    def remember(self, why: str) -> None:
        run = self.site.run
        pids = {"web": run.children(run.web()), "worker": [run.worker()]}
        now = ", ".join(f"{name} {'+'.join(str(megabytes(pid)) for pid in some)}" for name, some in pids.items())
        self.memory.append(f"{now} MB {why}".strip())
        print(len(self.acknowledged), self.memory[-1], self.largest_log, dict(self.answers), flush=True)

    def lost(self) -> list[str]:
        data_dir = self.site.data_dir
        assert until(lambda: not rows(data_dir, f"SELECT 1 FROM {REQUESTS} WHERE ingested_at IS NULL"))
        known = {str(row[0]) for row in rows(data_dir, f"SELECT receipt_hash FROM {REQUESTS}")}
        return [where for where in self.acknowledged if where not in self.purged and hashed(where) not in known]


def hashed(where: str) -> str:
    return sha256(where.split("/")[2].encode()).hexdigest()


def megabytes(pid: int) -> int:
    try:
        words = Path(f"/proc/{pid}/status").read_text().partition("VmRSS:")[2].split()
    except OSError:
        return 0
    return int(words[0]) // 1024 if words else 0


def main(minutes: float) -> int:
    with at_work("soak") as site:
        recovery_key(site.data_dir)
        soak = Soak(site, minutes)
        soak.run()
        lost = soak.lost()
    print(f"Acknowledged {len(soak.acknowledged)}, purged {len(soak.purged)}, lost {len(lost)}.")
    print(f"Answers {dict(soak.answers)}; slowest page {soak.slowest:.2f} s; largest log {soak.largest_log:,} bytes.")
    failed = [what for what in soak.answers if what not in ("form 303", "page 200", "queue 200", "backups and purges")]
    return int(bool(lost or failed or soak.largest_log > LARGEST_LOG))


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 20))
