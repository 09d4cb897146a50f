"""What the staff screens of a page share."""

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
    """The article with all that its screens show. Raises PermissionDenied."""
    if not request.user.has_perm(permission):
        raise PermissionDenied
    related = ("topic", "author", "owner", "current_edition", "signature", "sign_off", "review")
    return get_object_or_404(Article.objects.select_related(*related), pk=pk)


def screen(
    request: HttpRequest, article: Article, name: str, context: dict[str, Any], *, title: str, status: int = 200
) -> HttpResponse:
    """`name` is that of a template of the articles, or a path of its own."""
    whole = {
        **admin.site.each_context(request),
        **{"article": article, "title": title, "opts": Article._meta, "today": timezone.localdate()},
        **context,
    }
    template = name if "/" in name else f"admin/articles/{name}.html"
    return render(request, template, whole, status=status)


def block_links(article: Article, blocks: list[Block]) -> list[str]:
    """Where each block with words is edited: its form set in the change form, and its place in it."""
    change = reverse("admin:education_article_change", args=[article.pk])
    seen: dict[str, int] = {}
    found = []
    for block in blocks:
        name = str(block._meta.model_name)
        number = seen[name] = seen.get(name, -1) + 1
        if has_words(block.content()):
            found.append(f"{change}#education_{name}_set-{number}")
    return found
