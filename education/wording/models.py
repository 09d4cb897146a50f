"""The words that patients read of a row, and rows whose words have to be signed.

A row holds what staff wrote; `PublicWords` holds what patients read. So nothing that is only saved reaches a public
page, and the last signed words go on standing until the new ones are signed.
"""

import hashlib
import json
from collections import defaultdict
from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Func

from education.wording.places import Place, pages, places

MAY_SIGN = "education.sign_article"
MAY_SEE_SITE = "education.view_siteplace"
MAY_WRITE_SITE = "education.change_siteplace"
Words = dict[str, Any]  # by field
Row = TypeVar("Row", bound="SignedWords")


class PublicWords(models.Model):
    """One wording of one row as patients read it, until a newer one is there. Triggers refuse UPDATE and DELETE."""

    kind = models.CharField(max_length=40, help_text="Name of the model.")
    row = models.PositiveBigIntegerField(help_text="Its primary key.")
    words = models.TextField(help_text="JSON of the fields that are signed: sorted keys, UTF-8.")
    name = models.CharField(max_length=300, blank=True, help_text="Who signed. Empty: loaded, and signed by nobody.")
    signed_by = models.CharField(max_length=150, help_text="User name, or “system”.")
    signed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["kind", "row", "-id"], name="public_words_newest")]

    def __str__(self) -> str:
        return f"Words of {self.kind} {self.row}"

    @property
    def as_read(self) -> Words:
        return words_from(self.words)


class WordsWriter(models.Model):
    """Somebody wrote words that wait for a signature. A clinic may ask that somebody else signs them."""

    kind = models.CharField(max_length=40)
    row = models.PositiveBigIntegerField()
    username = models.CharField(max_length=150)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "row", "username"], name="words_writer_once")]

    def __str__(self) -> str:
        return f"{self.username} wrote {self.kind} {self.row}"


class Newest(Func):
    """In SQL: almost every page asks for it, and a `Subquery` takes Django ten times as long to put together."""

    template = (
        "(SELECT newest.%(column)s FROM education_publicwords newest "
        """WHERE newest.kind = '%(kind)s' AND newest."row" = %(expressions)s ORDER BY newest.id DESC LIMIT 1)"""
    )
    output_field = models.TextField()


def newest(model: type["SignedWords"], column: str) -> Newest:
    """This column of the newest wording of each row of `model`: for a query that is made anyway."""
    return Newest("pk", column=column, kind=model.words_kind())


class SignedWordsQuerySet(models.QuerySet[Row]):
    def with_public_words(self) -> Self:
        return self.annotate(public_json=newest(self.model, "words"), public_signer=newest(self.model, "name"))

    def readable(self) -> Self:
        """The rows of which patients read any words."""
        return self.with_public_words().filter(public_json__isnull=False)

    def read_by_patients(self) -> list[Row]:
        """The rows in the words that patients read. A row of which they have read none yet is left out."""
        return [row.in_public_words() for row in self.readable()]

    def waiting(self) -> list[Row]:
        """The rows whose words are not what patients read."""
        return [row for row in self.with_public_words() if row.words_wait]

    def unreviewed(self) -> list[Row]:
        """The rows that patients read as they were loaded, signed by nobody."""
        return [row for row in self.with_public_words() if row.public_json and not row.is_signed and not row.words_wait]


