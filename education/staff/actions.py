"""What is done to staff accounts."""

from collections.abc import Collection

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.urls import reverse

from education.audit.actions import record
from education.staff import tokens
from education.staff.models import User
from education.staff.roles import assign, ensure_roles


class SetupClosed(Exception):
    """Somebody else has used the set-up link."""


def _address(token: str) -> str:
    return f"{settings.SITE_URL}{reverse('setup', args=[token])}"


def setup_link() -> str:
    """The link that makes the first account; empty once there is one."""
    token = tokens.first_account()
    return _address(token) if tokens.is_first_account(token) else ""


def create_first_account(*, username: str, password: str, roles: Collection[str], email: str, token: str) -> User:
    with transaction.atomic():
        ensure_roles()
        # Two people may send the form at once: whoever comes second waits here and then finds the link used.
        list(Group.objects.select_for_update().order_by("pk"))
        if not tokens.is_first_account(token):
            raise SetupClosed
        create_staff(username=username, roles=roles, email=email, password=password, by=None)
    return User.objects.get(username=username)


@transaction.atomic
def create_staff(
    *, username: str, roles: Collection[str], email: str = "", password: str | None = None, by: User | None
) -> str:
    """Make an account. Returns the one-time link with which its owner chooses a password; empty when one was given."""
    user = User.objects.create_user(username, email, password)
    record("staff_created", by=by, about=f"staff:{user.pk}")
    assign(user, *roles, by=by)
    return "" if password else _address(tokens.enrolment(user))


@transaction.atomic
def update_staff(user: User, *, roles: Collection[str], new_link: bool = False, by: User | None) -> str:
    """Save the account with exactly these roles. `new_link` voids the password and returns the link to a new one."""
    if new_link:
        user.set_unusable_password()
    user.save()
    record(
        "staff_changed", by=by, about=f"staff:{user.pk}", detail={"active": int(user.is_active), "link": int(new_link)}
    )
    assign(user, *roles, by=by)
    return _address(tokens.enrolment(user)) if new_link else ""


@transaction.atomic
def enrol(*, user: User, password: str) -> None:
    """The owner of a new account chooses its password."""
    user.set_password(password)
    user.save(update_fields=["password"])
    record("staff_enrolled", by=user, about=f"staff:{user.pk}")
