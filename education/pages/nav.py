"""The main navigation."""

from typing import TypedDict

from education.pages.models import PageVersion


class NavTopic(TypedDict):
    title: str
    path: str


def nav_topics() -> list[NavTopic]:
    """Topics with something to read, in the order that staff gave them."""
    pages = PageVersion.objects.filter(nav_order__isnull=False).order_by("nav_order", "title")
    return [{"title": title, "path": path} for title, path in pages.values_list("title", "path")]
