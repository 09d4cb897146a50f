"""A second step whose codes do not expire meanwhile."""

import pytest
from allauth.mfa.totp.internal import auth as totp


@pytest.fixture
def same_half_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """A code that a test has made is still good when the site reads it, however slow the machine."""
    counters = list(totp.yield_hotp_counters_from_time())
    monkeypatch.setattr(totp, "yield_hotp_counters_from_time", lambda: iter(counters))
