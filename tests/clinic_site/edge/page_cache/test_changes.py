"""What a worker knows of changed pages, asked of SQLite."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from clinic_site.edge.page_cache.changes import SQLiteWatcher

CHANGES = "CREATE TABLE education_pagechange (path TEXT, number INTEGER, gone BOOLEAN)"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "site.sqlite3") as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute(CHANGES)
    return tmp_path / "site.sqlite3"


def write_down(database: Path, number: int) -> None:
    with sqlite3.connect(database) as writer:
        writer.execute("INSERT INTO education_pagechange VALUES ('/a/b/', ?, FALSE)", [number])


def test_requests_that_wait_together_ask_once_and_the_next_turn_asks_anew(database: Path) -> None:
    asked: list[str] = []

    async def two_turns() -> tuple[int, int]:
        watcher = SQLiteWatcher(database)
        await watcher.poll()
        assert watcher.connection
        watcher.connection.set_trace_callback(asked.append)
        for _ in range(16):
            watcher.refresh_once_a_turn()
        together = len(asked)
        write_down(database, 7)
        await asyncio.sleep(0)
        watcher.refresh_once_a_turn()
        return together, watcher.changes.number

    assert asyncio.run(two_turns()) == (1, 7)


def test_who_must_be_sure_asks_in_the_same_turn_too(database: Path) -> None:
    async def one_turn() -> int:
        watcher = SQLiteWatcher(database)
        await watcher.poll()
        watcher.refresh_once_a_turn()
        write_down(database, 7)
        await watcher.be_sure()
        return watcher.changes.number

    assert asyncio.run(one_turn()) == 7
