"""The base of all admin screens, and of long lists in them."""

from typing import Any, TypeVar

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Model
from django.http import HttpRequest
from django.utils.functional import cached_property

from education.core.fields import CleanLine, CleanText

Row = TypeVar("Row", bound=Model)
CLEANED = {models.CharField: CleanLine, models.TextField: CleanText}
MAX_ROWS = 5_000  # that can be reached by turning pages; the search finds the others
# What Django's own filters put after the name of a field.
LOOKUPS = ("", "__exact", "__id__exact", "__isnull", "__gte", "__lt")


class ListedFilters:
    """Only the filters that a screen offers work in its address. Django lets anybody who sees the list filter by any
    column, in any way: letter by letter that reads what the list does not show, and a regular expression takes hours.
    """

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        offered: list[Any] = self.get_list_filter(request)  # type: ignore[attr-defined]
        fields = [item if isinstance(item, str) else item[0] for item in offered if isinstance(item, str | tuple)]
        # A filter with a parameter of its own looks up by itself.
        own = [item.parameter_name for item in offered if not isinstance(item, str | tuple)]
        return lookup in own or any(lookup == f"{name}{ending}" for name in fields for ending in LOOKUPS)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """`?_to_field=` without a name means no field, not one without a name."""
        return super().get_object(request, object_id, from_field or None)  # type: ignore[misc]


class ClinicAdmin(ListedFilters, admin.ModelAdmin[Row]):
    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Whatever staff type is cleaned as what patients type is."""
        if cleaned := CLEANED.get(type(db_field)):
            kwargs.setdefault("form_class", cleaned)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class CappedPaginator(Paginator[Any]):
    """Nobody turns a thousand pages: a count of all rows would get slower with each of them."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:MAX_ROWS].count())
