"""The way around the staff pages: what this user may open, and how much waits there."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.text import capfirst

from education.accounts import roles
from education.accounts.models import User
from education.articles import workflow
from education.articles.models import Article
from education.audit.models import MAY_SEE_TRAIL
from education.clinic.models import MAY_EDIT_PROFILE
from education.consultations import workflow as asking
from education.consultations.models import ConsultationRequest
from education.consultations.triage.queue import COUNTED
from education.core.http import path_of
from education.glossary.models import MAY_SEE_TERMS
from education.images.models import MAY_SEE_PICTURES
from education.people.models import MAY_SEE_PEOPLE
from education.references.models import MAY_SEE_REFERENCES
from education.wording.models import MAY_SEE_SITE

REQUESTS, BOARD = "Requests", "Review board"


@dataclass(frozen=True)
class Item:
    words: str
    path: str
    icon: str  # a symbol in static/icons/staff.svg
    count: str
    current: str  # the value of aria-current


# Words, name of the address, icon, permission
ENTRIES = (
    ("Desk", "admin:index", "desk", ""),
    (REQUESTS, "admin:education_consultationrequest_changelist", "requests", asking.MAY_VIEW),
    ("Articles", "admin:education_article_changelist", "articles", workflow.MAY_VIEW),
    (BOARD, "review_board", "board", workflow.MAY_VIEW),
    ("References", "admin:education_reference_changelist", "references", MAY_SEE_REFERENCES),
    ("Terms", "admin:education_term_changelist", "glossary", MAY_SEE_TERMS),
    ("Pictures", "admin:education_picture_changelist", "pictures", MAY_SEE_PICTURES),
    ("Words of the site", "admin:education_siteplace_changelist", "site", MAY_SEE_SITE),
    ("Clinic profile", "admin:education_clinicprofile_changelist", "profile", MAY_EDIT_PROFILE),
    ("People", "admin:education_person_changelist", "people", MAY_SEE_PEOPLE),
    ("Staff accounts", "admin:education_user_changelist", "accounts", roles.MAY_MANAGE_STAFF),
    ("Record of actions", "admin:education_auditevent_changelist", "trail", MAY_SEE_TRAIL),
)

LISTS = {address: words for words, address, *_ in ENTRIES}


def name_of_list(opts: Any) -> str:
    """What the list of a model's rows is called on every screen: as in the rail, if it is there."""
    in_rail = LISTS.get(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    return in_rail or str(capfirst(opts.verbose_name_plural))


def items_for(user: User, here: str) -> list[Item]:
    """`here` is the address of the page that shows them."""
    entries = [
        (words, path_of(name), icon)
        for words, name, icon, permission in ENTRIES
        if not permission or user.has_perm(permission)
    ]
    desk = entries[0][1]
    if here == path_of("admin:education_article_run"):  # it is begun on the board, whatever its address
        here = f"{path_of('review_board')}run/"
    counts = {} if here == desk else _counts(user)  # the desk itself says them at its head
    return [Item(words, path, icon, counts.get(words, ""), _current(path, here, desk)) for words, path, icon in entries]


def _current(path: str, here: str, desk: str) -> str:
    """All addresses of the staff area begin with that of the desk."""
    if path == here:
        return "page"
    return "true" if path != desk and here.startswith(path) else ""


def _counts(user: User) -> dict[str, str]:
    counts = {}
    if user.has_perm(asking.MAY_VIEW):
        counts[REQUESTS] = waiting(REQUESTS)
    if user.has_perm(workflow.MAY_SIGN):
        counts[BOARD] = waiting(BOARD)
    return counts


def waiting(entry: str) -> str:
    """How many wait there, as the page itself says it; nothing when none does. Not all are counted: the number is on
    every page, and counting takes longer with each row.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_statement(entry, timezone.localdate()))
        found = len(cursor.fetchall())
    return f"{COUNTED}+" if found > COUNTED else str(found or "")


@lru_cache(maxsize=2)
def _statement(entry: str, today: date) -> tuple[str, tuple[Any, ...]]:
    """The query in SQL, as each staff page asks it: Django takes longer to write it than the database to answer it."""
    rows = {REQUESTS: ConsultationRequest.objects.waiting(), BOARD: Article.objects.to_sign(today)}
    return rows[entry].order_by().values_list("pk", flat=True)[: COUNTED + 1].query.sql_with_params()
