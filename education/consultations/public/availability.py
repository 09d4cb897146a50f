"""Whether the form is open, and what it tells a patient before the first question."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from education.clinic.models import ClinicProfile
from education.consultations.models import IntakePause
from education.core import sealing

NO_EMERGENCY_WORDS = "Call your local emergency number."


@dataclass(frozen=True)
class Intake:
    """The clinic as the asking side needs it."""

    clinic: ClinicProfile
    is_open: bool
    reachable: bool = True
    pause: IntakePause | None = None

    def context(self) -> dict[str, Any]:
        """For the templates. With the database away, the page must still show what a patient has typed."""
        away: dict[str, Any] = {} if self.reachable else {"nav_topics": []}
        return {"intake": self, "clinic": self.clinic, **away}

    @property
    def emergency_words(self) -> str:
        return self.clinic.emergency_words or NO_EMERGENCY_WORDS

    @property
    def kept_until(self) -> date:
        """Computed, because a date is easier to keep in mind than a number of days."""
        return timezone.localdate() + timedelta(days=self.clinic.retention_days)

    @property
    def demonstration(self) -> bool:
        return settings.TRIAL and settings.TRIAL_ANYWHERE


class LastKnown:
    """The clinic as this process last saw it: with the database away, patients still need its telephone."""

    clinic = ClinicProfile()


last_known = LastKnown()


def intake() -> Intake:
    """Closed while nothing could be sealed, and, outside a trial, while patients can't know whom they ask."""
    try:
        clinic = ClinicProfile.load()
        pause = IntakePause.on(timezone.localdate())
    except DatabaseError:
        return Intake(last_known.clinic, is_open=False, reachable=False)
    last_known.clinic = clinic
    ready = (settings.TRIAL or clinic.ready_for_requests) and _keys_are_there()
    return Intake(clinic, is_open=ready and not pause, pause=pause)


def _keys_are_there() -> bool:
    """What could be sealed but never opened again must not be taken."""
    return sealing.can_seal() and not (settings.SEAL_CAN_OPEN and sealing.opening_problem())
