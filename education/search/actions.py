"""Keeping the search index true. Called by whoever publishes, inside its transaction."""

from modelsearch import index

from education.search.models import SearchEntry


def put(path: str, **fields: str) -> None:
    """Make the page at `path` findable with these words."""
    entry, _ = SearchEntry.objects.update_or_create(path=path, defaults=fields)
    index.insert_or_update_object(entry)


def remove(path: str) -> None:
    for entry in SearchEntry.objects.filter(path=path):
        index.remove_object(entry)
        entry.delete()
