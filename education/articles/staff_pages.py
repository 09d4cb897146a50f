"""What the staff screens of a page share."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from education.articles import gate
from education.articles.blocks import Block
from education.articles.content import has_words
from education.articles.models import Article
from education.staff.models import User


def staff(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def article_for(request: HttpRequest, pk: int, permission: str) -> Article:
    """The article with all that its screens show. Raises PermissionDenied."""
    if not request.user.has_perm(permission):
        raise PermissionDenied
    related = ("topic", "author", "owner", "current_edition", "signature", "sign_off", "review")
    return get_object_or_404(Article.objects.select_related(*related), pk=pk)


def screen(
    request: HttpRequest, article: Article, name: str, context: dict[str, Any], *, title: str, status: int = 200
) -> HttpResponse:
    whole = {
        **admin.site.each_context(request),
        **{"article": article, "title": title, "opts": Article._meta, "today": timezone.localdate()},
        **context,
    }
    return render(request, f"admin/articles/{name}.html", whole, status=status)


def gate_lines(held: gate.Gate) -> list[dict[str, Any]]:
    """Every line of the gate, each failure with the place where it can be mended.

    What can only be asked of a signature waits until there is one.
    """
    places = _places(held.facts.blocks)
    change = reverse("admin:education_article_change", args=[held.facts.article.pk])
    return [
        {
            "name": result.line.name,
            "asks": result.line.asks,
            "holds": result.holds,
            "clinicians": result.line.clinicians,
            "waits": result.line.clinicians and result.holds and held.facts.signature is None,
            "failures": [
                {"words": failure.words, "href": "" if failure.block is None else f"{change}#{places[failure.block]}"}
                for failure in result.failures
            ],
        }
        for result in held.results
    ]


def blocks_with_words(held: gate.Gate) -> list[Block]:
    """The blocks in the order in which the content counts them."""
    return [block for block in held.facts.blocks if has_words(block.content())]


def _places(blocks: list[Block]) -> list[str]:
    """The id in the change form of each block with words: its form set, and its place in it."""
    seen: dict[str, int] = {}
    places = []
    for block in blocks:
        name = str(block._meta.model_name)
        number = seen[name] = seen.get(name, -1) + 1
        if has_words(block.content()):
            places.append(f"education_{name}_set-{number}")
    return places
