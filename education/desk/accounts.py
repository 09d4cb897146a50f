"""The desk's sections about staff accounts."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from education.accounts.models import RoleRequest, User
from education.accounts.roles import MAY_MANAGE_STAFF, labels
from education.audit.models import AuditEvent
from education.core.text import full_stop
from education.desk.sections import Link, Section

SHOWN_FOR = timedelta(days=14)
SHOWN = 5
ABOUT = "staff:"
SYSTEM = "system"  # who acted, where it was a command
CHANGED = "password_changed"  # as the audit trail calls a new password
WORDS = {
    "staff_created": "account made",
    "staff_disabled": "switched off",
    CHANGED: "password changed",
    "link_made": "link made to choose a new password",
    "roles_assigned": "roles",
    "roles_refused": "roles refused",
    "second_factor_reset": "second step taken away",
    "log_in_slowed": "many wrong passwords",
}


def changes(user: User) -> list[Section]:
    """To administrators, what happened to any account; to others, what was done to theirs."""
    if not user.has_perm(MAY_MANAGE_STAFF):
        own = _recent().filter(about=f"{ABOUT}{user.pk}").exclude(actor__in=(SYSTEM, user.username))
        return _changes("Your account was changed", own, path=reverse("mfa_index"))
    accounts = _recent().filter(about__gte=ABOUT, about__lt="staff;")  # all of them, with the help of the index
    trail = reverse("admin:education_auditevent_changelist")
    return _changes("Changes to staff accounts", accounts, more=Link("See the record of actions", f"{trail}?q={ABOUT}"))


def waiting_roles(user: User) -> list[Section]:
    """Roles that another administrator asked for and that this one may confirm."""
    if not user.has_perm(MAY_MANAGE_STAFF):
        return []
    waiting = RoleRequest.objects.exclude(account=user).select_related("account").order_by("asked_at")
    links = [
        Link(f"{asked.account.username} asks for: {asked.role_labels}", _path("roles", asked.account_id))
        for asked in waiting
    ]
    return [Section("Roles that a second administrator confirms", len(links), links, strong=True)] if links else []


def _recent() -> QuerySet[AuditEvent]:
    """Without passwords that people changed themselves."""
    own = Q(verb=CHANGED) & ~Q(actor=SYSTEM)
    return AuditEvent.objects.filter(verb__in=WORDS, at__gte=timezone.now() - SHOWN_FOR).exclude(own).order_by("-id")


def _changes(title: str, events: QuerySet[AuditEvent], *, path: str = "", more: Link | None = None) -> list[Section]:
    shown = list(events[: SHOWN + 1])
    more = more if len(shown) > SHOWN else None
    shown = shown[:SHOWN]
    names = User.objects.in_bulk({_number(event) for event in shown})
    links = [
        Link(_what(event, names.get(_number(event))), path or _path("change", _number(event)), _when(event))
        for event in shown
    ]
    return [Section(title, 0, links, more=more)] if links else []


def _number(event: AuditEvent) -> int:
    return int(event.about.removeprefix(ABOUT))


def _what(event: AuditEvent, account: User | None) -> str:
    whose, what, roles = account or "", WORDS[event.verb], event.detail.get("roles")
    return f"{whose}: {what}" if roles is None else f"{whose}’s {what}: {labels(roles.split())}"


def _when(event: AuditEvent) -> str:
    who = "On the server" if event.actor == SYSTEM else f"By {event.actor}"
    return full_stop(f"{who}, {date_format(timezone.localtime(event.at), 'DATETIME_FORMAT')}")


def _path(screen: str, pk: int) -> str:
    return reverse(f"admin:education_user_{screen}", args=[pk])
