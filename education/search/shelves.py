"""The pages below one address, as those of a topic are: by their titles, reading no more of them than are wanted."""

from collections.abc import Iterable

from django.db.models import QuerySet

from education.core.http import shelf_of
from education.search.models import TITLE, ListedName

MAX_NAMING_EACH_OTHER = 60  # pages of which each names all the others; of more, each names some
NAMED = 8  # so few that a CDN takes the keys of all pages that name one


def titles(shelf: str) -> "QuerySet[ListedName]":
    return ListedName.objects.filter(TITLE, shelf=shelf).order_by("place", "id")


def are_many(shelf: str, *, without: int = 0) -> bool:
    """Whether the shelf has many pages, even `without` so many of them."""
    return titles(shelf)[MAX_NAMING_EACH_OTHER + without :].exists()


def at(paths: Iterable[str]) -> list[str]:
    """Those of these addresses that have a page, in the same order."""
    wanted = list(dict.fromkeys(paths))
    there = set(ListedName.objects.filter(TITLE, path__in=wanted).values_list("path", flat=True)) if wanted else set()
    return [path for path in wanted if path in there]


def beside(path: str, first: Iterable[str] = ()) -> list[ListedName]:
    """Some pages beside the one at `path`: first those at the addresses `first`, then those whose titles follow its
    own. After the last title comes the first.
    """
    others = titles(shelf_of(path)).exclude(path=path)
    places = {address: number for number, address in enumerate(first)}
    found = sorted(others.filter(path__in=places), key=lambda row: places[row.path])[:NAMED] if places else []
    others = others.exclude(path__in=[row.path for row in found])
    for rest in (others.filter(place__gte=_place(path)), others):
        known = {row.path for row in found}
        found += [row for row in rest[:NAMED] if row.path not in known][: NAMED - len(found)]
    return found


def naming(path: str) -> list[str]:
    """Where a shelf has many pages: the addresses of those that name the one at `path`, because its title follows
    theirs.
    """
    if not are_many(shelf_of(path)):
        return []
    others = titles(shelf_of(path)).exclude(path=path).order_by("-place", "-id").values_list("path", flat=True)
    found = list(others.filter(place__lte=_place(path))[:NAMED])
    return found if len(found) == NAMED else [*found, *others[: NAMED - len(found)]]


def _place(path: str) -> str:
    return ListedName.objects.filter(TITLE, path=path).values_list("place", flat=True).first() or ""
