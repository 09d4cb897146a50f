"""What the list of articles can be narrowed to."""

from typing import Any

from django.contrib import admin
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import timezone

from education.accounts.models import User
from education.articles import workflow
from education.articles.finding.due import PARAMETER, TITLES, due
from education.articles.models import Article, DraftVersion
from education.core.text import whole_number
from education.references.models import Citation, Reference

MINE, NOBODY = "me", "nobody"
Choices = list[tuple[str, str]]


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        own = [("changed", "Not published as it is"), ("live", "Published"), ("unsigned", "Published, not signed")]
        return [*own, *((value, label) for value, label in Article.State.choices if value != "published")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted = self.value()
        if wanted in Article.State.values:
            return queryset.filter(state=wanted)
        if wanted == "changed":
            return queryset.with_unpublished_changes()
        if wanted == "unsigned":
            return queryset.unsigned()
        return queryset.published() if wanted == "live" else queryset


class OwnerFilter(admin.SimpleListFilter):
    title = "owner"
    parameter_name = "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        people = User.objects.with_permission(workflow.MAY_WRITE).order_by("username")
        others = [(str(user.pk), user.get_username()) for user in people if user != request.user]
        return [(MINE, "Me"), (NOBODY, "Nobody"), *others]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted = self.value() or ""
        if wanted == NOBODY:
            return queryset.filter(owner__isnull=True)
        number = request.user.pk if wanted == MINE else whole_number(wanted)
        return queryset.filter(owner=number) if number is not None else queryset


class ReviewFilter(admin.SimpleListFilter):
    title = "review"
    parameter_name = PARAMETER

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return list(TITLES.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted = due(timezone.localdate()).get(self.value() or "")
        return queryset.published().filter(wanted) if wanted else queryset


class EvidenceFilter(admin.SimpleListFilter):
    title = "evidence"
    parameter_name = "evidence"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("trouble", "Cites a study in trouble")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(_cites_trouble()) if self.value() == "trouble" else queryset


def _cites_trouble() -> Q:
    """The published page cites a study that no longer stands as it did, or its draft does."""
    troubled = Reference.objects.in_trouble()
    paths = Citation.objects.filter(reference__in=troubled).values_list("path", flat=True)
    live = Q(slug__in={path.rstrip("/").rpartition("/")[2] for path in paths})
    named = Q()
    for key in troubled.values_list("key", flat=True):
        named |= Q(content__contains=f"[@{key}]") | Q(content__contains=f'"{key}"')
    if not named:
        return live
    drafts = DraftVersion.objects.filter(named, sha256=F("article__draft_sha256"))
    return live | Q(pk__in=drafts.values("article"))
