"""Recording that a public page changed, moved or is gone. Called by whoever publishes, inside its transaction.

Each locks the audit trail first: `audit.actions.lock_trail` says why.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from education.audit import actions as audit
from education.pages.models import MAX_PATH, ChangeCount, PageChange, PageLink, PageVersion, Redirect

EVERY_PAGE = "*"  # as a path of PageChange; `/topic/*` stands for every page of that topic


@transaction.atomic(savepoint=False)
def changed(path: str, *, title: str, nav_order: int | None = None, named_on: str = "") -> None:
    """The page at `path` is new, or its content changed. `nav_order`: its place in the main navigation, if any.

    `named_on`: the pattern of the pages that name it, such as those of its topic.
    """
    audit.lock_trail()
    page, created = PageVersion.objects.get_or_create(path=path, defaults={"title": title, "nav_order": nav_order})
    title_before, nav_order_before = page.title, page.nav_order
    if not created:
        page.title, page.nav_order, page.version = title, nav_order, F("version") + 1
        page.save()
    if created or (title_before, nav_order_before) != (title, nav_order):
        in_nav = nav_order is not None or nav_order_before is not None
        _note(path, *_pages_naming(in_nav=in_nav, named_on=named_on))
    else:
        _note(path)


@transaction.atomic(savepoint=False)
def replace_links(path: str, to: Iterable[str]) -> None:
    """Record to which addresses of the site the page at `path` links. No page has an address longer than MAX_PATH."""
    audit.lock_trail()
    PageLink.objects.filter(path=path).delete()
    PageLink.objects.bulk_create(PageLink(path=path, to=address) for address in set(to) if len(address) <= MAX_PATH)


def linking_to(path: str) -> list[str]:
    """The published pages that link to this address."""
    return list(PageLink.objects.filter(to=path).order_by("path").values_list("path", flat=True))


@transaction.atomic(savepoint=False)
def gone(path: str, *, named_on: str = "") -> None:
    """Note that there is no public page at `path` any more."""
    audit.lock_trail()
    for page in PageVersion.objects.filter(path=path):
        page.delete()
        PageLink.objects.filter(path=path).delete()
        in_nav = page.nav_order is not None
        _note(*_pages_naming(in_nav=in_nav, named_on=named_on), gone=path)


@transaction.atomic(savepoint=False)
def files_gone(addresses: Iterable[str]) -> None:
    """Note that there are no files at these addresses any more, so that nothing in front of the site goes on showing
    them.
    """
    audit.lock_trail()
    _note(*addresses)


@transaction.atomic(savepoint=False)
def mark_stale(paths: Iterable[str] | None = None) -> None:
    """Cached copies of these pages, or of all pages if None, are stale, though their own content did not change.

    Readers of the feed have nothing new to read, so `changed_at` stays.
    """
    listed = None if paths is None else list(paths)
    if listed == []:
        return
    audit.lock_trail()
    pages = PageVersion.objects.all() if listed is None else PageVersion.objects.filter(path__in=listed)
    pages.update(version=F("version") + 1)
    _note(*([EVERY_PAGE] if listed is None else listed))


def moved(old: str, new: str) -> None:
    """The page at `old` is now at `new`. The old address redirects there permanently."""
    if old == new:
        return
    with transaction.atomic():
        audit.lock_trail()
        PageVersion.objects.filter(path=old).update(path=new, version=F("version") + 1)
        PageLink.objects.filter(path=old).update(path=new)
        Redirect.objects.filter(old=new).delete()  # there is a page at that address again
        Redirect.objects.filter(new=old).update(new=new)  # no chains of redirects
        Redirect.objects.update_or_create(old=old, defaults={"new": new})
        _note(new, EVERY_PAGE, gone=old)


@transaction.atomic
def redirect(old: str, new: str) -> None:
    """Whoever opens the address `old`, at which there is no page, is led to the page at `new`."""
    audit.lock_trail()
    Redirect.objects.filter(new=old).exclude(old=new).update(new=new)  # no chains
    Redirect.objects.filter(old=new).delete()
    Redirect.objects.update_or_create(old=old, defaults={"new": new})
    _note(old)


@transaction.atomic
def delete_redirect(old: str) -> None:
    audit.lock_trail()
    Redirect.objects.filter(old=old).delete()
    _note(old)


def _pages_naming(*, in_nav: bool, named_on: str) -> list[str]:
    """The pages that name a page: those of this pattern, or every page when it is in the navigation."""
    return [EVERY_PAGE] if in_nav else [named_on] if named_on else []


def _note(*paths: str, gone: str = "") -> None:
    """Record a change of these paths under the next number. Other transactions that change pages wait for this one."""
    if not ChangeCount.objects.update(number=F("number") + 1):
        ChangeCount.objects.create(number=1)
    number = ChangeCount.objects.values_list("number", flat=True)[0]
    changes = [PageChange(path=path, number=number) for path in dict.fromkeys(paths)]
    if gone:
        changes.append(PageChange(path=gone, number=number, gone=True))
    PageChange.objects.bulk_create(
        changes, update_conflicts=True, unique_fields=["path"], update_fields=["number", "gone"]
    )
