"""The lists of plain words that the starter library ships, and advice that uses them."""

from collections.abc import Iterable, Mapping
from functools import cache

import yaml

from education.advice.actions import PLAIN_WORDS
from education.advice.reading import Advice, advise
from education.articles.content.canonical import Content
from education.articles.content.pieces import pieces
from education.articles.library.loading import STARTER


@cache
def _rows() -> list[dict[str, str]]:
    rows: list[dict[str, str]] = yaml.safe_load((STARTER / PLAIN_WORDS.file).read_text(encoding="utf-8"))
    return rows


def shipped_terms() -> tuple[str, ...]:
    return tuple(row["phrase"] for row in _rows() if "swap" not in row)


def shipped_swaps() -> dict[str, str]:
    return {row["phrase"]: row["swap"] for row in _rows() if "swap" in row}


def advice_on(
    content: Content, *, unavoidable: Iterable[str] | None = None, swaps: Mapping[str, str] | None = None
) -> Advice:
    """With the shipped lists, unless others are given."""
    terms = shipped_terms() if unavoidable is None else unavoidable
    return advise(pieces(content), unavoidable=terms, swaps=shipped_swaps() if swaps is None else swaps)
