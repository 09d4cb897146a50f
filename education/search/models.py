"""The search index."""

from typing import NamedTuple

from django.db import models
from modelsearch import index

from education.core.text import first_sentence

CARDS = ("Emergency:", "Urgent:")  # how a heading of such a card begins: articles.content.blocks.prose
SUMMARY = "Key points"
NEVER = "Never "  # how the part begins that each page on a condition repeats: what must not be mixed
TITLE = models.Q(is_title=True)


class Part(NamedTuple):
    """Part of a page, from a main heading to the next. `text`: its words, in the index as `words_of` compares them."""

    id: str
    title: str
    text: str

    @property
    def is_card(self) -> bool:
        """Whether it is a card that says when to get help, as its heading shows."""
        return self.title.startswith(CARDS)

    @property
    def is_summary(self) -> bool:
        """Whether what it says is said at more length below it."""
        return self.title == SUMMARY

    @property
    def is_repeated(self) -> bool:
        """Whether many pages say it in the same words."""
        return self.title.startswith(NEVER)


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


class ListedName(models.Model):
    """A name under which the list from A to Z shows a page: its title, or another name that the page uses itself.

    Written with the page's SearchEntry. Lists read it in the order of `place`, or of a topic's pages by their titles,
    so that none reads more rows than it shows. On PostgreSQL `place` is compared byte by byte, as SQLite does it.
    """

    path = models.CharField(max_length=300, db_index=True)
    shelf = models.CharField(max_length=300, help_text="The address that its page stands below.")
    kind = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=200, help_text="Of the page.")
    name = models.TextField()
    is_title = models.BooleanField()
    place = models.CharField(max_length=100, blank=True, help_text="The name as search.names puts it in order.")

    class Meta:
        ordering = ["place", "id"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["place", "id"], name="listed_name_place"),
            models.Index(fields=["shelf", "place", "id"], name="listed_name_shelf", condition=TITLE),
            models.Index(fields=["kind", "shelf", "place", "id"], name="listed_name_kind", condition=TITLE),
        ]

    def __str__(self) -> str:
        return self.name
