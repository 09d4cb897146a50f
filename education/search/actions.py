"""Keeping the search index up to date. Called by whoever publishes, inside its transaction."""

from collections.abc import Iterable

from modelsearch import index

from education.search import engine
from education.search.models import Part, SearchEntry
from education.search.words import words_of

SEARCHED = ("title", "aliases", "headings", "summary", "body")
AT_ONCE = 50  # pages that get their parts in one go


def put(path: str, **fields: str) -> None:
    """Add the page at `path` to the index, or update it. `fields` are those of SearchEntry, as plain text."""
    words = " ".join(words_of(" ".join(fields.get(name, "") for name in SEARCHED)))
    entry, _ = SearchEntry.objects.update_or_create(path=path, defaults=fields | {"words": words})
    index.insert_or_update_object(entry)
    engine.put(entry)


def put_parts(path: str, parts: Iterable[Part], *, only_if_missing: bool = False) -> None:
    """What stands under each main heading of the page at `path`, for results that lead there."""
    entries = SearchEntry.objects.filter(path=path)
    if only_if_missing:
        entries = entries.filter(parts__isnull=True)
    entries.update(parts=[(part.id, part.title, " ".join(words_of(f"{part.title} {part.text}"))) for part in parts])


def without_parts() -> list[str]:
    """Some of the pages that nobody has given their parts yet."""
    return list(SearchEntry.objects.filter(parts__isnull=True).values_list("path", flat=True)[:AT_ONCE])


def remove(path: str) -> None:
    """An engine may still find it until it is filled again: what it finds is shown from the database, or not at all."""
    for entry in SearchEntry.objects.filter(path=path):
        index.remove_object(entry)
        entry.delete()


def moved(old: str, new: str) -> None:
    """The page at `old` is now at `new`."""
    SearchEntry.objects.filter(path=old).update(path=new)


def in_topic(paths: Iterable[str], title: str) -> None:
    """The pages at these paths stand in the topic of this title now."""
    SearchEntry.objects.filter(path__in=paths).update(topic=title)
