"""One-time links to /setup/<token>/. Nothing is stored: a link is a keyed hash over a state that its use changes."""

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from education.accounts.models import User

SALT = "education.staff.tokens"


class EnrolmentTokens(PasswordResetTokenGenerator):
    """Holds until the account gets its password, or PASSWORD_RESET_TIMEOUT has passed."""

    key_salt = SALT


def first_account() -> str:
    """The same for one installation, so that a restart prints the same link. Void once a staff account exists."""
    return salted_hmac(SALT, "first account", algorithm="sha256").hexdigest()[:40]


def is_first_account(token: str) -> bool:
    return constant_time_compare(token, first_account()) and not User.objects.filter(is_staff=True).exists()


def enrolment(user: User) -> str:
    return f"{int_to_base36(user.pk)}-{EnrolmentTokens().make_token(user)}"


def enrolled_by(token: str) -> User | None:
    """The account that this token lets set its password; None when it is void."""
    number, _, rest = token.partition("-")
    try:
        user = User.objects.filter(pk=base36_to_int(number), is_active=True).first()
    except ValueError:
        return None
    return user if user and EnrolmentTokens().check_token(user, rest) else None
