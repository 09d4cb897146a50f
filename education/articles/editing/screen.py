"""What the staff screens of an article share."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from education.articles.content.blocks import Block
from education.articles.content.canonical import has_words
from education.articles.models import Article


def article_for(request: HttpRequest, pk: int, permission: str) -> Article:
    """The article with everything its screens show. Raises PermissionDenied, or Http404."""
    if not request.user.has_perm(permission):
        raise PermissionDenied
    related = ("topic", "author", "owner", "current_edition", "signature", "sign_off", "review")
    return get_object_or_404(Article.objects.select_related(*related), pk=pk)


def screen(
    request: HttpRequest, article: Article, name: str, context: dict[str, Any], *, title: str, status: int = 200
) -> HttpResponse:
    """Render a staff screen. `name`: a template in admin/articles/, without its ending, or the path of another one."""
    full_context = {
        **admin.site.each_context(request),
        **{"article": article, "title": title, "opts": Article._meta, "today": timezone.localdate()},
        **context,
    }
    template = name if "/" in name else f"admin/articles/{name}.html"
    return render(request, template, full_context, status=status)


def block_links(article: Article, blocks: list[Block]) -> list[str]:
    """Links to where each block is edited in the change form, in the order of the content: empty blocks have none.

    `blocks` are all of the draft's, because an empty block counts in the numbering of its form set.
    """
    change = reverse("admin:education_article_change", args=[article.pk])
    counts: dict[str, int] = {}
    block_urls = []
    for block in blocks:
        name = str(block._meta.model_name)
        number = counts[name] = counts.get(name, -1) + 1
        if has_words(block.content()):
            block_urls.append(f"{change}#education_{name}_set-{number}")
    return block_urls
