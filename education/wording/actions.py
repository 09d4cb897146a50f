"""What changes the words that patients read beside the articles: a signature, loading, and a check of the studies."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from education.audit.actions import record_each
from education.audit.models import AuditEvent
from education.pages import actions as pages
from education.wording.models import MAY_SIGN, PublicWords, SignedWords, WordsWriter

CHANGED_MEANWHILE = "The words were changed while you were reading. Look at them again, then sign."
OWN_WORDS = "You wrote some of these words. Your clinic asks a second person to sign them."


@dataclass(frozen=True)
class Outcome:
    """What became of rows that were to be signed. Of those in neither list, somebody has deleted them meanwhile."""

    signed: list[Any]
    refused: list[tuple[Any, str]]  # with the reason, for the clinician


@transaction.atomic
def sign(
    model: type[SignedWords], seen: Mapping[int, str], *, name: str, second_person: bool, by: AbstractBaseUser
) -> Outcome:
    """Let patients read the words of these rows: by key, the SHA-256 of the words that were on the screen.

    `name` is who signs, as patients know them. `second_person`: whoever wrote some words of a row may not sign it.
    """
    if not by.has_perm(MAY_SIGN):  # type: ignore[attr-defined]
        raise PermissionDenied
    own = written_by(by) if second_person else set()
    outcome = Outcome([], [])
    for row in model._default_manager.select_for_update().filter(pk__in=seen).order_by("pk"):
        if row.words_sha256() != seen[row.pk]:
            outcome.refused.append((row, CHANGED_MEANWHILE))
        elif (row.words_kind(), row.pk) in own:
            outcome.refused.append((row, OWN_WORDS))
        else:
            outcome.signed.append(row)
    if outcome.signed:
        keys = [row.pk for row in outcome.signed]
        WordsWriter.objects.filter(kind=model.words_kind(), row__in=keys).delete()
        _show(outcome.signed, name=name, by=by.get_username())
        pages.mark_stale()
        what = [(f"{model.words_kind()}:{key}", {"sha256": seen[key]}) for key in keys]
        record_each("words_signed", by=by, what=what)
    return outcome


def note_writer(row: SignedWords, *, by: AbstractBaseUser) -> None:
    """Note who changed these words. Once they are what patients read again, nobody counts as their writer."""
    if row.words_wait:
        WordsWriter.objects.get_or_create(kind=row.words_kind(), row=row.pk, username=by.get_username())
    else:
        WordsWriter.objects.filter(kind=row.words_kind(), row=row.pk).delete()


def written_by(user: AbstractBaseUser) -> set[tuple[str, int]]:
    """Kind and key of the rows whose waiting words this person wrote, or helped to write."""
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
def show_as_loaded(rows: Collection[SignedWords]) -> None:
    """Let patients read the words of these rows though nobody has signed them: the starter library in a trial."""
    if rows:
        _show(rows, name="", by="system")
        pages.mark_stale()


@transaction.atomic
def show_field(row: SignedWords, name: str) -> None:
    """Let patients read this one field as it is now: what the site itself wrote there, in fixed words.

    The caller marks pages stale.
    """
    found = PublicWords.objects.filter(kind=row.words_kind(), row=row.pk).order_by("-id").first()
    if found:
        words = json.dumps({**found.as_read, name: getattr(row, name)}, sort_keys=True, ensure_ascii=False)
        _show([row], words, name=found.name, by="system")


def sha256_of(rows: Iterable[SignedWords]) -> str:
    """One SHA-256 of the words of several rows together; empty for no rows."""
    digests = [row.words_sha256() for row in rows]
    return hashlib.sha256(" ".join(digests).encode()).hexdigest() if digests else ""


def _show(rows: Collection[SignedWords], words: str = "", *, name: str, by: str) -> None:
    """Let patients read `words` as JSON, or the rows' words as they are now."""
    now, shown = timezone.now(), []
    for row in rows:
        row.public_json, row.public_signer = words or row.words_json(), name
        kind, read = row.words_kind(), row.public_json
        shown.append(PublicWords(kind=kind, row=row.pk, words=read, name=name, signed_by=by, signed_at=now))
    PublicWords.objects.bulk_create(shown)
