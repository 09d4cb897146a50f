"""Mails to staff about their accounts. None holds a password, a token, or a link that opens anything."""

from collections.abc import Iterable

from django.conf import settings

from education.accounts.models import User
from education.audit.models import AuditEvent
from education.outbox.actions import post


def log_in_slowed(user: User, event: AuditEvent) -> None:
    body = (
        f"Many wrong passwords were typed for your account, {user.username}, at {settings.SITE_URL}.\n\n"
        "Nobody got in this way. Where they were typed, a password is now looked at only together with a code of the "
        "second step. You can log in as usual on a device on which you did so before with your second step, or with a "
        "passkey.\n\n"
        "If it was not you, tell an administrator. You get one such mail, however long it goes on."
    )
    _notify([user], event, f"Wrong passwords for {user.username}", body)


def log_in_changed(user: User, line: str, event: AuditEvent) -> None:
    body = (
        f"Somebody who was logged in as {user.username} at {settings.SITE_URL} changed how this account logs in:\n\n"
        f"- {line}\n\nIf that was not {user.username}, tell an administrator at once."
    )
    _notify([user], event, f"Staff account {user.username}", body)


def account_changed(user: User, lines: Iterable[str], event: AuditEvent, *, by: User | None, former: str = "") -> None:
    """Tell the owner and all other administrators. `former` is the address that the account had until now."""
    people = [user, *(person for person in user.other_administrators() if person != by)]
    what = "\n".join(f"- {line}" for line in lines)
    who = by.username if by else "somebody with access to the server"
    body = (
        f"The account {user.username} at {settings.SITE_URL} was changed by {who}:\n\n{what}\n\n"
        "If nobody told you of this, ask the administrators at once."
    )
    _notify(people, event, f"Staff account {user.username}", body, former)


def _notify(people: Iterable[User], event: AuditEvent, subject: str, body: str, former: str = "") -> None:
    """Send one mail to each address; to the clinic's staff addresses if none of these people has one."""
    addresses = dict.fromkeys(address for address in [*(person.email for person in people), former] if address)
    for number, address in enumerate(addresses or settings.STAFF_MAIL):
        post(key=f"account/{event.pk}/{number}", to=address, subject=subject, body=body)
