"""Telling that a public page changed or is gone. Called by whoever publishes, inside its transaction."""

from django.db.models import F

from education.pages.models import PageVersion


def changed(path: str, *, title: str, nav_order: int | None = None) -> None:
    """The page at `path` is new or other than before."""
    page, created = PageVersion.objects.get_or_create(path=path, defaults={"title": title, "nav_order": nav_order})
    if not created:
        page.title, page.nav_order, page.version = title, nav_order, F("version") + 1
        page.save()


def gone(path: str) -> None:
    PageVersion.objects.filter(path=path).delete()
