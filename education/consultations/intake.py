"""Whether the form is open, and what it tells a patient before the first question."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from education.clinic.models import ClinicProfile
from education.core import sealing

NO_EMERGENCY_WORDS = "Call your local emergency number."


@dataclass(frozen=True)
class Intake:
    """The clinic as the asking side needs it."""

    clinic: ClinicProfile
    is_open: bool
    reachable: bool = True

    def context(self) -> dict[str, Any]:
        """For the templates. With the database away, the page must still show what a patient has typed."""
        away: dict[str, Any] = {} if self.reachable else {"nav_topics": []}
        return {"intake": self, "clinic": self.clinic, **away}

    @property
    def emergency_words(self) -> str:
        return self.clinic.emergency_words or NO_EMERGENCY_WORDS

    @property
    def demonstration(self) -> bool:
        return settings.TRIAL and settings.TRIAL_ANYWHERE


def intake() -> Intake:
    """Closed while nothing could be sealed, and, outside a trial, while patients can't know whom they ask."""
    try:
        clinic = ClinicProfile.load()
    except DatabaseError:
        return Intake(ClinicProfile(), is_open=False, reachable=False)
    return Intake(clinic, is_open=(settings.TRIAL or clinic.ready_for_requests) and sealing.can_seal())
