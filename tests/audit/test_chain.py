"""The audit trail only grows, and a changed row is found."""

from datetime import datetime, timedelta, timezone
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from education.audit.actions import GENESIS, record, verify
from education.audit.models import AuditEvent
from education.core import sealing
from tests.cast import erin_the_editor
from tests.dialects import drop_triggers

pytestmark = pytest.mark.django_db
TABLE = "education_auditevent"
COLUMNS = ", ".join(field.column for field in AuditEvent._meta.fields)
OTHERS = COLUMNS.replace("actor", "'mallory'")
ATTACKS = [
    f"UPDATE {TABLE} SET actor = 'mallory'",
    f"DELETE FROM {TABLE}",
    *(
        pytest.param(statement, marks=pytest.mark.sqlite)
        for statement in (
            f"UPDATE OR IGNORE {TABLE} SET actor = 'mallory'",
            f"INSERT OR REPLACE INTO {TABLE} ({COLUMNS}) SELECT {OTHERS} FROM {TABLE}",
            f"INSERT OR REPLACE INTO {TABLE} ({COLUMNS}) SELECT {OTHERS.replace('id', 'id + 1', 1)} FROM {TABLE}",
        )
    ),
]


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def unguarded() -> None:
    drop_triggers(TABLE)


def three_events() -> None:
    for number in (1, 2, 3):
        record("looked", by=None, about=f"/page-{number}/", detail={"number": number, "words": "é"})


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_statement_changes_or_deletes_an_event(attack: str) -> None:
    record("looked", by=None)
    with pytest.raises(DatabaseError, match="An audit event can't be changed"):
        run(attack)
    assert AuditEvent.objects.get().actor == "system"


@pytest.mark.parametrize("attack", ATTACKS)
def test_without_the_triggers_the_same_statement_works(attack: str) -> None:
    record("looked", by=None)
    unguarded()
    run(attack)
    assert list(AuditEvent.objects.values_list("actor", flat=True)) in (["mallory"], [])


def test_the_orm_neither_changes_nor_deletes_an_event() -> None:
    event = record("looked", by=None)
    event.actor = "mallory"
    for attempt in (event.save, event.delete, AuditEvent.objects.all().delete):
        with pytest.raises(DatabaseError, match="can't be changed"), transaction.atomic():
            attempt()


def test_each_event_is_chained_to_the_one_before() -> None:
    erin = erin_the_editor()
    before = AuditEvent.objects.order_by("id").last()
    one = record("looked", by=erin, about="/x/")
    two = record("looked", by=None)
    assert one.previous == (before.digest if before else GENESIS)
    assert two.previous == one.digest
    assert (one.actor, two.actor) == ("erin", "system")
    assert str(one).startswith("Looked, ")


def test_an_empty_trail_and_an_untouched_one_are_intact() -> None:
    assert verify().broken is None
    three_events()
    assert verify().broken is None


TAMPERED = [
    ("UPDATE {} SET actor = 'mallory' WHERE about = '/page-2/'", "/page-2/"),
    ("UPDATE {} SET about = '' WHERE about = '/page-1/'", ""),
    ("UPDATE {} SET verb = 'left' WHERE about = '/page-3/'", "/page-3/"),
    ("UPDATE {} SET detail = '{{}}' WHERE about = '/page-2/'", "/page-2/"),
    ("UPDATE {} SET at = '2020-01-01 00:00:00' WHERE about = '/page-2/'", "/page-2/"),
    ("UPDATE {} SET digest = 'x' WHERE about = '/page-2/'", "/page-2/"),
    ("DELETE FROM {} WHERE about = '/page-2/'", "/page-3/"),
    ("DELETE FROM {} WHERE about = '/page-1/'", "/page-2/"),
    ("UPDATE {} SET id = id + 10 WHERE about = '/page-1/'", "/page-2/"),
]


@pytest.mark.parametrize(("tampering", "about"), TAMPERED)
def test_the_first_row_that_was_tampered_with_is_found(tampering: str, about: str) -> None:
    three_events()
    unguarded()
    run(tampering.format(TABLE))
    broken = verify().broken
    assert broken is not None
    assert broken.about == about


def test_a_time_from_another_zone_does_not_look_like_tampering() -> None:
    record("looked", by=None, at=datetime(2026, 7, 1, 9, tzinfo=timezone(timedelta(hours=2))))
    assert verify().broken is None


def test_an_event_is_rolled_back_with_its_transaction() -> None:
    with transaction.atomic():
        record("looked", by=None)
        transaction.set_rollback(True)
    assert not AuditEvent.objects.exists()


def audit_verify(*words: str) -> tuple[int, str]:
    out, code = StringIO(), 0
    try:
        call_command("audit_verify", *words, stdout=out)
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, out.getvalue()


def test_the_command_names_the_first_broken_event() -> None:
    three_events()
    assert audit_verify() == (0, f"Whole: {AuditEvent.objects.count()} events. Head: {verify().head}\n")
    second = AuditEvent.objects.order_by("-id")[1]
    unguarded()
    run(f"UPDATE {TABLE} SET actor = 'mallory' WHERE id = {second.pk}")
    code, said = audit_verify()
    assert code == 1
    assert f"BROKEN at event {second.pk}" in said


def test_a_chain_recomputed_without_the_key_is_not_intact() -> None:
    """Somebody who can write to the database could recompute plain hashes, but not these."""
    three_events()
    last = AuditEvent.objects.order_by("-id")[0]
    unguarded()
    run(f"UPDATE {TABLE} SET digest = '{'f' * 64}' WHERE id = {last.pk}")
    broken = verify().broken
    assert broken
    assert broken.pk == last.pk


def test_a_cut_off_end_is_found_with_a_mailed_head() -> None:
    three_events()
    head = verify().head
    unguarded()
    run(f"DELETE FROM {TABLE} WHERE digest = '{head}'")
    assert audit_verify()[0] == 0
    code, said = audit_verify("--head", head)
    assert code == 1
    assert "CUT OFF" in said


def test_a_missing_key_is_never_replaced_silently(settings: Any, tmp_path: Path) -> None:
    settings.SEAL_KEY_DIR = tmp_path
    three_events()
    (tmp_path / "audit_key").unlink()
    sealing.forget_keys()
    with pytest.raises(sealing.KeyMissing):
        record("looked", by=None)
    with pytest.raises(CommandError, match="audit_key"):
        call_command("audit_verify")
