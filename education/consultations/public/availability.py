"""Whether the form is open, and what the page says about the clinic."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import Error
from django.utils import timezone

from education.clinic.models import ClinicProfile
from education.consultations.models import IntakePause
from education.core import sealing

DEFAULT_EMERGENCY_WORDS = "Call your local emergency number."


@dataclass(frozen=True)
class Intake:
    """The clinic and whether it takes requests. `reachable` is false with the database away."""

    clinic: ClinicProfile
    is_open: bool
    reachable: bool = True
    pause: IntakePause | None = None

    def context(self) -> dict[str, Any]:
        """For the templates. With the database away the page must still show what a patient has typed."""
        away: dict[str, Any] = {} if self.reachable else {"nav_topics": []}
        return {"intake": self, "clinic": self.clinic, **away}

    @property
    def emergency_words(self) -> str:
        return self.clinic.emergency_words or DEFAULT_EMERGENCY_WORDS

    @property
    def kept_until(self) -> date:
        """The last day on which answers sent today are kept: a date is easier to remember than a number of days."""
        return timezone.localdate() + timedelta(days=self.clinic.retention_days)

    @property
    def demonstration(self) -> bool:
        return settings.TRIAL and settings.TRIAL_ANYWHERE


class LastKnown:
    """The clinic as this process last read it: with the database away, patients still need its telephone number."""

    clinic = ClinicProfile()


last_known = LastKnown()


def intake() -> Intake:
    """Closed while nothing could be sealed, during a pause, and in production until the profile is filled in."""
    try:
        clinic = ClinicProfile.load()
        pause = IntakePause.on(timezone.localdate())
    except Error:
        return unreachable()
    last_known.clinic = clinic
    ready = (settings.TRIAL or clinic.ready_for_requests) and _keys_are_usable()
    return Intake(clinic, is_open=ready and not pause, pause=pause)


def unreachable() -> Intake:
    """With the database away: nothing that is shown with it asks the database again."""
    return Intake(last_known.clinic, is_open=False, reachable=False)


def _keys_are_usable() -> bool:
    """Answers that could be sealed but never opened must not be accepted."""
    return sealing.can_seal() and not (settings.SEAL_CAN_OPEN and sealing.opening_problem())
