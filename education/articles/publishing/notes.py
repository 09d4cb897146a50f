"""Notes with which a clinician sent a draft back, as long as nobody has sent it for review again."""

from django.db.models import Exists, OuterRef, QuerySet

from education.articles import workflow
from education.articles.models import Article, ReviewNote


def sent_back() -> QuerySet[ReviewNote]:
    """The notes that wait for an answer, the newest first, each with its draft."""
    later = ReviewNote.objects.filter(article=OuterRef("article"), pk__gt=OuterRef("pk"))
    notes = ReviewNote.objects.filter(~Exists(later), verb="send_back", article__state=workflow.DRAFT)
    return notes.select_related("article")


def sent_back_note(article: Article) -> ReviewNote | None:
    """The one that waits on this draft."""
    return sent_back().filter(article=article).first()
