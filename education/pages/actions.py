"""Telling that a public page changed or is gone. Called by whoever publishes, inside its transaction."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from education.pages.models import PageVersion, Redirect


def changed(path: str, *, title: str, nav_order: int | None = None) -> None:
    """The page at `path` is new or other than before."""
    page, created = PageVersion.objects.get_or_create(path=path, defaults={"title": title, "nav_order": nav_order})
    if not created:
        page.title, page.nav_order, page.version = title, nav_order, F("version") + 1
        page.save()


def gone(path: str) -> None:
    PageVersion.objects.filter(path=path).delete()


def touched(paths: Iterable[str] | None = None) -> None:
    """Something beside the words of these pages changed (all pages, when none is named): what was kept is stale.

    Readers of the feed have nothing new to read, so the time of the change stays.
    """
    pages = PageVersion.objects.all() if paths is None else PageVersion.objects.filter(path__in=list(paths))
    pages.update(version=F("version") + 1)


def moved(old: str, new: str) -> None:
    """The page at `old` is at `new` from now on; whoever asks for the old address is sent there for good."""
    if old == new:
        return
    with transaction.atomic():
        PageVersion.objects.filter(path=old).update(path=new, version=F("version") + 1)
        Redirect.objects.filter(old=new).delete()  # something lives there again
        Redirect.objects.filter(new=old).update(new=new)  # nobody is sent twice
        Redirect.objects.update_or_create(old=old, defaults={"new": new})
