"""Where log-in differs from what django-allauth does by default."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes

from education.accounts import actions, idle
from education.accounts.log_in import devices, throttle
from education.accounts.log_in.forms import CodeForm
from education.accounts.models import StaffSession, User
from education.audit.actions import record
from education.core.http import client_address

PAUSE = settings.LOG_IN_PAUSE_MINUTES
# The name of the package when the first secrets were encrypted: with another they could not be decrypted.
KEY_PREFIX = b"education.staff.mfa:"
QUIET_ZONE = 4  # modules of white around a QR code, as the standard asks for


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "This username and password don’t belong together.",
        "username_password_code_mismatch": "This username, password and code don’t belong together.",
        "too_many_login_attempts": f"Too many wrong attempts. Wait {PAUSE} minutes, then try again.",
        "slowed_log_in": (
            f"There were too many wrong attempts. Type a code of your second step too, or wait {PAUSE} minutes."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """By this django-allauth counts attempts. A known device is counted by itself, wherever it is."""
        return devices.name_of(request) or client_address(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Attempts are counted in `authenticate`."""

    def authenticate(self, request: HttpRequest, code: str = "", **credentials: Any) -> User | None:
        """While log-ins are slowed, a password without a code is not even looked at."""
        attempt = throttle.Attempt(request, credentials.get("username", ""))
        if attempt.is_slowed and not code:
            raise self.validation_error("too_many_login_attempts" if attempt.is_own else "slowed_log_in")
        user: User | None = super().authenticate(request, **credentials)
        if user and attempt.is_slowed:
            user.second_factor = CodeForm({"code": code}, user=user)
            user = user if user.second_factor.is_valid() else None
        if user:
            attempt.forgive()
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """The username is recorded only if there is such an account: people type passwords there by mistake."""
        user = User.objects.filter(username=credentials.get("username", "")).first()
        record("sign_in_failed", by=None, about=f"staff:{user.pk}" if user else "")

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        record("signed_in", by=user)
        StaffSession.objects.filter(expire_date__lt=timezone.now()).delete()
        idle.begin(request)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if any(proof["method"] == "mfa" for proof in get_authentication_records(request, user)):
            devices.remember(request, response, user)
        return response

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """After each change that somebody makes to their own log-in; the mail is ours."""
        actions.log_in_changed(user, template_prefix.rpartition("/")[2])

    def set_password(self, user: User, password: str) -> None:
        """Ends the sessions elsewhere: they were begun with the old one."""
        super().set_password(user, password)
        actions.end_sessions(user, by=user, but=context.request.session.session_key)


class StaffMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets of authenticator apps encrypted: a stolen copy of the database opens no account."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is not right. Type all digits of the one that shows now, before it changes. A "
        "recovery code works only once.",
    }

    @property
    def _cipher(self) -> MultiFernet:
        keys = [sha256(KEY_PREFIX + force_bytes(secret)).digest() for secret in settings.STAFF_SECRETS]
        return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])

    def encrypt(self, text: str) -> str:
        return self._cipher.encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._cipher.decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """With a white background of its own: on a dark page the code could not be scanned."""
        drawn = BytesIO()
        segno.make(url, error="m", micro=False).save(
            drawn, kind="svg", light="white", border=QUIET_ZONE, xmldecl=False, omitsize=True
        )
        return drawn.getvalue().decode()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return f"My passkey {number}" if number > 1 else "My passkey"
