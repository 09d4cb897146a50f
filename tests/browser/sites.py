"""Real sites for a real browser: `serve` on a folder of their own, ended by pid, leaving nothing behind."""

import re
import signal
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import StorageState

from tests.server import TIMEOUT, Launcher, Run, copied, until

SETUP_LINK = re.compile(r"https?://\S+/setup/\S+/")


@dataclass
class Site:
    run: Run
    data_dir: Path
    temporary: Path  # where its processes put temporary files
    # The browser state of staff, so that each test need not log in.
    logged_in: StorageState | None = field(default=None, repr=False)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.run.port}"

    @property
    def setup_link(self) -> str:
        found = SETUP_LINK.search(self.run.text())
        assert found, self.run.text()
        return found[0]

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database holds, read from outside."""
        with closing(sqlite3.connect(f"file:{self.data_dir}/clinic.sqlite3?mode=ro", uri=True, timeout=60)) as database:
            return database.execute(query, values).fetchall()

    def change(self, statement: str, *values: object) -> None:
        """Write into the database from outside, as time or another person might have: exactly one row."""
        with closing(sqlite3.connect(self.data_dir / "clinic.sqlite3", timeout=60)) as database, database:
            assert database.execute(statement, values).rowcount == 1

    def forget_unsaved_writing(self) -> None:
        with closing(sqlite3.connect(self.data_dir / "clinic.sqlite3", timeout=60)) as database, database:
            database.execute("DELETE FROM education_unsavedwriting")
            database.execute("DELETE FROM education_unsavedsitewords")

    def requests(self) -> int:
        (found,) = self.rows("SELECT count(*) FROM education_consultationrequest")
        return int(found[0])

    def has_worked_off_everything(self) -> bool:
        """Whether the worker has taken in every request and sent every mail."""
        requests = self.rows("SELECT 1 FROM education_consultationrequest WHERE ingested_at IS NULL")
        return not requests and not self.rows("SELECT 1 FROM education_outboxmessage WHERE sent_at IS NULL")

    def stop(self) -> None:
        self.run.process.send_signal(signal.SIGTERM)
        self.run.process.wait(TIMEOUT)
        assert until(self.run.left_nothing), self.run.members()
        assert "Traceback" not in self.run.text(), self.run.text()


def start(launcher: Launcher, original: Path, name: str, **variables: str) -> Site:
    """A site on a copy of this data folder, answering."""
    temporary = launcher.folder / f"{name}-tmp"
    temporary.mkdir()
    data_dir = copied(original, launcher.folder / name)
    run = launcher.serve(data_dir, TMPDIR=str(temporary), **variables)
    return Site(run.up(), data_dir, temporary)
