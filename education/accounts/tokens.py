"""Tokens of the one-time links /setup/<token>/. None is stored: each is a hash over a state that its use changes."""

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from education.accounts.models import User

SALT = "education.staff.tokens"  # the old name of this package: links that are out would stop working with another


class EnrolmentTokens(PasswordResetTokenGenerator):
    """Valid until the account has a password, or PASSWORD_RESET_TIMEOUT has passed."""

    key_salt = SALT


def first_account_token() -> str:
    """The same after a restart, so that the same link is printed. Void once a staff account exists."""
    return salted_hmac(SALT, "first account", algorithm="sha256").hexdigest()[:40]


def is_first_account_token(token: str) -> bool:
    return constant_time_compare(token, first_account_token()) and not User.objects.filter(is_staff=True).exists()


def enrolment_token(user: User) -> str:
    return f"{int_to_base36(user.pk)}-{EnrolmentTokens().make_token(user)}"


def account_to_enrol(token: str) -> User | None:
    """The account whose password may be set with this token; None when the token is void."""
    number, _, rest = token.partition("-")
    try:
        user = User.objects.filter(pk=base36_to_int(number), is_active=True).first()
    except ValueError:
        return None
    return user if user and EnrolmentTokens().check_token(user, rest) else None
