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
from education.clinic.models import ClinicProfile, Person
from education.consultations.models import *  # noqa: F403
from education.outbox.models import OutboxMessage
from education.pages.models import PageVersion
from education.references.models import Citation, Reference
from education.search.models import SearchEntry
from education.staff.models import User

__all__ = [
    "Article",
    "AuditEvent",
    "CareCardBlock",
    "Citation",
    "ClinicProfile",
    "Edition",
    "FigureBlock",
    "KeyPointsBlock",
    "OutboxMessage",
    "PageVersion",
    "Person",
    "QuestionsBlock",
    "Reference",
    "SearchEntry",
    "TextBlock",
    "Topic",
    "User",
]
