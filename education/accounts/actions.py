"""Make, change and disable staff accounts; reset their second factor, end their sessions."""

from collections.abc import Collection

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from education.accounts import mails, tokens
from education.accounts.models import RoleRequest, User
from education.accounts.roles import NEED_SECOND_PERSON, assign, ensure_roles, labels
from education.accounts.sessions import hashed
from education.audit.actions import record

LINK_MADE = "A one-time link was made, with which its owner chooses a password."

# What somebody changes about their own way in: the verb in the audit trail, and what they are told.
LOG_IN_CHANGES = {
    "password_changed": ("password_changed", "Its password was changed."),
    "password_set": ("password_changed", "Its password was changed."),
    "totp_activated": ("authenticator_app_added", "An authenticator app was added for the second step at log-in."),
    "totp_deactivated": ("authenticator_app_removed", "The authenticator app of the second step was taken away."),
    "webauthn_added": ("passkey_added", "A passkey was added."),
    "webauthn_removed": ("passkey_removed", "A passkey was taken away."),
    "recovery_codes_generated": ("recovery_codes_made", "New recovery codes were made. The earlier ones are void."),
}


class DecidedMeanwhile(Exception):
    """Somebody has decided on these roles already, or other ones are asked for by now."""


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
    event = record("staff_created", by=by, about=f"staff:{user.pk}")
    assign(user, *roles, by=by)
    lines = ["It was made.", f"Roles: {labels(roles)}."]
    mails.account_changed(user, lines if password else [*lines, LINK_MADE], event, by=by)
    return "" if password else _setup_url(tokens.enrolment_token(user))


@transaction.atomic
def save_staff(
    user: User, *, roles: Collection[str], new_link: bool = False, log_out: bool = False, by: User | None
) -> str:
    """Save the account with exactly these roles. With `new_link` the password stops working, and a link is returned
    with which the owner chooses a new one; otherwise an empty string.

    Some roles that administrators give themselves wait for another administrator, if there is one: see RoleRequest.
    """
    before = User.objects.get(pk=user.pk)
    if new_link:
        user.set_unusable_password()
    user.save()
    detail = {"active": int(user.is_active), "link": int(new_link)}
    event = record("staff_changed", by=by, about=f"staff:{user.pk}", detail=detail)
    if before.is_active and not user.is_active:
        record("staff_disabled", by=by, about=f"staff:{user.pk}")
    lines = _changed(before, user) + ([LINK_MADE] if new_link else [])
    lines += _change_roles(user, before.role_names, frozenset(roles), by=by)
    if new_link or log_out or not user.is_active:
        end_sessions(user, by=by)
    if new_link:
        record("link_made", by=by, about=f"staff:{user.pk}")
    if lines:
        mails.account_changed(user, lines, event, by=by, former=before.email)
    return _setup_url(tokens.enrolment_token(user)) if new_link else ""


def _changed(before: User, user: User) -> list[str]:
    lines = []
    if before.email != user.email:
        lines.append("Its e-mail address was changed.")
    if before.is_active != user.is_active:
        lines.append("It may log in again." if user.is_active else "It was switched off.")
    return lines


def _change_roles(user: User, held: frozenset[str], wanted: frozenset[str], *, by: User | None) -> list[str]:
    """Assign the wanted roles, and ask a second administrator for those that nobody may give themselves. Returns
    sentences for the mail about it.
    """
    if wanted == held:
        return []
    alone = by != user or not user.other_administrators().exists()
    asked = frozenset() if alone else (wanted - held) & NEED_SECOND_PERSON
    lines = []
    if wanted - asked != held:
        assign(user, *(wanted - asked), by=by)
        lines.append(f"Roles: {labels(wanted - asked)}. Before: {labels(held)}.")
    if asked:
        names = " ".join(sorted(asked))
        RoleRequest.objects.update_or_create(account=user, defaults={"roles": names})
        record("roles_asked", by=by, about=f"staff:{user.pk}", detail={"roles": names})
        lines.append(f"{user.username} asks for: {labels(asked)}. Another administrator decides, on the desk.")
    elif by != user:
        RoleRequest.objects.filter(account=user).delete()  # somebody else has decided
    return lines


