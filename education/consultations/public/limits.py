"""How much one internet address may send in an hour. Counted in the database, which all processes share."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from education.consultations.models import IntakeCount
from education.core.http import network_of

HARD_LIMIT_FACTOR = 10  # the hard limit is so many times the soft one
KEPT_FOR = timedelta(days=1)
SALT = "education.consultations.limits"  # stays as it is wherever the code moves: the running counts depend on it


class TooMany(Exception):
    """Past the hard limit: nothing is stored, and the answers stay on the page."""


def count(address: str, now: datetime, *, what: str = "requests", limit: int | None = None) -> bool:
    """Count one write of this address; true past the soft limit. Joins the caller's transaction.

    `what` keeps counts apart; `limit` is the soft one, by default the setting. Raises TooMany past the hard limit.
    """
    soft = settings.INTAKE_LIMIT_PER_HOUR if limit is None else limit
    if not address or not soft:
        return False
    counted = _one_more(_key(address, now, what), _hour(now))
    if counted > HARD_LIMIT_FACTOR * soft:
        raise TooMany
    return counted > soft


def _one_more(key: str, hour: datetime) -> int:
    rows = IntakeCount.objects.filter(key=key, hour=hour)
    if not rows.update(count=F("count") + 1):
        IntakeCount.objects.get_or_create(key=key, hour=hour)  # somebody else may do so at this moment
        rows.update(count=F("count") + 1)
    return int(rows.values_list("count", flat=True).get())


def delete_old(now: datetime | None = None) -> int:
    return IntakeCount.objects.filter(hour__lt=(now or timezone.now()) - KEPT_FOR).delete()[0]


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def _key(address: str, now: datetime, what: str) -> str:
    """Different every day, so that the rows of two days can't be linked."""
    return salted_hmac(SALT, f"{now.date()} {what} {network_of(address)}", algorithm="sha256").hexdigest()
