"""Notes with which a clinician sent a draft back, as long as nobody has sent it for review again."""

from django.db.models import OuterRef, QuerySet, Subquery

from education.articles import workflow
from education.articles.models import Article, ReviewNote


def sent_back_note(article: Article) -> ReviewNote | None:
    """The note that waits for an answer."""
    note = article.notes.first() if article.state == workflow.DRAFT else None
    return note if note and note.verb == "send_back" else None


def sent_back() -> QuerySet[Article]:
    """Drafts that came back, the last first. `note` holds the number of the note."""
    notes = ReviewNote.objects.filter(article=OuterRef("pk"))
    drafts = Article.objects.filter(state=workflow.DRAFT)
    found = drafts.annotate(note=Subquery(notes.values("pk")[:1]), verb=Subquery(notes.values("verb")[:1]))
    return found.filter(verb="send_back").order_by("-note")
