"""How long a session lasts: locked after a quarter of an hour without a sign of life, over after ten hours.

A locked session shows nothing and does nothing until its owner types the password once more, in place.
"""

import time
from datetime import timedelta

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from education.audit.actions import record

IDLE, WARNING, LONGEST = timedelta(minutes=15), timedelta(minutes=1), timedelta(seconds=settings.SESSION_COOKIE_AGE)
WRITTEN_EVERY = 30  # seconds: a session is not saved on every request
BEGAN, SEEN, LOCKED = "staff_began", "staff_seen", "staff_locked"


def is_over(request: HttpRequest) -> bool:
    """Ends a session past its longest time, however busy it is."""
    began = request.session.setdefault(BEGAN, int(time.time()))
    if time.time() - began <= LONGEST.total_seconds():
        return False
    logout(request)
    return True


def is_locked(session: SessionBase) -> bool:
    now = time.time()
    if now - session.get(SEEN, now) > IDLE.total_seconds():
        session[LOCKED] = True
    return bool(session.get(LOCKED))


def seen(session: SessionBase) -> None:
    if time.time() - session.get(SEEN, 0) > WRITTEN_EVERY:
        session[SEEN] = int(time.time())


def lock(session: SessionBase) -> None:
    session[LOCKED] = True


def unlock(request: HttpRequest, password: str) -> bool:
    """With the owner's password. Tries are counted before anything is hashed."""
    user = request.user
    if not isinstance(user, AbstractBaseUser) or not ratelimit.consume(request, action="reauthenticate", user=user):
        return False
    if not user.check_password(password):
        record("unlock_failed", by=user)
        return False
    request.session.pop(LOCKED, None)
    request.session[SEEN] = int(time.time())
    return True
