"""Whether the form is open, and what the page says about the clinic."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import Error
from django.utils import timezone
from django.utils.formats import date_format

from education.clinic.context import kept_rows, remembered, speak_as
from education.clinic.help_lines import Help, HelpKind
from education.clinic.hours import Hours
from education.clinic.models import ClinicProfile
from education.consultations.form import call_times, screening
from education.consultations.form.screening import Question
from education.consultations.models import IntakePause, desk_hours
from education.core import sealing
from education.pages.kept import Kept
from education.wording.links import SiteLinks, without_pages
from education.wording.places import Words, as_built_in, filled

UNNAMED_HELP = Help(HelpKind.EMERGENCY, (), "Call your local emergency number.")


@dataclass(frozen=True, eq=False)
class Surroundings:
    """The rows that every page of the form shows or depends on."""

    clinic: ClinicProfile
    pauses: list[IntakePause] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)  # on the empty form
    words: Words = field(default_factory=as_built_in)
    links: SiteLinks = field(default_factory=without_pages)


@dataclass(frozen=True)
class Intake:
    """The clinic and whether it takes requests. `reachable` is false with the database away."""

    around: Surroundings
    is_open: bool
    reachable: bool = True
    pause: IntakePause | None = None

    def context(self) -> dict[str, Any]:
        """The context of the templates. With the database away the page must still show what a patient has typed."""
        around = {"site_links": self.around.links, "site_words": self.around.words}
        return {"intake": self, "clinic": self.clinic, "words": self.words, **around}

    @property
    def clinic(self) -> ClinicProfile:
        return self.around.clinic

    @property
    def desk_hours(self) -> Hours:
        return desk_hours(self.clinic, self.around.pauses)

    @property
    def opens_again(self) -> date | None:
        """The first day on which no pause holds any more; None if nobody knows yet."""
        pause: IntakePause | None = self.pause
        day: date | None = None
        while pause and pause.last_day:
            day = pause.last_day + timedelta(days=1)
            pause = pause_on(day, self.around.pauses)
        return None if pause else day

    @property
    def ticks(self) -> tuple[str, ...]:
        """The times to call that the form offers."""
        return call_times.offered(self.clinic)

    @property
    def help(self) -> list[Help]:
        """Whom to call when it can't wait; there is always somebody."""
        return self.clinic.help if self.clinic.help_in_an_emergency else [UNNAMED_HELP, *self.clinic.help]

    @property
    def kept_until(self) -> date:
        """The last day on which answers sent today are kept: a date is easier to remember than a number of days."""
        return timezone.localdate() + timedelta(days=self.clinic.retention_days)

    @property
    def words(self) -> dict[str, str]:
        """What the form says around its questions."""
        values = {"days": str(self.clinic.retention_days), "date": date_format(self.kept_until, "DATE_FORMAT")}
        return {name: filled(words, **values) for name, words in self.around.words["form"].items()}

    @property
    def demonstration(self) -> bool:
        return settings.TRIAL and settings.TRIAL_ANYWHERE


def _read_surroundings() -> Surroundings:
    shared, pauses = kept_rows.get(), list(IntakePause.objects.all())
    return Surroundings(shared.clinic, pauses, screening.questions({}), shared.words, shared.links)


class LastKnown:
    """As this process last read them: with the database away, patients still need the clinic's telephone number."""

    around: Surroundings | None = None


surroundings = Kept(_read_surroundings)
last_known = LastKnown()


def intake() -> Intake:
    """Closed while nothing could be sealed, during a pause, and in production until the profile is filled in."""
    try:
        around = surroundings.get()
    except Error:
        return unreachable()
    last_known.around = around
    speak_as(around.clinic)
    today = timezone.localdate()
    pause = pause_on(today, around.pauses)
    ready = (settings.TRIAL or around.clinic.ready_for_requests) and _keys_are_usable()
    return Intake(around, is_open=ready and not pause, pause=pause)


def pause_on(day: date, pauses: Iterable[IntakePause]) -> IntakePause | None:
    return next((pause for pause in pauses if pause.holds_on(day)), None)


def unreachable() -> Intake:
    """The state shown while the database is away: nothing that is shown with it asks the database again."""
    around = last_known.around or Surroundings(remembered() or ClinicProfile())
    speak_as(around.clinic)
    return Intake(around, is_open=False, reachable=False)


def _keys_are_usable() -> bool:
    """Answers that could be sealed but never opened must not be accepted."""
    return sealing.can_seal() and not (settings.SEAL_CAN_OPEN and sealing.opening_problem())
