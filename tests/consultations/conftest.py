"""Keys of their own for every test here, and one clinic that may take requests."""

from pathlib import Path
from typing import Any

import pytest

from education.clinic.models import ClinicProfile
from tests import cast


@pytest.fixture(autouse=True)
def _keys(tmp_path: Path, settings: Any) -> None:
    settings.SEAL_KEY_DIR = tmp_path / "keys"
    settings.STAFF_MAIL = ["desk@clinic.test"]


@pytest.fixture
def clinic(db: None) -> ClinicProfile:
    return cast.clinic(reply_promise="We reply within two working days.")
