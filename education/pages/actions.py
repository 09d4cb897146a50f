"""Telling that a public page changed or is gone. Called by whoever publishes, inside its transaction."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from education.pages.models import ChangeCount, PageChange, PageVersion, Redirect

EVERY = "*"  # of PageChange: every page, or with a topic before it every page below that


def changed(path: str, *, title: str, nav_order: int | None = None) -> None:
    """The page at `path` is new or other than before."""
    page, created = PageVersion.objects.get_or_create(path=path, defaults={"title": title, "nav_order": nav_order})
    named = (page.title, page.nav_order)
    if not created:
        page.title, page.nav_order, page.version = title, nav_order, F("version") + 1
        page.save()
    if created or named != (title, nav_order):
        _note(path, *_naming(path, in_nav=nav_order is not None or named[1] is not None))
    else:
        _note(path)


def gone(path: str) -> None:
    for page in PageVersion.objects.filter(path=path):
        page.delete()
        _note(*_naming(path, in_nav=page.nav_order is not None), gone=path)


def touched(paths: Iterable[str] | None = None) -> None:
    """Something beside the words of these pages changed (all pages, when none is named): what was kept is stale.

    Readers of the feed have nothing new to read, so the time of the change stays.
    """
    named = None if paths is None else list(paths)
    pages = PageVersion.objects.all() if named is None else PageVersion.objects.filter(path__in=named)
    pages.update(version=F("version") + 1)
    if named != []:
        _note(*([EVERY] if named is None else named))


def moved(old: str, new: str) -> None:
    """The page at `old` is at `new` from now on; whoever asks for the old address is sent there for good."""
    if old == new:
        return
    with transaction.atomic():
        PageVersion.objects.filter(path=old).update(path=new, version=F("version") + 1)
        Redirect.objects.filter(old=new).delete()  # something lives there again
        Redirect.objects.filter(new=old).update(new=new)  # nobody is sent twice
        Redirect.objects.update_or_create(old=old, defaults={"new": new})
        _note(new, EVERY, gone=old)


def _naming(path: str, *, in_nav: bool) -> list[str]:
    """The pages that name the one at `path`: those beside it, or all of them when it is in the navigation."""
    return [EVERY] if in_nav else [beside(path)]


def beside(path: str) -> str:
    """How a change of all pages on the shelf of `path` is written down."""
    return f"{path.rstrip('/').rpartition('/')[0]}/{EVERY}"


@transaction.atomic
def _note(*paths: str, gone: str = "") -> None:
    """Give these the next number. Others that change pages wait until this transaction has ended."""
    if not ChangeCount.objects.update(number=F("number") + 1):
        ChangeCount.objects.create(number=1)
    number = ChangeCount.objects.values_list("number", flat=True)[0]
    noted = [PageChange(path=path, number=number) for path in dict.fromkeys(paths)]
    if gone:
        noted.append(PageChange(path=gone, number=number, gone=True))
    PageChange.objects.bulk_create(
        noted, update_conflicts=True, unique_fields=["path"], update_fields=["number", "gone"]
    )
