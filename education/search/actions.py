"""Keeping the search index true. Called by whoever publishes, inside its transaction."""

from modelsearch import index

from education.search.models import SearchEntry
from education.search.words import words_of

SEARCHED = ("title", "aliases", "headings", "summary", "body")


def put(path: str, **fields: str) -> None:
    """Make the page at `path` findable with these words."""
    words = " ".join(words_of(" ".join(fields.get(name, "") for name in SEARCHED)))
    entry, _ = SearchEntry.objects.update_or_create(path=path, defaults=fields | {"words": words})
    index.insert_or_update_object(entry)


def remove(path: str) -> None:
    for entry in SearchEntry.objects.filter(path=path):
        index.remove_object(entry)
        entry.delete()


def moved(old: str, new: str) -> None:
    """The page at `old` is at `new` from now on."""
    SearchEntry.objects.filter(path=old).update(path=new)
