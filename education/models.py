"""Index of the models of all feature packages. No logic."""

from education.accounts.models import RoleRequest, StaffSession, User
from education.advice.models import Judgement, PlainWord
from education.articles.commenting.models import BlockComment
from education.articles.content import blocks  # noqa: F401  the models of all blocks
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
from education.clinic.models import Bulletin, ClinicProfile
from education.consultations.models import *  # noqa: F403
from education.glossary.models import Term
from education.images.models import Picture, PictureUse
from education.once.models import AnsweredForm
from education.outbox.models import OutboxMessage
from education.pages.models import ChangeCount, PageChange, PageLink, PageVersion, Redirect
from education.people.models import Credit, Person
from education.references.models import Citation, Reference, StudyLookUp
from education.search.models import SearchEntry
from education.site.models import UnsavedSiteWords
from education.wording.models import PublicWords, SitePlace, SitePlaceVersion, WordsWriter

__all__ = [
    "AnsweredForm",
    "Article",
    "AuditEvent",
    "BlockComment",
    "Bulletin",
    "ChangeCount",
    "Citation",
    "ClinicProfile",
    "Credit",
    "DraftVersion",
    "Edition",
    "EditionPlaces",
    "Judgement",
    "OutboxMessage",
    "PageChange",
    "PageLink",
    "PageVersion",
    "Person",
    "Picture",
    "PictureUse",
    "PlainWord",
    "PublicWords",
    "Redirect",
    "Reference",
    "ReviewNote",
    "ReviewRun",
    "RoleRequest",
    "SearchEntry",
    "SignOff",
    "SitePlace",
    "SitePlaceVersion",
    "StaffSession",
    "StudyLookUp",
    "Term",
    "Topic",
    "UnsavedSiteWords",
    "UnsavedWriting",
    "User",
    "WordsWriter",
]
