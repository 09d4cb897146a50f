"""Each fault of `planted.py` is named by doctor, probe and desk, with its remedy; none ends in a traceback."""

import json
from collections.abc import Iterator
from html import unescape
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from education.accounts.models import User
from education.audit import facts
from education.audit.actions import record
from education.audit.models import AuditEvent
from education.consultations.public import hosts
from education.core import sealing, vault
from education.health import actions, checks, inspection
from tests import cast
from tests.health.planted import FAULTS, Fault, Site

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


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


def doctor() -> str:
    out = StringIO()
    try:
        call_command("doctor", stdout=out)
    except SystemExit:
        return out.getvalue()
    return ""


def desk() -> str:
    page = Client()
    page.force_login(User.objects.get(username="mona"))
    return unescape(page.get("/admin/").content.decode())


def test_nothing_is_wrong_before(site: Site) -> None:
    assert {name: words for name, words in inspection.findings().items() if words} == {}
    assert Client().get("/health/ready").status_code == 200
    assert "notice-strong" not in desk()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_a_fault_is_named_with_its_remedy(site: Site, fault: Fault) -> None:
    fault.plant(site)
    sealing.forget_keys()
    (line,) = [line for line in doctor().splitlines() if line.startswith(f"WRONG {fault.check}:")]
    assert fault.says in line
    ready = Client().get("/health/ready")
    assert ready.status_code == (200 if fault.can_ask else 503)
    named = fault.check in (*inspection.ASKING, *inspection.ARRIVING)
    assert (f"{fault.check}: not ready" in ready.content.decode()) is named
    if fault.on_desk:
        assert fault.says in desk()


def test_without_their_keys_nobody_is_told_to_make_new_ones(site: Site) -> None:
    next(fault for fault in FAULTS if fault.what == "keys not mounted").plant(site)
    sealing.forget_keys()
    assert "seal_keys new" not in doctor()


def test_a_dropped_trigger_is_put_back(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    next(fault for fault in FAULTS if fault.check == "triggers").plant(site)
    said: list[str] = []
    actions._restore_triggers(said.append)
    assert said == ["Putting back the trigger education_auditevent_no_update"]
    assert checks.triggers() == ""
    with pytest.raises(DatabaseError, match="can't be changed"), transaction.atomic():
        AuditEvent.objects.update(actor="nobody")


def test_a_secret_key_that_was_changed_on_purpose(site: Site) -> None:
    site.settings.SECRET_KEY = "z" * 50
    said: list[str] = []
    actions._note_secret_key(said.append, replace=False)
    assert "prepare --new-secret-key" in said[0]
    actions._note_secret_key(said.append, replace=True)
    assert checks.secret_key() == ""
