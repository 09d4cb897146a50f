"""Probes tell in plain words whether this machine can serve patients."""

from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from education.health import actions, inspection


def test_live_asks_no_database(client: Client) -> None:
    """The test has no right to a database: a query would fail it."""
    answer = client.get("/health/live")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


@pytest.mark.django_db
def test_ready_with_a_worker(client: Client, django_assert_max_num_queries: Any) -> None:
    actions.note_heartbeat()
    with django_assert_max_num_queries(30):
        answer = client.get("/health/ready")
    asked = (*inspection.ASKING, *inspection.ARRIVING)
    assert (answer.status_code, answer.content.decode()) == (200, "".join(f"{name}: ok\n" for name in asked))
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_without_a_worker_requests_wait_but_are_kept(client: Client) -> None:
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert b"worker: not ready" in answer.content


@pytest.mark.django_db
def test_without_a_key_nobody_may_be_sent_here(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.TRIAL = False
    settings.SEAL_KEY_DIR = tmp_path
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert b"keys: not ready" in answer.content


@pytest.mark.django_db
def test_without_a_database_nobody_may_be_sent_here(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise OperationalError("could not connect to db.internal")

    monkeypatch.setattr(connection, "cursor", gone)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.content) == (503, b"database: not ready\n")
