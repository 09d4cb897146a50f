"""The search index."""

from typing import NamedTuple

from django.db import models
from modelsearch import index

from education.core.text import first_sentence

WARNINGS = ("Emergency:", "Urgent:")  # how a heading of such a card begins: articles.content.blocks.prose


class Part(NamedTuple):
    """Of a page: from one main heading to the next. `text`: its words, in the index as `words_of` compares them."""

    id: str
    title: str
    text: str

    @property
    def is_warning(self) -> bool:
        """Whether it is a card that says when to get help, as its heading shows."""
        return self.title.startswith(WARNINGS)


class SearchEntry(index.Indexed, models.Model):  # type: ignore[misc]
    """One published page in the index: text only, no foreign key, written by whoever publishes."""

    path = models.CharField(max_length=300, unique=True)
    title = models.CharField(max_length=200)
    summary = models.CharField(max_length=300, blank=True)
    aliases = models.TextField(blank=True, help_text="Other names, one a line.")
    headings = models.TextField(blank=True)
    body = models.TextField(blank=True)
    parts = models.JSONField(
        null=True, help_text="Of each main heading its id, its words, and all words up to the next, normalised."
    )
    topic = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    words = models.TextField(blank=True, help_text="All of the above, normalised by search.words.")

    search_auto_update = False  # search.actions writes the index in the publisher's own transaction
    search_fields = [index.SearchField("words"), index.AutocompleteField("words")]

    class Meta:
        ordering = ["title"]
        default_permissions = ()
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return self.title

    @property
    def in_short(self) -> str:
        return first_sentence(self.summary)
