"""`doctor --canary` sends a request through the whole site and leaves nothing of it."""

from contextlib import suppress
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command

from education.audit.models import AuditEvent
from education.consultations.models import ConsultationRequest
from education.consultations.upkeep import ingest
from education.health.watching import canary
from education.outbox.actions import deliver_due
from education.outbox.models import OutboxMessage
from tests.health.planted import Site

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def nothing_of_it_stays(site: Site) -> object:
    yield
    assert not ConsultationRequest.objects.exists()
    assert not OutboxMessage.objects.exists()
    assert deliver_due() == len(mail.outbox) == 0
    assert AuditEvent.objects.filter(verb="canary_removed").count() == 1


def doctor() -> str:
    out = StringIO()
    with suppress(SystemExit):
        call_command("doctor", "--canary", stdout=out)
    return out.getvalue()


def test_it_arrives_and_is_removed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canary.time, "sleep", lambda _: ingest.ingest_new())
    assert "ok    canary\n" in doctor()
    assert AuditEvent.objects.filter(verb="request_received").count() == 1


def test_a_worker_that_does_not_take_it_in_is_named(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canary, "PATIENCE_SECONDS", 0)
    monkeypatch.setattr(canary.time, "sleep", lambda _: None)
    assert "WRONG canary: The worker did not take the request in" in doctor()


def test_what_cannot_be_opened_is_named(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def ingest_and_damage(_: float) -> None:
        ingest.ingest_new()
        ConsultationRequest.objects.update(sealed=b"x" * 60)

    monkeypatch.setattr(canary.time, "sleep", ingest_and_damage)
    assert "WRONG canary: The request could not be opened" in doctor()
