"""Looking after keys: sealing anew, retiring, the recovery key, and what happens while one is missing."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from education.accounts.models import User
from education.audit import facts
from education.audit.models import AuditEvent
from education.consultations.models import ConsultationRequest
from education.consultations.public import hosts
from education.consultations.triage import actions as triage
from education.consultations.triage.record import open_note, open_row
from education.consultations.upkeep import ingest
from education.core import sealing, vault
from education.health import inspection, keys
from education.outbox.actions import deliver_due
from education.outbox.models import OutboxMessage
from tests import cast
from tests.consultations import asking
from tests.consultations.asking import FORM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(own_keys: Path, settings: Any) -> Path:
    settings.STAFF_MAIL = ["desk@clinic.test"]
    sealing.forget_keys()
    cast.clinic()
    return own_keys


def seal_keys(*words: str) -> str:
    out = StringIO()
    call_command("seal_keys", *words, stdout=out)
    return out.getvalue()


def another_key(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sealing.time, "time", lambda: 4_000_000_000)  # or both could carry the same second
    return sealing.make_keys(Path(sealing._folder()))


def desk_of(user: User) -> str:
    return str(cast.logged_in(user).get("/admin/").content.decode())


def worked_on() -> ConsultationRequest:
    row = asking.request(**asking.WHOLE)
    asking.request(main_reason="More")
    ingest.ingest_new()
    triage.add_note(row, text="Called", by=cast.ines_at_intake())
    return row


def test_resealing_moves_everything_to_the_newest_key_and_everything_still_opens(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = worked_on()
    old, new = row.key_id, another_key(monkeypatch)
    with pytest.raises(CommandError, match=r"\d+ envelopes need this key"):
        seal_keys("retire", old)
    assert "envelopes" in seal_keys("reseal")
    assert f"{new}  opens and seals, used by" in seal_keys("list")
    assert f"{old}  older, opens only, used by 0" in seal_keys("list")
    before = sorted(folder.iterdir())
    with pytest.raises(CommandError, match=r"kept under the recovery key, and there is none\. .*seal_keys recovery"):
        seal_keys("retire", old)
    assert sorted(folder.iterdir()) == before, "nothing is deleted that could not be kept"
    seal_keys("recovery")
    assert "is retired" in seal_keys("retire", old)
    assert sealing.key_ids() == [new]
    row.refresh_from_db()
    assert open_row(row).answers["main_reason"] == "More"
    assert open_note(row.notes.get()).text == "Called"
    assert deliver_due() == OutboxMessage.objects.count() > 0
    assert AuditEvent.objects.get(verb="key_retired").about == f"key:{old}"


def test_what_a_patient_withdraws_while_everything_is_sealed_anew_stays_destroyed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = worked_on()
    another_key(monkeypatch)
    real = keys._batches

    def as_patients_withdraw(*args: Any) -> Any:
        for batch in real(*args):
            gone = {"status": "withdrawn", "closed_at": timezone.now(), "sealed": b"", "key_id": ""}
            ConsultationRequest.objects.filter(pk=row.pk).update(**gone)
            yield batch

    monkeypatch.setattr(keys, "_batches", as_patients_withdraw)
    seal_keys("reseal")
    row.refresh_from_db()
    assert (bytes(row.sealed), row.key_id) == (b"", "")


def test_the_newest_key_and_an_unknown_one_are_not_retired() -> None:
    asking.request()
    with pytest.raises(CommandError, match="newest key"):
        seal_keys("retire", sealing.current_key_id())
    with pytest.raises(CommandError, match="no key 0000"):
        seal_keys("retire", "0000")
    with pytest.raises(CommandError, match=r"Say which key\. .*seal_keys list"):
        seal_keys("retire")


@pytest.mark.sqlite  # no other database has backups of ours
def test_a_production_set_up_prints_a_recovery_key_once_and_doctor_warns_until_it_was_tested(
    settings: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TRIAL = False
    assert "no recovery key" in inspection.backups.problem()
    said = seal_keys("new")
    (printed,) = [line.strip() for line in said.splitlines() if line.strip().count("-") == 13]
    assert "RECOVERY KEY" not in seal_keys("new")
    settings.BACKUP_DIR.mkdir()
    (settings.BACKUP_DIR / "clinic-x.backup").write_bytes(vault.FORMAT)
    assert "never tested" in inspection.backups.problem()
    monkeypatch.setattr("sys.stdin", StringIO("ABCD-EFGH\n"))
    with pytest.raises(CommandError, match="mistyped"):
        seal_keys("test")
    monkeypatch.setattr("sys.stdin", StringIO(f"{printed}\n"))
    assert "Keep it safe" in seal_keys("test")
    assert inspection.backups.problem() == ""


def test_with_a_missing_key_staff_get_no_queue_and_patients_the_telephone(folder: Path) -> None:
    row = asking.request()
    desk = cast.logged_in(cast.ines_at_intake())
    assert desk.get("/admin/").status_code == 200
    away = (folder / f"seal_private_{row.key_id}.pem").rename(folder / "away")
    sealing.forget_keys()
    shown = cast.logged_in(cast.staff("carl", "intake")).get("/admin/")
    assert shown.status_code == 503
    assert f"seal_private_{row.key_id}.pem" in shown.content.decode()
    closed = Client().get(FORM)
    assert closed.status_code == 503
    assert "555 0100" in closed.content.decode()
    assert inspection.staff_keys()
    away.rename(folder / f"seal_private_{row.key_id}.pem")
    sealing.forget_keys()
    assert Client().get(FORM).status_code == 200
    assert inspection.staff_keys() == ""


def test_a_wrong_key_counts_as_missing(folder: Path, tmp_path: Path) -> None:
    row = asking.request()
    other = sealing.make_keys(tmp_path / "other")
    stranger = (tmp_path / "other" / f"seal_private_{other}.pem").read_bytes()
    (folder / f"seal_private_{row.key_id}.pem").write_bytes(stranger)
    sealing.forget_keys()
    assert "does not hold the key it is named after" in inspection.staff_keys()


def test_new_keys_made_after_a_loss_do_not_hide_it(folder: Path) -> None:
    row = asking.request()
    for path in folder.iterdir():
        path.unlink()
    sealing.forget_keys()
    assert sealing.can_seal(), "a trial makes itself new ones"
    assert row.key_id in inspection.findings()["requests set aside"]
    assert row.key_id in desk_of(cast.adam_the_administrator())


def test_there_is_one_recovery_key(folder: Path) -> None:
    assert "seal_keys recovery" in seal_keys("list")
    first, older = seal_keys("recovery"), vault.recovery_key_id(folder)
    assert f"{older}, never tested" in seal_keys("list")
    second = seal_keys("recovery")
    assert second != first
    assert f"({older}) opens the backups made until now" in second
    assert len(list(folder.glob("recovery_public_*"))) == 1
    assert vault.recovery_key_id(folder)


def test_no_new_key_while_the_others_are_out_of_reach(folder: Path, settings: Any) -> None:
    row = asking.request()
    settings.TRIAL = False
    folder.rename(folder.with_name("unmounted"))
    sealing.forget_keys()
    with pytest.raises(CommandError, match=r"The keys of 1 request are not here.*Bring the volume back"):
        seal_keys("new")
    assert not folder.exists()
    assert "Made key" in seal_keys("new", row.key_id), "named, it is known to be lost for good"


def test_a_key_that_a_public_host_still_seals_with_is_not_retired(monkeypatch: pytest.MonkeyPatch) -> None:
    row = asking.request()
    another_key(monkeypatch)
    facts.note(f"{hosts.PREFIX}web-2:/keys", row.key_id)
    seal_keys("reseal")
    assert "web-2:/keys seals with it" in seal_keys("list")
    with pytest.raises(CommandError, match=r"may still seal with this key: web-2:/keys \(seen "):
        seal_keys("retire", row.key_id)
    seal_keys("forget", "web-2:/keys")
    seal_keys("recovery")
    assert "is retired" in seal_keys("retire", row.key_id)


def test_a_host_tells_which_key_it_seals_with(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "last", hosts.Noted())
    client.get("/health/ready")
    assert list(hosts.seen_with(sealing.current_key_id())) == [hosts.own_name()]
    newer = another_key(monkeypatch)
    asking.request()
    assert list(hosts.seen_with(newer)) == [hosts.own_name()]
    assert hosts.seen_with(newer, now=timezone.now() + hosts.GONE_AFTER) == {}


def test_a_request_whose_key_is_gone_stops_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = asking.request()
    another_key(monkeypatch)
    for kind in ("public", "private"):
        (folder / f"seal_{kind}_{row.key_id}.pem").unlink()
    sealing.forget_keys()
    assert inspection.staff_keys() == "", "the worker starts"
    later = asking.ingested("other")
    assert later.ingested_at
    assert Client().get(FORM).status_code == 200
    shown = desk_of(cast.ines_at_intake())
    assert "1 request can’t be opened" in shown.replace("&#x27;", "’")
    assert row.reference in shown


def test_a_retired_key_comes_back_with_the_recovery_key_and_is_deleted_after_ninety_days(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host that nobody thought of sealed one more request with it."""
    key = sealing.current_key_id()
    late = asking.request()
    kept = dict.fromkeys(folder.glob(f"*{key}*"))
    for path in kept:
        kept[path] = path.read_bytes()
    newer = another_key(monkeypatch)
    seal_keys("reseal")
    printed = next(line.strip() for line in seal_keys("recovery").splitlines() if line.count("-") == 13)
    seal_keys("retire", key)
    assert f"{key}  retired, kept under the recovery key until" in seal_keys("list")
    (sealed,) = folder.glob("retired_*")
    assert b"PRIVATE" not in sealed.read_bytes()
    ConsultationRequest.objects.filter(pk=late.pk).update(key_id=key)
    assert f"seal_keys recall {key}" in inspection.findings()["requests set aside"]
    in_a_year = timezone.now() + timedelta(days=365)
    monkeypatch.setattr(keys.retention, "horizon", lambda now: now)
    assert keys.delete_retired(now=in_a_year) == 0, "something still needs it"
    monkeypatch.setattr("sys.stdin", StringIO(f"{vault.make_recovery_key(folder.parent)}\n"))
    with pytest.raises(CommandError, match="does not open with this recovery key"):
        seal_keys("recall", key)
    monkeypatch.setattr("sys.stdin", StringIO(f"{printed}\n"))
    assert "opens again" in seal_keys("recall", key)
    assert {path: path.read_bytes() for path in kept} == kept
    assert sealing.current_key_id() == newer
    ConsultationRequest.objects.filter(pk=late.pk).update(key_id=newer)
    seal_keys("retire", key)
    assert keys.delete_retired(now=timezone.now() + timedelta(days=89)) == 0
    assert keys.delete_retired(now=timezone.now() + timedelta(days=92)) == 1
    assert list(folder.glob("retired_*")) == []
    assert AuditEvent.objects.filter(verb="retired_key_deleted", about=f"key:{key}").exists()


def test_the_public_key_goes_to_another_host_by_two_commands(
    folder: Path, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking.request()
    newer = another_key(monkeypatch)
    printed = seal_keys("public")
    monkeypatch.setattr("sys.stdin", StringIO(printed))
    with pytest.raises(CommandError, match="CLINIC_ROLE=public"):
        seal_keys("add")
    settings.SEAL_CAN_OPEN, settings.SEAL_KEY_DIR = False, tmp_path / "public"
    sealing.forget_keys()
    for wrong in ("", printed.replace(newer, newer[:8] + "0" * 8), printed[:80]):
        monkeypatch.setattr("sys.stdin", StringIO(wrong))
        with pytest.raises(CommandError, match=r"not a (whole )?public key"):
            seal_keys("add")
    monkeypatch.setattr("sys.stdin", StringIO(printed))
    monkeypatch.setattr(hosts, "last", hosts.Noted())
    said = seal_keys("add")
    assert f"seals with key {newer}" in said
    assert said.splitlines()[-1] == printed.splitlines()[-1], "the same SHA-256 on both sides"
    assert [path.name for path in (tmp_path / "public").iterdir()] == [f"seal_public_{newer}.pem"]
    assert hosts.own_name() in hosts.seen_with(newer)
