"""Public pages drawn with words that nobody has saved yet."""

from collections.abc import Callable
from copy import copy

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict

from education.articles.public.views import home
from education.wording.places import Words

DRAWN_BY: dict[str, Callable[[HttpRequest], HttpResponseBase]] = {"home": home}


def draw(request: HttpRequest, page: str, path: str, words: Words) -> HttpResponse:
    """The page as a visitor would get it, if the site said these words."""
    visitor = _visitor(request, path, words)
    drawn = DRAWN_BY[page](visitor)
    request.carried_styles = getattr(visitor, "carried_styles", [])  # type: ignore[attr-defined]  # for its policy
    return HttpResponse(getattr(drawn, "content", b""))


def _visitor(request: HttpRequest, path: str, words: Words) -> HttpRequest:
    visitor = copy(request)
    visitor.method, visitor.user = "GET", AnonymousUser()
    visitor.path = visitor.path_info = path or "/"
    visitor.__dict__.update(GET=QueryDict(), site_words=words)
    return visitor
