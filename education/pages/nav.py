"""The main navigation."""

from education.pages.models import PageVersion


def nav_topics() -> list[dict[str, str]]:
    """Topics with something to read, in the order that staff gave them."""
    pages = PageVersion.objects.filter(nav_order__isnull=False).order_by("nav_order", "title")
    return list(pages.values("title", "path"))
