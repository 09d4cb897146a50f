"""The idle lock: a session locks after LOCK_AFTER without activity, and ends after MAX_SESSION however busy it is.

A locked session shows nothing and does nothing until its owner types the password again, on the same page.
"""

import time
from datetime import timedelta

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from education.accounts.sessions import ADDRESS, BEGAN, DEVICE, device_named
from education.audit.actions import record
from education.core.http import client_address

LOCK_AFTER, WARN_BEFORE = timedelta(minutes=15), timedelta(minutes=1)
MAX_SESSION = timedelta(seconds=settings.SESSION_COOKIE_AGE)
SAVE_EVERY = 30  # seconds: a session is not written to the database on every request
SEEN, LOCKED = "staff_seen", "staff_locked"  # keys in the session


def begin(request: HttpRequest) -> None:
    """Start counting at log-in, and note address and device for the list of sessions that the owner sees."""
    session = request.session
    session[BEGAN] = session[SEEN] = int(time.time())
    session[ADDRESS], session[DEVICE] = client_address(request), device_named(request.headers.get("User-Agent", ""))


def end_if_too_long(request: HttpRequest) -> bool:
    """Log out if the session has lasted longer than MAX_SESSION; whether it has."""
    began = request.session.setdefault(BEGAN, int(time.time()))
    if time.time() - began <= MAX_SESSION.total_seconds():
        return False
    logout(request)
    return True


def is_locked(session: SessionBase) -> bool:
    """Locks the session first if nobody used it for LOCK_AFTER."""
    now = time.time()
    if now - session.get(SEEN, now) > LOCK_AFTER.total_seconds():
        session[LOCKED] = True
    return bool(session.get(LOCKED))


def touch(session: SessionBase) -> None:
    """Note that somebody is using the session."""
    if time.time() - session.get(SEEN, 0) > SAVE_EVERY:
        session[SEEN] = int(time.time())


def lock(session: SessionBase) -> None:
    session[LOCKED] = True


def unlock(request: HttpRequest, password: str) -> bool:
    """Unlock the session if this is its owner's password. Returns whether it was. Attempts are counted before anything
    is hashed.
    """
    user = request.user
    if not isinstance(user, AbstractBaseUser) or not ratelimit.consume(request, action="reauthenticate", user=user):
        return False
    if not user.check_password(password):
        record("unlock_failed", by=user)
        return False
    request.session.pop(LOCKED, None)
    request.session[SEEN] = int(time.time())
    return True
