"""Keys of its own for every test here, and a clinic that may accept requests."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from education.accounts.models import User
from education.clinic.models import ClinicProfile
from education.consultations.public import tokens
from education.consultations.upkeep import ingest
from tests import cast


@pytest.fixture(autouse=True)
def _keys(own_keys: Path, settings: Any) -> None:
    settings.STAFF_MAIL = ["desk@clinic.test"]


@pytest.fixture
def clinic(db: None) -> ClinicProfile:
    return cast.clinic(reply_promise="We reply within two working days.")


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests fill in the form faster than people do; the test of that rule sets it again. And nobody sends meanwhile."""
    monkeypatch.setattr(tokens, "MIN_FILL_TIME", timedelta())
    monkeypatch.setattr(ingest, "PAUSE_SECONDS", 0)


@pytest.fixture
def ines(db: None) -> User:
    return cast.ines_at_intake()


@pytest.fixture
def desk(ines: User) -> Client:
    return cast.logged_in(ines)
