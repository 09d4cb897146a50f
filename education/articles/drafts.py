"""The draft as patients would see it."""

from typing import Any

from django.utils import timezone

from education.articles.content import draft_content
from education.articles.models import Article, Edition
from education.articles.render import render
from education.articles.views import article_context


def preview_context(article: Article) -> dict[str, Any]:
    """What the article template needs to show the draft. Raises UnknownReference."""
    html, _ = render(draft_content(article))
    edition = Edition(
        article=article,
        number=0,
        title=article.title,
        summary=article.summary,
        html=html,
        author=str(article.author or ""),
        published_at=timezone.now(),
    )
    return article_context(article, edition) | {"is_preview": True}
