"""Requests from before the rules changed, or the clinic its country, are indexed again, step by step."""

from typing import Any

import pytest

from education.clinic.models import ClinicProfile
from education.consultations import search_terms
from education.consultations.models import BlindIndexEntry, ConsultationRequest
from education.consultations.triage import actions as triage
from education.consultations.upkeep import ingest
from education.core import sealing
from education.worker import jobs
from tests.consultations.asking import ingested

pytestmark = pytest.mark.usefixtures("clinic")
KEPT = {"full_name": "Łukasz Ruiz", "phone": "+44 7700 900123", "email": ""}


def from_before(nonce: str = "one", **typed: str) -> ConsultationRequest:
    """As an earlier version indexed it: by the ends of the digits, and with letters as they are."""
    row = ingested(nonce, **KEPT | typed)
    BlindIndexEntry.objects.filter(request=row).delete()
    for term in ("name:łukasz", "name:ruiz", "phone:447700900123", "phone:7700900123", "phone:0900123"):
        for digest in search_terms.digests_for(row.reference, [term]):
            row.index_entries.create(digest=digest)
    ConsultationRequest.objects.filter(pk=row.pk).update(indexed_as="")
    return row


def test_the_worker_indexes_older_requests_again(clinic: ClinicProfile) -> None:
    row = from_before()
    ClinicProfile.objects.update(country="GB")
    assert not triage.search("07700 900123").exists()
    assert "index again" in [job.name for job in jobs()]
    assert ingest.index_again() == 1
    for typed in ("07700 900123", "+44 7700 900123", "lukasz", "Łukasz"):
        assert list(triage.search(typed)) == [row]
    assert not BlindIndexEntry.objects.filter(digest__in=search_terms.digests("phone:7700900123")).exists()
    assert row.index_entries.count() == search_terms.ENTRIES_STEP
    assert ingest.index_again() == 0


def test_it_goes_on_where_it_stopped() -> None:
    rows = [from_before(str(number)) for number in range(3)]
    assert ingest.index_again(most=2) == 2
    assert ConsultationRequest.objects.filter(indexed_as="").count() == 1
    assert ingest.index_again(most=2) == 1
    assert set(triage.search("+44 7700 900123")) == set(rows)


def test_numbers_are_read_again_when_the_clinic_changes_its_country() -> None:
    row = ingested(full_name="Ana Ruiz", phone="07700 900123", email="")
    ClinicProfile.objects.update(country="GB")
    assert ingest.index_again() == 1
    assert list(triage.search("+44 7700 900123")) == [row]


def test_a_request_whose_key_is_missing_waits_and_the_others_are_done(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = from_before("first")
    private = settings.SEAL_KEY_DIR / f"seal_private_{waiting.key_id}.pem"
    monkeypatch.setattr(sealing.time, "time", lambda: 4_000_000_000)  # or both could carry the same second
    sealing.make_keys(settings.SEAL_KEY_DIR)
    others = [from_before(f"later-{number}") for number in range(2)]
    away = private.rename(private.with_suffix(".away"))
    sealing.forget_keys()
    assert ingest.index_again(most=5) == 2
    assert set(triage.search("+44 7700 900123")) == set(others)
    assert set(triage.search("ruiz")) == {waiting, *others}, "it is found as before"
    away.rename(private)
    assert ingest.index_again() == 1
    assert set(triage.search("+44 7700 900123")) == {waiting, *others}
