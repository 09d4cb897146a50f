"""A draft that is deleted for good."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from education.accounts.models import User
from education.articles import workflow
from education.articles.models import Article
from education.audit.actions import record
from education.core.workflow import IllegalMove

MUST_STAY = "This page was published or signed, so it can’t be deleted. What patients may have read must stay provable."


def may_be_deleted(article: Article) -> bool:
    """Whether nobody has ever published or signed it."""
    return not (article.editions.exists() or article.sign_offs.exists())


@transaction.atomic
def delete_draft(article: Article, *, by: User) -> None:
    """Delete the page with its earlier drafts and comments. Raises IllegalMove if it was ever published or signed."""
    if not by.has_perm(workflow.MAY_WRITE):
        raise PermissionDenied
    fresh = Article.objects.select_for_update(of=("self",)).select_related("topic").get(pk=article.pk)
    if not may_be_deleted(fresh):
        raise IllegalMove(MUST_STAY)
    about = fresh.get_absolute_url()
    fresh.delete()
    record("article_deleted", by=by, about=about)
