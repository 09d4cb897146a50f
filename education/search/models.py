"""What search knows of a published page."""

from django.db import models
from modelsearch import index


class SearchEntry(index.Indexed, models.Model):  # type: ignore[misc]
    """One published page as search sees it: text only, no foreign key, written by whoever publishes."""

    path = models.CharField(max_length=300, unique=True)
    title = models.CharField(max_length=200)
    summary = models.CharField(max_length=300, blank=True)
    aliases = models.TextField(blank=True, help_text="Other names, one a line.")
    headings = models.TextField(blank=True)
    body = models.TextField(blank=True)
    topic = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=20, blank=True)

    search_auto_update = False  # search.actions writes the index in the publisher's own transaction
    search_fields = [
        index.SearchField("title", boost=10),
        index.SearchField("aliases", boost=8),
        index.SearchField("headings", boost=4),
        index.SearchField("summary", boost=3),
        index.SearchField("body"),
        index.AutocompleteField("title"),
        index.AutocompleteField("aliases"),
        index.AutocompleteField("headings"),
        index.AutocompleteField("body"),
    ]

    class Meta:
        ordering = ["title"]
        default_permissions = ()
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return self.title