@transaction.atomic
def confirm_roles(asked: RoleRequest, *, by: User) -> None:
    """Give somebody the roles that they asked for. Raises PermissionDenied if it is they themselves who confirm, and
    DecidedMeanwhile.
    """
    user, names = asked.account, frozenset(asked.roles.split())
    _decide(asked, by=by)
    before = user.role_names
    assign(user, *(before | names), by=by)
    event = record("roles_confirmed", by=by, about=f"staff:{user.pk}", detail={"roles": asked.roles})
    line = f"Roles: {labels(before | names)}. Before: {labels(before)}. Confirmed by a second administrator."
    mails.account_changed(user, [line], event, by=by)


@transaction.atomic
def refuse_roles(asked: RoleRequest, *, by: User) -> None:
    _decide(asked, by=by)
    event = record("roles_refused", by=by, about=f"staff:{asked.account_id}", detail={"roles": asked.roles})
    mails.account_changed(asked.account, [f"Not given: {asked.role_labels}."], event, by=by)


def _decide(asked: RoleRequest, *, by: User) -> None:
    """Takes it off the list, if exactly these roles still wait there: of two who decide at once, one does."""
    if by == asked.account:
        raise PermissionDenied
    if not RoleRequest.objects.filter(pk=asked.pk, roles=asked.roles).delete()[0]:
        raise DecidedMeanwhile


@transaction.atomic
def enrol(*, user: User, password: str) -> None:
    """The owner of a new account chooses its password."""
    user.set_password(password)
    user.save(update_fields=["password"])
    record("staff_enrolled", by=user, about=f"staff:{user.pk}")


@transaction.atomic
def change_password(user: User, password: str, *, by: User | None) -> None:
    """For somebody who has forgotten theirs: it was read and checked by the caller. All sessions end."""
    user.set_password(password)
    user.save(update_fields=["password"])
    event = record("password_changed", by=by, about=f"staff:{user.pk}")
    end_sessions(user, by=by)
    mails.account_changed(user, ["Its password was changed."], event, by=by)


@transaction.atomic
def log_in_changed(user: User, what: str) -> None:
    """Record what somebody changed about their own log-in, a key of LOG_IN_CHANGES, and mail it to them."""
    verb, line = LOG_IN_CHANGES[what]
    mails.log_in_changed(user, line, record(verb, by=user, about=f"staff:{user.pk}"))


@transaction.atomic
def reset_mfa(user: User, *, by: User | None) -> int:
    """Delete every second factor, for somebody who has lost theirs; how many. All sessions end."""
    count: int = Authenticator.objects.filter(user_id=user.pk).delete()[0]
    event = record("second_factor_reset", by=by, about=f"staff:{user.pk}", detail={"count": count})
    end_sessions(user, by=by)
    mails.account_changed(user, ["Its second step at log-in was taken away."], event, by=by)
    return count


@transaction.atomic
def end_sessions(user: User, *, by: User | None, but: str = "") -> int:
    """Log out everywhere, except in the session with the key `but`; how many sessions that ended."""
    count: int = user.sessions.exclude(session_key=hashed(but)).delete()[0]
    record("sessions_ended", by=by, about=f"staff:{user.pk}", detail={"count": count})
    return count


@transaction.atomic
def disable_staff(user: User, *, by: User | None) -> None:
    """Lock out somebody who leaves. The account stays, so that the audit trail keeps its name."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    event = record("staff_disabled", by=by, about=f"staff:{user.pk}")
    end_sessions(user, by=by)
    mails.account_changed(user, ["It was switched off."], event, by=by)