class SignedWords(models.Model):
    """A row some of whose fields are words that a clinician signs. `signed_fields` is the one list of them.

    A field that joins the list later is empty for patients until it is signed: fill `PublicWords` in its migration.
    """

    signed_fields: ClassVar[tuple[str, ...]]
    public_json: str | None
    public_signer: str | None
    as_patients_read = False
    words_changed = False  # by the save that was just made

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.as_patients_read:
            raise TypeError("These are the words that patients read: saving them would undo what staff wrote since.")
        super().save(*args, **kwargs)

    @classmethod
    def words_kind(cls) -> str:
        return str(cls._meta.model_name)

    def written_words(self) -> Words:
        return {name: getattr(self, name) for name in self.signed_fields}

    def words_json(self) -> str:
        return json.dumps(self.written_words(), sort_keys=True, ensure_ascii=False)

    def words_sha256(self) -> str:
        """The SHA-256 of the words as they are now, which is what a signature is for."""
        return hashlib.sha256(self.words_json().encode()).hexdigest()

    def public_words(self) -> Words:
        """What patients read; empty before they have read anything."""
        self._fetch_public_words()
        return words_from(self.public_json)

    @property
    def is_signed(self) -> bool:
        """Whether a clinician signed what patients read."""
        self._fetch_public_words()
        return bool(self.public_signer)

    @property
    def words_wait(self) -> bool:
        self._fetch_public_words()
        if self.public_json is None:
            return any(self.written_words().values())
        return self.words_json() != self.public_json

    @property
    def signed_as_it_is(self) -> bool:
        return self.is_signed and not self.words_wait

    def in_public_words(self) -> Self:
        """This instance with the words that patients read in place of its own. It can't be saved."""
        public = self.public_words()
        for name in self.signed_fields:
            field: Any = self._meta.get_field(name)
            setattr(self, name, public.get(name, field.get_default()))
        self.as_patients_read = True
        return self

    def _fetch_public_words(self) -> None:
        if "public_json" not in self.__dict__:
            found = PublicWords.objects.filter(kind=self.words_kind(), row=self.pk).order_by("-id").first()
            self.public_json, self.public_signer = (found.words, found.name) if found else (None, None)


def read_since(model: type[SignedWords], moment: datetime) -> dict[int, list[Words]]:
    """All words of each row of `model` that patients have read since then, by primary key, the newest last."""
    found: dict[int, list[Words]] = defaultdict(list)
    rows = PublicWords.objects.filter(kind=model.words_kind()).order_by("id")
    for pk, words, signed_at in rows.values_list("row", "words", "signed_at"):
        if signed_at <= moment:
            found[pk].clear()
        found[pk].append(words_from(words))
    return found


def words_from(stored: str | None) -> Words:
    words: Words = json.loads(stored) if stored else {}
    return words


class SitePlaceQuerySet(SignedWordsQuerySet["SitePlace"]):
    def known(self) -> Self:
        """The rows without those of places that a newer release no longer has."""
        return self.filter(key__in=places())

    def waiting(self) -> "list[SitePlace]":
        return [row for row in self.known().with_public_words() if row.words_wait]


class SitePlace(SignedWords):
    """What the clinic wrote at one of the places of `places.yaml`. A place without a row says what is built in."""

    signed_fields = ("words",)
    key = models.CharField(max_length=80, unique=True, editable=False)
    words = models.TextField(blank=True, help_text="Empty: as built in, or left empty.")
    left_empty = models.BooleanField(default=False, help_text="So that this part of the page goes away.")

    objects = SitePlaceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        default_permissions = ("view", "change")
        verbose_name = "words of the site"
        verbose_name_plural = "words of the site"

    def __str__(self) -> str:
        return f"{self.page_title}: {self.place.label}"

    @property
    def place(self) -> Place:
        return places()[self.key]

    @property
    def is_own(self) -> bool:
        """Whether staff wrote other words than those that are built in."""
        return bool(self.words) or self.left_empty

    @property
    def page_title(self) -> str:
        return pages()[self.place.page].title

    @property
    def path(self) -> str:
        return pages()[self.place.page].path

    def written_words(self) -> Words:
        """With the built-in words written out, so that a signature holds for exactly these."""
        return {"words": "" if self.left_empty else self.words or self.place.words}

    def public_words(self) -> Words:
        return super().public_words() or {"words": self.place.words}

    @property
    def words_wait(self) -> bool:
        return not self.place.plain and self.written_words() != self.public_words()

    @property
    def read_by_all(self) -> str:
        """The words on the public page."""
        words = self.written_words() if self.place.plain else self.public_words()
        return str(words["words"])


class SitePlaceVersion(models.Model):
    """What a place was to say after each save, so that no save can destroy earlier words."""

    key = models.CharField(max_length=80, db_index=True)
    words = models.TextField()
    saved_by = models.CharField(max_length=150, help_text="User name, or “system”.")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.key} by {self.saved_by}"
