"""Index of the models of all feature packages. No logic."""

from education.articles.blocks import (
    CareCardBlock,
    ClaimBlock,
    DoDontBlock,
    ExpanderBlock,
    FigureBlock,
    KeyPointsBlock,
    KnownBlock,
    QuestionsBlock,
    RiskBlock,
    StepsBlock,
    TableBlock,
    TextBlock,
)
from education.articles.models import Article, Edition, Topic
from education.audit.models import AuditEvent
from education.clinic.models import ClinicProfile, Person
from education.consultations.models import *  # noqa: F403
from education.images.models import Picture, PictureUse
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
    "ClaimBlock",
    "ClinicProfile",
    "DoDontBlock",
    "Edition",
    "ExpanderBlock",
    "FigureBlock",
    "KeyPointsBlock",
    "KnownBlock",
    "OutboxMessage",
    "PageVersion",
    "Person",
    "Picture",
    "PictureUse",
    "QuestionsBlock",
    "Reference",
    "RiskBlock",
    "SearchEntry",
    "StepsBlock",
    "TableBlock",
    "TextBlock",
    "Topic",
    "User",
]
