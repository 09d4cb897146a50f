"""An installation in production with nothing wrong, of which everything may be broken."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from education.audit import facts
from education.audit.actions import record
from education.consultations.public import hosts
from education.core import sealing, vault
from education.health import actions, checks
from tests import cast
from tests.health.planted import Site


@pytest.fixture
def site(own_keys: Path, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """In production, with nothing wrong."""
    data = tmp_path / "data"
    for folder in (data, data / "static", settings.BACKUP_DIR):
        folder.mkdir(mode=0o700)
    (data / "static" / "staticfiles.json").write_text('{"version": "1.1", "paths": {}}')
    settings.TRIAL, settings.HTTPS, settings.TRUSTED_PROXIES = False, True, ["127.0.0.1"]
    settings.DATA_DIR, settings.STATIC_ROOT, settings.STAFF_MAIL = data, data / "static", ["desk@clinic.test"]
    settings.MEDIA_ROOT, settings.ENV_FILE, settings.SECRET_KEY = data / "media", str(data / "none"), "x" * 50
    sealing.make_keys(own_keys)
    vault.confirm(own_keys, vault.make_recovery_key(own_keys))
    for path in own_keys.iterdir():
        path.chmod(0o600)
    backup = settings.BACKUP_DIR / "clinic-x.backup"
    backup.touch(0o600)
    backup.write_bytes(vault.FORMAT)
    cast.clinic(reply_promise="Soon.", opening_hours="Always.")
    cast.adam_the_administrator()
    cast.staff("mona", "manager")
    record("began", by=None)
    facts.note(checks.SECRET_KEY, checks.secret_key_fingerprint())
    facts.note(checks.TRIGGERS, json.dumps(checks.present_triggers()))
    actions.note_heartbeat()
    monkeypatch.setattr(hosts, "last", hosts.Noted())
    sealing.forget_keys()
    yield Site(settings, monkeypatch)
    sealing.forget_keys()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only=OFF")
