"""Index of the models of all feature packages. No logic."""

from education.accounts.models import User
from education.advice.models import Judgement, PlainWord
from education.articles.content.blocks import (
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
from education.articles.models import (
    Article,
    DraftVersion,
    Edition,
    EditionPlaces,
    ReviewNote,
    ReviewRun,
    SignOff,
    Topic,
    UnsavedWriting,
)
from education.audit.models import AuditEvent
from education.clinic.models import Bulletin, ClinicProfile, Credit, Person
from education.consultations.models import *  # noqa: F403
from education.glossary.models import Term
from education.images.models import Picture, PictureUse
from education.outbox.models import OutboxMessage
from education.pages.models import ChangeCount, PageChange, PageVersion, Redirect
from education.references.models import Citation, Reference
from education.search.models import SearchEntry

__all__ = [
    "Article",
    "AuditEvent",
    "Bulletin",
    "CareCardBlock",
    "ChangeCount",
    "Citation",
    "ClaimBlock",
    "ClinicProfile",
    "Credit",
    "DoDontBlock",
    "DraftVersion",
    "Edition",
    "EditionPlaces",
    "ExpanderBlock",
    "FigureBlock",
    "Judgement",
    "KeyPointsBlock",
    "KnownBlock",
    "OutboxMessage",
    "PageChange",
    "PageVersion",
    "Person",
    "Picture",
    "PictureUse",
    "PlainWord",
    "QuestionsBlock",
    "Redirect",
    "Reference",
    "ReviewNote",
    "ReviewRun",
    "RiskBlock",
    "SearchEntry",
    "SignOff",
    "StepsBlock",
    "TableBlock",
    "Term",
    "TextBlock",
    "Topic",
    "UnsavedWriting",
    "User",
]
