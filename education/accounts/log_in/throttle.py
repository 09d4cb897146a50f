"""Wrong passwords slow down whoever types them; they never lock an account.

After some of them for one account from one address, or more from anywhere, the log-in is slowed there: the password is
looked at only together with a code of the second factor. A known device is counted by itself.
"""

from datetime import timedelta
from hashlib import sha256

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest

from education.accounts import mails
from education.accounts.log_in import devices
from education.accounts.models import User
from education.audit.actions import record

# In ACCOUNT_RATE_LIMITS, where the numbers are
HERE, FROM_ADDRESS, ANYWHERE = "wrong_password_here", "wrong_password_from_address", "wrong_password_anywhere"
BOUT = timedelta(hours=1)  # without a slowed attempt: then a bout is over, and the next one is told of again


class Attempt:
    """One password typed for a name. It counts as wrong until forgiven, so that none of many at once slips by."""

    def __init__(self, request: HttpRequest, username: str) -> None:
        self.name = username.strip().lower()
        self.user = User.objects.filter(username__iexact=self.name).first()
        self.is_own = self.user is not None and request.user == self.user  # logged in already, and asked once more
        self._counted: list[ratelimit.RateLimitUsage] = []
        self.is_slowed = not self._count(request)
        if self.is_slowed:
            self._tell()

    def _count(self, request: HttpRequest) -> bool:
        """Whether the limits allow it. Of those that do, all count it, up to the first that does not."""
        origin = f"session {request.session.session_key}" if self.is_own else ratelimit.get_ip(request)
        limits = {HERE: f"{self.name} {origin}"}
        if not self.is_own:
            limits[FROM_ADDRESS] = ""
            if self.user is None or not devices.is_known(request, self.user):
                limits[ANYWHERE] = self.name
        for action, key in limits.items():
            usage = ratelimit.consume(request, app="allauth.account", action=action, key=key)
            if usage is None:
                return False
            self._counted.append(usage)
        return True

    def forgive(self) -> None:
        for usage in self._counted:
            usage.rollback()

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
