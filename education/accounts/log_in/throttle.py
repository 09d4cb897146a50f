"""Wrong passwords slow down whoever types them; they never lock an account.

After some of them for one account from one address, or more from anywhere, the log-in is slowed there: the password is
looked at only together with a code of the second factor. A known device is counted by itself.
"""

import time
from collections.abc import Callable, Collection
from datetime import timedelta
from hashlib import sha256
from typing import Any

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest

from education.accounts import mails
from education.accounts.log_in import devices
from education.accounts.models import User
from education.audit.actions import record

Histories = dict[str, list[float]]  # when, newest first, by key in the cache
APP = "allauth.account"
# In ACCOUNT_RATE_LIMITS, where the numbers are
HERE, FROM_ADDRESS, ANYWHERE = "wrong_password_here", "wrong_password_from_address", "wrong_password_anywhere"
BOUT = timedelta(hours=1)  # without a slowed attempt: then a bout is over, and the next one is told of again


class Attempt:
    """One password typed for a name. It counts as wrong until forgiven, so that none of many at once slips by."""

    def __init__(self, request: HttpRequest, username: str) -> None:
        self.name = username.strip().lower()
        self.user = User.objects.filter(username__iexact=self.name).first()
        self.is_own = self.user is not None and request.user == self.user  # logged in already, and asked once more
        self.at = 0.0
        self._rates = self._rates_of(request)
        self._counted = self._update(self._rates, self._with_this_one)
        self.is_slowed = len(self._counted) < len(self._rates)
        if self.is_slowed:
            self._tell()

    def _rates_of(self, request: HttpRequest) -> dict[str, ratelimit.Rate]:
        """What counts it, by key in the cache."""
        origin = f"session {request.session.session_key}" if self.is_own else ratelimit.get_ip(request)
        limits = {HERE: f"{self.name} {origin}"}
        if not self.is_own:
            limits[FROM_ADDRESS] = ""
            if self.user is None or not devices.is_known(request, self.user):
                limits[ANYWHERE] = self.name
        return {
            ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key): rate
            for action, key in limits.items()
            for rate in ratelimit.get_rates(app=APP, action=action)
        }

    def _with_this_one(self, found: Histories) -> Histories:
        """The counts with this attempt added, up to the first count that does not allow it."""
        self.at, counted = time.time(), Histories()
        for key, rate in self._rates.items():
            allowed, history = ratelimit.apply_rate(found.get(key, []), self.at, rate)
            if not allowed:
                break
            counted[key] = history
        return counted

    def forgive(self) -> None:
        self._update(self._counted, self._without_this_one)

    def _without_this_one(self, found: Histories) -> Histories:
        return {key: [at for at in history if at != self.at] for key, history in found.items()}

    def _update(self, keys: Collection[str], change: Callable[[Histories], Histories]) -> Histories:
        """Change these counts in one step for all processes, in the database or in Redis."""
        if not keys:
            return {}
        shared: Any = cache  # clinic_site/cache, clinic_site/scale
        longest = max(rate.duration for rate in self._rates.values())
        updated: Histories = shared.update_together(keys, change, timeout=longest)
        return updated

    def _tell(self) -> None:
        """The owner, once a bout. Names that nobody has leave the same trace, for it takes the same time."""
        bout = f"slowed-log-in:{sha256(self.name.encode()).hexdigest()}"
        if not cache.add(bout, True, BOUT.total_seconds()):
            cache.touch(bout, BOUT.total_seconds())
            return
        with transaction.atomic():
            event = record("log_in_slowed", by=None, about=f"staff:{self.user.pk}" if self.user else "")
            if self.user and self.user.is_active:
                mails.log_in_slowed(self.user, event)
