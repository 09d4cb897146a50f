"""What changes the words that patients read beside the articles: a signature, loading, and a check of the studies."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from education.audit.actions import record
from education.audit.models import AuditEvent
from education.pages import actions as pages
from education.wording.models import MAY_SIGN, PublicWords, SignedWords, Words, WordsWriter

CHANGED_MEANWHILE = "The words were changed while you were reading. Look at them again, then sign."


OWN_WORDS = "You wrote some of these words. Your clinic asks a second person to sign them."


class NotSigned(ValueError):
    """The message is for the clinician."""


class WordsChanged(NotSigned):
    """They are not those that were on the screen."""


@transaction.atomic
def sign(row: SignedWords, *, seen: str, name: str, second_person: bool, by: AbstractBaseUser) -> None:
    """Let patients read the words of this row whose SHA-256 is `seen`. `name` is who signs, as patients know them.

    `second_person`: whoever wrote some of them may not sign. Raises NotSigned.
    """
    if not by.has_perm(MAY_SIGN):  # type: ignore[attr-defined]
        raise PermissionDenied
    fresh = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if fresh.words_sha256() != seen:
        raise WordsChanged(CHANGED_MEANWHILE)
    writers = WordsWriter.objects.filter(kind=row.words_kind(), row=row.pk)
    if second_person and writers.filter(username=by.get_username()).exists():
        raise NotSigned(OWN_WORDS)
    writers.delete()
    _show(fresh, fresh.written_words(), name=name, by=by.get_username())
    pages.mark_stale()
    record("words_signed", by=by, about=f"{row.words_kind()}:{row.pk}", detail={"sha256": seen})


def note_writer(row: SignedWords, *, by: AbstractBaseUser) -> None:
    """Somebody changed these words. Once they are what patients read again, nobody wrote at them."""
    if row.words_wait:
        WordsWriter.objects.get_or_create(kind=row.words_kind(), row=row.pk, username=by.get_username())
    else:
        WordsWriter.objects.filter(kind=row.words_kind(), row=row.pk).delete()


def written_by(user: AbstractBaseUser) -> set[tuple[str, int]]:
    """Kind and key of the rows at whose waiting words this person wrote."""
    return set(WordsWriter.objects.filter(username=user.get_username()).values_list("kind", "row"))


def load(read: SignedWords, known: SignedWords | None, *, saved: str) -> bool:
    """Whether a row of the library says anything new: a row, or other words for one that staff never saved.

    `read` is the row of the file, `known` the one in the database, `saved` the verb by which the audit trail tells that
    staff saved it. Patients read new words once they are signed, and until then those from before.
    """
    read.clean_fields()
    if known and (known.written_words() == read.written_words() or _was_saved(known, saved)):
        return False
    row = known or read
    for name, words in read.written_words().items():
        setattr(row, name, words)
    row.full_clean()
    row.save()
    return True


def _was_saved(row: Any, verb: str) -> bool:
    return AuditEvent.objects.filter(about=row.get_absolute_url(), verb=verb).exists()


@transaction.atomic
def show_as_loaded(rows: Iterable[SignedWords]) -> None:
    """Let patients read the words of these rows though nobody has signed them: the starter library in a trial."""
    now = timezone.now()
    shown = [
        PublicWords(kind=row.words_kind(), row=row.pk, words=row.words_json(), signed_by="system", signed_at=now)
        for row in rows
    ]
    if shown:
        PublicWords.objects.bulk_create(shown)
        pages.mark_stale()


@transaction.atomic
def show_field(row: SignedWords, name: str) -> None:
    """Let patients read this one field as it is now: what the site itself wrote there, in fixed words.

    The caller marks pages stale.
    """
    found = PublicWords.objects.filter(kind=row.words_kind(), row=row.pk).order_by("-id").first()
    if found:
        words = {**json.loads(found.words), name: getattr(row, name)}
        _show(row, words, name=found.name, by="system")


def sha256_of(rows: Iterable[SignedWords]) -> str:
    """Of the words of several rows together; empty for no rows."""
    digests = [row.words_sha256() for row in rows]
    return hashlib.sha256(" ".join(digests).encode()).hexdigest() if digests else ""


def _show(row: SignedWords, words: Words, *, name: str, by: str) -> None:
    PublicWords.objects.create(
        kind=row.words_kind(),
        row=row.pk,
        words=json.dumps(words, sort_keys=True, ensure_ascii=False),
        name=name,
        signed_by=by,
        signed_at=timezone.now(),
    )
    for annotated in ("public_json", "public_signer"):
        row.__dict__.pop(annotated, None)
