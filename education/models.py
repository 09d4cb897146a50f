"""Index of the models of all feature packages. No logic."""

from education.articles.models import (
    Article,
    CareCardBlock,
    Edition,
    FigureBlock,
    KeyPointsBlock,
    QuestionsBlock,
    TextBlock,
    Topic,
)
from education.audit.models import AuditEvent
from education.clinic.models import Bulletin, ClinicProfile, Credit, Person
from education.consultations.models import *  # noqa: F403
from education.glossary.models import Term
from education.outbox.models import OutboxMessage
from education.pages.models import PageVersion, Redirect
from education.references.models import Citation, Reference
from education.search.models import SearchEntry
from education.staff.models import User

__all__ = [
    "Article",
    "AuditEvent",
    "Bulletin",
    "CareCardBlock",
    "Citation",
    "ClinicProfile",
    "Credit",
    "Edition",
    "FigureBlock",
    "KeyPointsBlock",
    "OutboxMessage",
    "PageVersion",
    "Person",
    "QuestionsBlock",
    "Redirect",
    "Reference",
    "SearchEntry",
    "Term",
    "TextBlock",
    "Topic",
    "User",
]
