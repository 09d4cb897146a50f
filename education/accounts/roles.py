"""Roles: groups that can be combined. ROLES is the one place that says who may do what."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.html import format_html
from django.utils.safestring import SafeString

from education.audit.actions import record

if TYPE_CHECKING:
    from education.accounts.models import User


@dataclass(frozen=True)
class Role:
    """`may` completes “May …”; `permissions` are codenames, such as `view_article`."""

    label: str
    may: str
    permissions: tuple[str, ...]

    @property
    def in_words(self) -> str:
        """For whoever gives it: what it allows, and the one thing that everybody asks about."""
        reads = SEES_REQUESTS in self.permissions
        return f"May {self.may}. {'Reads' if reads else 'Does not see'} what patients ask for."


SEES_REQUESTS = "view_consultationrequest"
READ_ARTICLES = ("view_article",)
CONTENT_MODELS = ("article", "topic", "reference", "person", "picture", "bulletin", "term", "plainword")
WRITE_ARTICLES = tuple(f"{verb}_{model}" for model in CONTENT_MODELS for verb in ("view", "add", "change"))
WORK_REQUESTS = (SEES_REQUESTS, "work_consultationrequest")
KEEP_TOPICS_AND_PEOPLE = tuple(f"{verb}_{model}" for model in ("topic", "person") for verb in ("view", "add", "change"))
KEEP_SITE = ("view_siteplace", "change_siteplace")
PAUSE_INTAKE = ("view_intakepause", "add_intakepause", "change_intakepause")
EDIT_QUESTIONS_AND_REPLIES = tuple(
    f"{verb}_{model}" for model in ("screeningquestion", "replytemplate") for verb in ("view", "add", "change")
)

ROLES = {
    "editor": Role(
        "Editor",
        "write pages and the words around them, and publish what a clinician has signed",
        (*WRITE_ARTICLES, *KEEP_SITE, "publish_article"),
    ),
    "clinician": Role(
        "Clinician",
        "write, check, sign and publish pages, answer requests, and write the questions of the form",
        (
            *WRITE_ARTICLES,
            *KEEP_SITE,
            "sign_article",
            "publish_article",
            *WORK_REQUESTS,
            "clinical_consultationrequest",
            "view_screeningquestion",
            "add_screeningquestion",
            "change_screeningquestion",
        ),
    ),
    "intake": Role("Intake", "answer requests, and pause the request form", (*WORK_REQUESTS, *PAUSE_INTAKE)),
    "manager": Role(
        "Manager",
        "keep the clinic’s profile, topics, people, the words around the pages, the questions of the form and the "
        "fixed replies, pause the form, publish what a clinician has signed, and together with Intake or Clinician "
        "export and erase requests",
        (
            *READ_ARTICLES,
            *KEEP_TOPICS_AND_PEOPLE,
            *KEEP_SITE,
            "publish_article",
            "change_clinicprofile",
            *PAUSE_INTAKE,
            *EDIT_QUESTIONS_AND_REPLIES,
            "export_consultationrequest",
            "erase_consultationrequest",
        ),
    ),
    "administrator": Role(
        "Administrator",
        "make and change staff accounts, keep the clinic’s profile, and read the record of actions",
        ("manage_staff", "change_clinicprofile", "view_auditevent"),
    ),
}

# Roles with which one sees patients' requests or what they lead to. No administrator takes one alone, if there are two.
NEED_SECOND_PERSON = frozenset(("clinician", "intake", "manager"))
MAY_MANAGE_STAFF = "education.manage_staff"
# How permissions end that even a superuser has by a role only: patients' requests, and a clinician's signature.
BY_ROLE_ONLY = ("_consultationrequest", ".sign_article")


def labels(names: Collection[str]) -> str:
    """The names of these roles as people read them, in the order of the table."""
    return ", ".join(role.label for name, role in ROLES.items() if name in names) or "none"


def role_choices() -> list[tuple[str, SafeString]]:
    """The choices of a form: each role with what it may do."""
    words = '<span class="role"><b>{}</b> <span class="role-may">{}</span></span>'
    return [(name, format_html(words, role.label, role.in_words)) for name, role in ROLES.items()]


def ensure_roles() -> None:
    """Make the groups and give them the permissions of ROLES. May be called any number of times.

    Works inside a migration too, where Django has not yet made the permission rows.
    """
    if _permissions_of_groups() == {name: set(role.permissions) for name, role in ROLES.items()}:
        return
    create_permissions(apps.get_app_config("education"), verbosity=0)
    for name, role in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(
            Permission.objects.filter(content_type__app_label="education", codename__in=role.permissions)
        )


def _permissions_of_groups() -> dict[str, set[str]]:
    """The permissions of each role that has a group, as the database has them now; one query."""
    held: dict[str, set[str]] = {}
    columns = ("name", "permissions__content_type__app_label", "permissions__codename")
    for name, app, codename in Group.objects.filter(name__in=ROLES).values_list(*columns):
        held.setdefault(name, set()).add(codename if app == "education" else f"{app}.{codename}")
    return held


@transaction.atomic
def assign(user: "User", *roles: str, by: "User | None") -> None:
    """Give the account exactly these roles. With any of them it may enter the staff area. ValueError if unknown."""
    unknown = set(roles) - ROLES.keys()
    if unknown:
        raise ValueError(f"No such role: {', '.join(sorted(unknown))}. Roles: {', '.join(ROLES)}.")
    ensure_roles()
    user.groups.set(Group.objects.filter(name__in=roles))
    user.is_staff = bool(roles) or user.is_superuser
    user.save(update_fields=["is_staff"])
    user.forget_permissions()
    record("roles_assigned", by=by, about=f"staff:{user.pk}", detail={"roles": " ".join(sorted(roles))})
