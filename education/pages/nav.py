"""The main navigation."""

from typing import TypedDict

from django.db.models import QuerySet

from education.core.prepared import prepared
from education.pages.models import PageVersion


class NavTopic(TypedDict):
    title: str
    path: str


def nav_topics() -> list[NavTopic]:
    """Topics with something to read, in the order that staff gave them."""
    return [{"title": title, "path": path} for title, path in _in_nav()]


@prepared
def _in_nav() -> "QuerySet[PageVersion, tuple[str, str]]":
    pages = PageVersion.objects.filter(nav_order__isnull=False)
    return pages.order_by("nav_order", "title").values_list("title", "path")
