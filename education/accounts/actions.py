"""Make, change and disable staff accounts; reset their second factor, end their sessions."""

from collections.abc import Collection

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import transaction
from django.urls import reverse

from education.accounts import tokens
from education.accounts.models import User
from education.accounts.roles import assign, ensure_roles
from education.audit.actions import record


class SetupClosed(Exception):
    """Somebody else has used the set-up link already."""


def _setup_url(token: str) -> str:
    return f"{settings.SITE_URL}{reverse('setup', args=[token])}"


def setup_link() -> str:
    """The link with which the first account is made; empty once there is one."""
    token = tokens.first_account_token()
    return _setup_url(token) if tokens.is_first_account_token(token) else ""


def create_first_account(*, username: str, password: str, roles: Collection[str], email: str, token: str) -> User:
    with transaction.atomic():
        ensure_roles()
        # Two people may send the form at once: the second waits here, and then finds that the link was used.
        list(Group.objects.select_for_update().order_by("pk"))
        if not tokens.is_first_account_token(token):
            raise SetupClosed
        create_staff(username=username, roles=roles, email=email, password=password, by=None)
    return User.objects.get(username=username)


@transaction.atomic
def create_staff(
    *, username: str, roles: Collection[str], email: str = "", password: str | None = None, by: User | None
) -> str:
    """Make an account. Returns the one-time link with which its owner chooses a password; empty if one is given."""
    user = User.objects.create_user(username, email, password)
    record("staff_created", by=by, about=f"staff:{user.pk}")
    assign(user, *roles, by=by)
    return "" if password else _setup_url(tokens.enrolment_token(user))


@transaction.atomic
def update_staff(user: User, *, roles: Collection[str], new_link: bool = False, by: User | None) -> str:
    """Save the account with exactly these roles. With `new_link` the password stops working, and a link is returned
    with which the owner chooses a new one; otherwise an empty string.
    """
    if new_link:
        user.set_unusable_password()
    user.save()
    record(
        "staff_changed", by=by, about=f"staff:{user.pk}", detail={"active": int(user.is_active), "link": int(new_link)}
    )
    assign(user, *roles, by=by)
    if new_link or not user.is_active:
        end_sessions(user, by=by)
    return _setup_url(tokens.enrolment_token(user)) if new_link else ""


@transaction.atomic
def enrol(*, user: User, password: str) -> None:
    """The owner of a new account chooses its password."""
    user.set_password(password)
    user.save(update_fields=["password"])
    record("staff_enrolled", by=user, about=f"staff:{user.pk}")


@transaction.atomic
def reset_mfa(user: User, *, by: User | None) -> int:
    """Delete every second factor, for somebody who has lost theirs; how many. All sessions end."""
    count: int = Authenticator.objects.filter(user_id=user.pk).delete()[0]
    record("second_factor_reset", by=by, about=f"staff:{user.pk}", detail={"count": count})
    end_sessions(user, by=by)
    return count


@transaction.atomic
def end_sessions(user: User, *, by: User | None) -> int:
    """Log out everywhere; how many sessions that ended."""
    sessions = [session for session in Session.objects.iterator() if _belongs(session, user)]
    for session in sessions:
        session.delete()
    UserSession.objects.filter(user_id=user.pk).delete()
    record("sessions_ended", by=by, about=f"staff:{user.pk}", detail={"count": len(sessions)})
    return len(sessions)


@transaction.atomic
def disable_staff(user: User, *, by: User | None) -> None:
    """For somebody who leaves. The account stays, so that the audit trail keeps its name."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    record("staff_disabled", by=by, about=f"staff:{user.pk}")
    end_sessions(user, by=by)


def _belongs(session: Session, user: User) -> bool:
    return str(session.get_decoded().get(SESSION_KEY, "")) == str(user.pk)
