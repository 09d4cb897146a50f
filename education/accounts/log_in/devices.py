"""Devices on which somebody logged in with a second factor. Wrong passwords typed elsewhere don't slow them down.

A signed cookie says for which accounts a device is known. It opens nothing, and is void once the password changes.
"""

from datetime import timedelta
from secrets import token_urlsafe
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from education.accounts.models import User

KEPT_FOR = timedelta(days=180)
MAX_ACCOUNTS = 20  # of one device: the computer at the front desk is shared
SALT = "education.accounts.devices"


def name_of(request: HttpRequest) -> str:
    """The random name of this device; empty if it is not known."""
    return str(_read(request).get("device", ""))


def is_known(request: HttpRequest, user: User) -> bool:
    return bool(_read(request).get("accounts", {}).get(str(user.pk)) == _mark(user))


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """`user` has just logged in on this device, with a second factor."""
    known = _read(request)
    accounts = known.get("accounts", {})
    accounts.pop(str(user.pk), None)
    accounts = dict([*accounts.items(), (str(user.pk), _mark(user))][-MAX_ACCOUNTS:])
    value = signing.dumps({"device": known.get("device") or token_urlsafe(16), "accounts": accounts}, salt=SALT)
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        value,
        max_age=KEPT_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        cookie = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
        return dict(signing.loads(cookie, salt=SALT, max_age=KEPT_FOR))
    except signing.BadSignature:
        return {}


def _mark(user: User) -> str:
    return user.get_session_auth_hash()[:20]
