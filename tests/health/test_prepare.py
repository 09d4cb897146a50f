"""What a start needs is made once, said once, and left alone after that."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from education.audit.models import AuditEvent
from education.consultations import erasures
from education.consultations.models import ConsultationRequest
from education.consultations.public import actions as public
from education.core import sealing
from education.health import actions
from tests import cast
from tests.consultations import asking


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> list[str]:
    """The management commands that were called; none really runs."""
    called: list[str] = []
    monkeypatch.setattr(actions, "call_command", lambda name, **_: called.append(name))
    settings.STATIC_ROOT = tmp_path / "static"
    settings.DATA_DIR = tmp_path
    return called


@pytest.mark.django_db
def test_files_are_collected_again_when_one_has_changed(
    commands: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cast.article()
    said: list[str] = []
    monkeypatch.setattr(actions, "static_fingerprint", lambda: "one")
    actions.prepare(said.append)
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "staticfiles.json").write_text("{}")
    actions.prepare(said.append)
    monkeypatch.setattr(actions, "static_fingerprint", lambda: "another")
    actions.prepare(said.append)
    assert commands == ["collectstatic", "collectstatic"]
    assert said.count("Collecting styles, scripts and pictures") == 2


@pytest.mark.django_db
def test_an_empty_installation_gets_a_database_and_its_first_pages(
    commands: list[str], monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    monkeypatch.setattr(actions.MigrationExecutor, "migration_plan", lambda *_: ["a step"])
    settings.SEAL_KEY_DIR = tmp_path / "keys"
    said: list[str] = []
    actions.prepare(said.append)
    assert commands == ["migrate", "load_articles", "collectstatic"]
    assert said == [
        "Setting up the database",
        "Making the keys that seal patients' answers",
        "Loading the starter pages",
        "Collecting styles, scripts and pictures",
    ]


@pytest.mark.django_db
def test_a_start_that_was_cut_off_while_it_loaded_pages_is_completed_by_the_next(
    commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(name: str, **options: Any) -> None:
        commands.append(name)
        cast.article()
        raise KeyboardInterrupt

    with monkeypatch.context() as planted:
        planted.setattr(actions, "call_command", cut_off)
        with pytest.raises(KeyboardInterrupt):
            actions.prepare(lambda words: None)
    actions.prepare(lambda words: None)
    actions.prepare(lambda words: None)
    assert commands == ["load_articles", "load_articles", "collectstatic", "collectstatic"]


@pytest.mark.django_db
def test_production_makes_no_key_by_itself(commands: list[str], settings: Any, tmp_path: Path) -> None:
    settings.TRIAL = False
    settings.SEAL_KEY_DIR = tmp_path / "keys"
    said: list[str] = []
    actions.prepare(said.append)
    assert "Making the keys that seal patients' answers" not in said
    assert not (tmp_path / "keys").exists()


@pytest.mark.django_db
def test_the_welcome_offers_the_set_up_link_until_there_is_an_account(settings: Any) -> None:
    settings.SITE_URL = "http://127.0.0.1:8123"
    assert "Set up  http://127.0.0.1:8123/setup/" in actions.welcome()
    cast.adam_the_administrator()
    assert actions.welcome().splitlines() == [
        "The site is up (trial mode). Stop it with Ctrl-C.",
        "  Site    http://127.0.0.1:8123/",
        "  Admin   http://127.0.0.1:8123/admin/",
    ]


@pytest.mark.django_db
def test_what_was_erased_is_erased_again_when_the_database_was_brought_back_by_other_means(
    commands: list[str], own_keys: Path, settings: Any
) -> None:
    """As PostgreSQL does it from its archive, to a minute before the erasure."""
    sealing.ensure_keys()
    back, other = (asking.request(name).reference for name in ("ana", "bea"))
    settings.BACKUP_DIR.mkdir()
    (settings.BACKUP_DIR / erasures.FILE).write_text(f"{back} 2026-03-16\nLONGAGO1 2025-01-01\n")
    said: list[str] = []
    actions.prepare(said.append)
    actions.prepare(said.append)
    assert [line for line in said if line.startswith("Erasing")] == [
        "Erasing 1 request again: the database was brought back without what was erased since"
    ]
    assert list(ConsultationRequest.objects.values_list("reference", flat=True)) == [other]
    assert AuditEvent.objects.filter(verb="erased_again", detail__references=back).count() == 1


@pytest.mark.django_db
def test_what_a_patient_withdrew_is_no_news_to_a_start_and_its_receipt_goes_on_saying_so(
    commands: list[str], own_keys: Path, settings: Any, client: Client
) -> None:
    sealing.ensure_keys()
    row = asking.request("ana")
    settings.BACKUP_DIR.mkdir()
    public.withdraw(public.Sender("ana").token, contact="ana@example.org")
    erasures.update_file()
    said: list[str] = []
    actions.prepare(said.append)
    assert not [line for line in said if line.startswith("Erasing")]
    assert ConsultationRequest.objects.get().reference == row.reference
    assert "Your request is withdrawn" in client.get(asking.receipt_of("ana")).content.decode()
