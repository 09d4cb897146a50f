"""Where log-in differs from what django-allauth does by default."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

import qrcode  # type: ignore[import-untyped]
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.encoding import force_bytes
from qrcode.image.svg import SvgPathFillImage  # type: ignore[import-untyped]

from education.accounts import idle
from education.accounts.models import User
from education.audit.actions import record
from education.core.http import client_address

# The name of the package when the first secrets were encrypted: with another they could not be decrypted.
KEY_PREFIX = b"education.staff.mfa:"


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "This username and password don’t belong together.",
        "too_many_login_attempts": "Too many wrong attempts. Wait five minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """The username is recorded only if there is such an account: people type passwords there by mistake."""
        user = User.objects.filter(username=credentials.get("username", "")).first()
        record("sign_in_failed", by=None, about=f"staff:{user.pk}" if user else "")

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        record("signed_in", by=user)
        idle.begin(request.session)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response


class StaffMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets of authenticator apps encrypted: a stolen copy of the database opens no account."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is not right. Type all digits of the one that shows now, before it changes.",
    }

    @property
    def _cipher(self) -> MultiFernet:
        secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        keys = [sha256(KEY_PREFIX + force_bytes(secret)).digest() for secret in secrets]
        return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])

    def encrypt(self, text: str) -> str:
        return self._cipher.encrypt(text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """With a white background of its own: on a dark page the code could not be scanned."""
        picture: bytes = qrcode.make(url, image_factory=SvgPathFillImage).to_string()
        return picture.decode()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return f"My passkey {number}" if number > 1 else "My passkey"

    def decrypt(self, encrypted_text: str) -> str:
        return self._cipher.decrypt(encrypted_text.encode()).decode()
