"""Keeping the search index up to date. Called by whoever publishes, inside its transaction."""

from collections.abc import Callable, Iterable

from modelsearch import index

from education.core.http import shelf_of
from education.search import engine, shelves
from education.search.models import ListedName, Part, SearchEntry
from education.search.names import EVERY_LETTER, letters, lists_of, names_of, place_of
from education.search.words import words_of

SEARCHED = ("title", "aliases", "headings", "summary", "body")
AT_ONCE = 50  # pages that get their parts in one go


def put(path: str, **fields: str) -> list[str]:
    """Add the page at `path` to the index, or update it. `fields` are those of SearchEntry, as plain text.

    Returns the addresses of lists, and of pages that name some others, which this changed: for `education.pages`.
    """
    words = " ".join(words_of(" ".join(fields.get(name, "") for name in SEARCHED)))
    entry, _ = SearchEntry.objects.update_or_create(path=path, defaults=fields | {"words": words})
    index.insert_or_update_object(entry)
    engine.put(entry)
    return _put_names(entry)


def _put_names(entry: SearchEntry) -> list[str]:
    listed = ListedName.objects.filter(path=entry.path)
    before = list(listed.order_by("pk").values_list("name", "title", "kind", "place"))
    named = {name: getattr(entry, name) for name in ("title", "aliases", "summary", "body", "kind")}
    now = [(name, entry.title, entry.kind, place_of(name)) for name in names_of(**named)]

    def replace() -> None:
        listed.delete()
        ListedName.objects.bulk_create(listed_names(entry.path, now))

    return [] if now == before else _relisted(entry.path, replace)


def _relisted(path: str, replace: Callable[[], object]) -> list[str]:
    """Change the names of the page at `path`. The addresses of the lists and pages that named it, or do now."""
    listed = ListedName.objects.filter(path=path)
    places, first, naming = list(listed.values_list("place", flat=True)), letters(), shelves.naming(path)
    replace()
    places += listed.values_list("place", flat=True)
    naming += shelves.naming(path) if listed.exists() else []
    return [*lists_of(places), *([EVERY_LETTER] if letters() != first else []), *naming]


def listed_names(path: str, rows: Iterable[tuple[str, str, str, str]]) -> list[ListedName]:
    """The names of the page at `path`, not stored. `rows` are (name, title of the page, its kind, place)."""
    return [
        ListedName(
            path=path, shelf=shelf_of(path), kind=kind, title=title, name=name, is_title=name == title, place=place
        )
        for name, title, kind, place in rows
    ]


def put_parts(path: str, parts: Iterable[Part], *, only_if_missing: bool = False) -> None:
    """Index what is under each main heading of the page at `path`, for results that lead there."""
    entries = SearchEntry.objects.filter(path=path)
    if only_if_missing:
        entries = entries.filter(parts__isnull=True)
    entries.update(parts=[(part.id, part.title, " ".join(words_of(f"{part.title} {part.text}"))) for part in parts])


def without_parts() -> list[str]:
    """The paths of some pages whose parts are not in the index yet."""
    return list(SearchEntry.objects.filter(parts__isnull=True).values_list("path", flat=True)[:AT_ONCE])


def remove(path: str) -> list[str]:
    """An engine may still find it until it is filled again: what it finds is shown from the database, or not at all.

    Returns what `put` does.
    """
    for entry in SearchEntry.objects.filter(path=path):
        index.remove_object(entry)
        entry.delete()
    return _relisted(path, ListedName.objects.filter(path=path).delete)


def moved(old: str, new: str) -> None:
    """The page at `old` is now at `new`."""
    SearchEntry.objects.filter(path=old).update(path=new)
    ListedName.objects.filter(path=old).update(path=new, shelf=shelf_of(new))


def in_topic(paths: Iterable[str], title: str) -> None:
    """The pages at these paths are in the topic of this title now."""
    SearchEntry.objects.filter(path__in=paths).update(topic=title)
