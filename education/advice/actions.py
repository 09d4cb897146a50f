"""What can be done to the list of plain words and to the judgements of a draft."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from education.accounts.models import User
from education.advice.models import Judgement, PlainWord
from education.articles.content.canonical import draft_content, sha256
from education.articles.library.loading import LibraryFile
from education.articles.models import Article
from education.audit.actions import record
from education.core.text import folded


class DraftChanged(ValueError):
    """The draft is no longer the one that was judged."""


# Plain words


@transaction.atomic
def save_word(word: PlainWord, *, by: User | None) -> None:
    word.save()
    record("plain_word_saved", by=by, about=f"plain-word:{word.phrase}")


@transaction.atomic
def delete_word(word: PlainWord, *, by: User | None) -> None:
    word.delete()
    record("plain_word_deleted", by=by, about=f"plain-word:{word.phrase}")


def load_row(row: dict[str, Any]) -> None:
    """Add a phrase from a file. A phrase that is in the list already stays as it is: staff may have edited it."""
    word = PlainWord(**row)
    if not PlainWord.objects.all().like(word.phrase):
        word.full_clean()
        word.save()


def rows() -> list[dict[str, Any]]:
    """Every phrase as a row of the library file; empty fields are left out."""
    words = sorted(PlainWord.objects.values("phrase", "swap", "why"), key=lambda row: folded(row["phrase"]))
    return [{name: value for name, value in word.items() if value} for word in words]


PLAIN_WORDS = LibraryFile("plain_words.yaml", "phrase", load_row, rows)


# Judgements


@transaction.atomic
def save_judgements(article: Article, *, verdicts: Mapping[int, str], seen: str, by: User) -> None:
    """Record verdicts on PEMAT-P items, by item number, for the draft whose SHA-256 is `seen`.

    An empty verdict deletes the one before. Raises DraftChanged.
    """
    fresh = Article.objects.select_for_update(of=("self",)).select_related("topic", "author").get(pk=article.pk)
    if sha256(draft_content(fresh)) != seen:
        raise DraftChanged("Somebody changed the draft while you were judging it.")
    judgements = [
        Judgement(
            article=fresh,
            item=item,
            verdict=verdict,
            judged_by=by.get_username(),
            judged_at=timezone.now(),
            sha256=seen,
        )
        for item, verdict in verdicts.items()
        if verdict
    ]
    Judgement.objects.filter(article=fresh, item__in=verdicts).delete()
    Judgement.objects.bulk_create(judgements)
    record(
        "article_judged",
        by=by,
        about=fresh.get_absolute_url(),
        detail={"sha256": seen, "verdicts": {str(item): verdict for item, verdict in verdicts.items()}},
    )
